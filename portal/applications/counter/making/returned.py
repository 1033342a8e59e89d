"""What an office said at the last return, put where it is to be mended."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from portal.applications.cases.models import Act, Application, Item
from portal.applications.cases.reasons import words_of_reason

from ..sections import names_of
from .lacking_links import place_of

DOCUMENTS, ITEMS, ALL = "documents", "items", "all"


@dataclass(frozen=True)
class Returned:
    """A reason, and the field, row or paper at which it is mended."""

    words: str
    href: str


def last_return(application: Application) -> Act | None:
    """The newest return, while it waits to be answered."""
    if application.state != Application.State.RETURNED:
        return None
    kinds = (Act.Kind.RETURNED, Act.Kind.ITEMS_DECIDED)
    return application.acts.filter(kind__in=kinds).order_by("-id").first()


def reasons_by_field(application: Application) -> dict[str, list[str]]:
    """Field -> sentences of the newest return, those of single products left out."""
    act, found = last_return(application), defaultdict(list)
    for reason in act.reasons if act else ():
        if not reason.get("item"):
            found[reason["field"]].append(without_label(application, reason))
    return dict(found)


def returned_at(application: Application, act: Act | None) -> list[Returned]:
    """The reasons of the newest return in the order of the pages: of the case, then of each product that came back."""
    said = [reason for reason in (act.reasons if act else ()) if not reason.get("item")]
    of_case = [
        Returned(words_of_reason(application.kind, reason), place_of(application, reason["field"]))
        for reason in said
    ]
    return [*of_case, *(reason for item in items_returned(application) for reason in of_item(item))]


def items_returned(application: Application) -> list[Item]:
    if application.state != Application.State.RETURNED:
        return []
    return [item for item in application.items.filter(state=Item.State.RETURNED) if item.reasons]


def of_item(item: Item) -> list[Returned]:
    kind, number = item.application.kind, item.application.number
    is_typed = kind == Application.Kind.PRODUCT
    href = reverse("counter:line", args=[number, item.pk]) if is_typed else place_of(item.application, ITEMS)
    return [
        Returned(f"{item.name}：{words_of_reason(kind, {'field': ITEMS, **reason}).partition('：')[2]}", href)
        for reason in item.reasons
    ]


def on_the_form(application: Application) -> list[Returned]:
    """Those that are mended on the form itself, each a link to its field."""
    names = names_of(application.kind)
    return [
        Returned(words_of_reason(application.kind, reason), f"#id_{reason['field']}")
        for reason in getattr(last_return(application), "reasons", ())
        if not reason.get("item") and reason["field"] in names
    ]


def without_label(application: Application, reason: dict[str, Any]) -> str:
    """At its field a reason needs no label."""
    words = words_of_reason(application.kind, reason)
    return words.partition("：")[2] or words
