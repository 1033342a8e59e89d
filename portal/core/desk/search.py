"""One search over the desk: every page that can find something is asked, and gives only what the person may see.

A finder names keys by an index of its table or by the search index, never by reading a table through, and looks within the
person's scope from the first: the best of the whole country may all lie in other divisions.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from portal.core.accounts.capability_admin import CapabilityAdmin
from portal.core.accounts.models import User
from portal.core.text.normalise import clean
from portal.core.text.tokens import MAX_QUERY

SHOWN = 8
MOST = 200  # keys that a finder gives


@dataclass(frozen=True)
class Asked:
    """What was typed, and by whom. `kept` is for what several finders of one search rest on."""

    typed: str
    by: User
    kept: dict[str, Any] = field(default_factory=dict)

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        if name not in self.kept:
            self.kept[name] = make()
        return self.kept[name]

    def rows(self, model: type[models.Model]) -> models.QuerySet:
        """Those that the person may see."""
        rows = model._default_manager.order_by()
        return rows.in_scope(self.by) if hasattr(rows, "in_scope") else rows


@dataclass(frozen=True)
class Finder:
    """`keys` gives keys of rows, the best first; `under` what is said of a row beside its name."""

    keys: Callable[[Asked], Iterable[int]]
    under: Callable[[Any], str] = lambda row: ""
    related: tuple[str, ...] = ()
    is_listed: bool = True  # whether the list of the page finds the same words


@dataclass(frozen=True)
class Hit:
    label: str
    href: str
    under: str


@dataclass(frozen=True)
class Kind:
    """What one page found: the first few, and where more are."""

    label: str
    hits: list[Hit]
    more_href: str


def asked_of(text: str, by: User) -> Asked:
    return Asked(clean(text)[:MAX_QUERY], by)


def kind_of(request: HttpRequest, page: CapabilityAdmin, finder: Finder, asked: Asked) -> Kind | None:
    """One query for the rows, besides those of the finder."""
    keys = list(dict.fromkeys(finder.keys(asked)))[:MOST]
    if not keys:
        return None
    place = {key: number for number, key in enumerate(keys)}
    rows = page.get_queryset(request).filter(pk__in=keys).select_related(*finder.related)
    found = sorted(rows, key=lambda row: place[row.pk])
    name = f"admin:{page.opts.app_label}_{page.opts.model_name}_change"
    hits = [Hit(str(row), reverse(name, args=[row.pk]), finder.under(row)) for row in found[:SHOWN]]
    more = (
        f"{page.list_href}?{urlencode({'q': asked.typed})}" if finder.is_listed and len(found) > SHOWN else ""
    )
    return Kind(str(page.opts.verbose_name_plural), hits, more) if hits else None


def keys_by(rows: models.QuerySet, *conditions: models.Q, column: str = "pk") -> list[Any]:
    """Keys of rows by conditions that each have an index, asked one by one: together they would have none."""
    return [
        key
        for condition in conditions
        for key in rows.filter(condition).values_list(column, flat=True)[:MOST]
    ]


def is_narrowed(rows: models.QuerySet) -> bool:
    """Whether a scope leaves anything out."""
    return bool(rows.query.where)
