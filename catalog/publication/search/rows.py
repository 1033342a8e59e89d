"""The lines of a page as its rows show them, with what is said of their certificates, and the holds on them."""

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import F, FilteredRelation, Q

from catalog.publication.models import CertificateLine, EnterpriseLine, Hold, ProductLine
from portal.core.pages.memory import MEGABYTE, Memory
from portal.core.pages.unchanged import until_changed
from portal.core.prepared import prepared

# Read by whoever proves a line and by no list; two thirds of one that was sealed before ADR 0033.
UNSHOWN = ("salts", "hashes")
# What rows of a list show and are judged by. Whatever else is asked of such a line is read then, a query each.
OF_PRODUCTS = (
    *("product_id", "enterprise_id", "certificate_id", "publisher", "listing_status", "basis", "number"),
    *("name", "models_text", "brand", "category_code", "category_name", "enterprise_uscc", "enterprise_name"),
    *("division_code", "division_name", "certificate_number", "requirement_title"),
)
OF_ENTERPRISES = (
    *("enterprise_id", "publisher", "listing_status", "uscc", "name", "former_names"),
    *("division_code", "division_name"),
)
HELD_BY = ("product_id", "certificate_id", "enterprise_id")
Holds = dict[tuple[str, int | None], Hold]

_holds: Memory[Holds] = Memory(MEGABYTE)


class Certified(NamedTuple):
    """What a row shows of a public certificate line."""

    number: str
    star: str
    status: str
    valid_until: datetime.date


@dataclass(frozen=True)
class FoundProduct:
    """A product line with what is said of its certificate at the same edition, and the hold on it that day, if any."""

    line: ProductLine
    certificate: Certified | None
    hold: Hold | None
    day: datetime.date


def product_rows(ids: Sequence[int], edition: int, day: datetime.date) -> list[FoundProduct]:
    """Rows for line numbers, in their order, in a constant number of queries."""
    lines = _in_order(_product_lines(edition=edition, ids=ids), ids)
    holds = holds_at(edition, day)
    return [FoundProduct(line, _certified(line), hold_on(line, holds), day) for line in lines]


def _certified(line: Any) -> Certified | None:
    said = Certified(*(getattr(line, f"said_{name}") for name in Certified._fields))
    return said if said.number is not None else None


def enterprise_lines(ids: Sequence[int]) -> list[EnterpriseLine]:
    return _in_order(_enterprise_lines(ids=ids), ids)


@prepared
def _product_lines(edition, ids):
    is_public = Q(certificate__lines__from_edition__lte=edition) & (
        Q(certificate__lines__until_edition__isnull=True) | Q(certificate__lines__until_edition__gt=edition)
    )
    lines = ProductLine.objects.annotate(said=FilteredRelation("certificate__lines", condition=is_public))
    said = {f"said_{name}": F(f"said__{name}") for name in Certified._fields}
    return lines.filter(pk__in=ids).annotate(**said).only(*OF_PRODUCTS)


@prepared
def _enterprise_lines(ids):
    return EnterpriseLine.objects.filter(pk__in=ids).only(*OF_ENTERPRISES)


def public_certificates(certificate_ids: Collection[int], edition: int) -> dict[int, CertificateLine]:
    """What is said of these certificates at an edition, by certificate."""
    lines = _certificate_lines(edition=edition, certificates=certificate_ids)
    return {line.certificate_id: line for line in lines}


@prepared
def _certificate_lines(edition, certificates):
    return CertificateLine.objects.public(edition).filter(certificate__id__in=certificates).defer(*UNSHOWN)


def holds_at(edition: int, day: datetime.date) -> Holds:
    """By target, the hold in effect on it. There are few at a time."""
    return until_changed(_holds, edition, day, lambda: _holds_at(edition, day))


def _holds_at(edition: int, day: datetime.date) -> Holds:
    return {
        (target, getattr(hold, target)): hold
        for hold in _holds_in_effect(edition=edition, day=day)
        for target in HELD_BY
        if getattr(hold, target) is not None
    }


@prepared
def _holds_in_effect(edition, day):
    return Hold.objects.public(edition).in_effect(day).defer(*UNSHOWN).order_by("id")


def held(edition: int, day: datetime.date, *targets: str, of: str = "") -> Q:
    """Whether a line, its certificate or its enterprise is being looked into; `of` the line under that path. One query."""
    names = [f"{target}_id" for target in targets]
    holds = list(Hold.objects.public(edition).in_effect(day).values_list(*names))
    reached = Q(pk__in=[])
    for name, found in zip(names, zip(*holds, strict=True), strict=False):
        reached |= Q(**{f"{of}{name}__in": [target for target in found if target is not None]})
    return reached


def hold_on(line: Any, holds: Holds) -> Hold | None:
    """The hold in effect on a line itself, its certificate or its enterprise."""
    found = (holds.get((target, getattr(line, target, None))) for target in HELD_BY) if holds else ()
    return next((hold for hold in found if hold), None)


def _in_order(found: Iterable[Any], ids: Sequence[int]) -> list:
    rows = {row.pk: row for row in found}
    return [rows[pk] for pk in ids if pk in rows]
