"""What an office said at the last return, put where it is to be mended."""

from collections import defaultdict
from typing import Any

from portal.applications.cases.models import Act, Application
from portal.applications.cases.reasons import words_of_reason

DOCUMENTS, ITEMS, ALL = "documents", "items", "all"


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


def without_label(application: Application, reason: dict[str, Any]) -> str:
    """At its field a reason needs no label."""
    words = words_of_reason(application.kind, reason)
    return words.partition("：")[2] or words
