"""The page of one record with versions: which version a request reads, and what came before it.

What was public once is never a bare 404: before its first day the page says when it came.
"""

from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.core.pages.missing import NeverPublic
from portal.core.pages.parameters import Query
from portal.core.pages.reading import ReadAt
from portal.core.workflow.records import Version

Wording = TypeVar("Wording", bound=Version)


def versions_until(model: type[Wording], number: int | str, reading: ReadAt, *related: str) -> list[Wording]:
    """Every version of a record that some visitor could have read by then, newest first; the first of the list is read.

    One query, with the `related` rows. It is empty for a record that came later.
    """
    known = model.objects.filter(**{f"{model.IDENTITY}_id": number}).ever_visible(reading.day)
    rows = known.filter(from_edition__lte=reading.edition).select_related("from_edition", *related)
    return list(rows.order_by("-from_edition_id"))  # type: ignore[arg-type]


def came_later(
    request: HttpRequest, model: type[Version], number: int | str, reading: ReadAt, *, what: str
) -> HttpResponse:
    """The page of a record for a moment before it. Raises NeverPublic where nobody could ever read it."""
    ever = model.objects.filter(**{f"{model.IDENTITY}_id": number}).ever_visible(reading.today)
    first = ever.select_related("from_edition").order_by("from_edition_id").first()
    if first is None:
        raise NeverPublic(f"没有公布过这一{what}。")
    day = max(first.from_edition.day, first.publish_on or first.from_edition.day)  # type: ignore[union-attr]
    context = {"what": what, "first": first, "day": day, "reading": reading, "query": Query.of(request)}
    return render(request, "pages/came_later.html", context)
