"""What is said of something that became public later than the edition read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.core.editions.models import Edition, PublicQuerySet
from portal.core.pages.missing import NeverPublic
from portal.core.pages.reading import ReadAt


def not_yet(request: HttpRequest, what: str, lines: PublicQuerySet, reading: ReadAt) -> HttpResponse:
    """A page that names the edition in which `what` became public; a 404 in words where it never was."""
    first = first_edition_of(what, lines)
    return render(request, "pages/not_yet.html", {"what": what, "first": first, "reading": reading})


def first_edition_of(what: str, lines: PublicQuerySet) -> Edition:
    """In which it became public. Raises NeverPublic where it never did."""
    numbers = lines.filter(from_edition__isnull=False).order_by("from_edition")
    first = Edition.objects.filter(number=numbers.values_list("from_edition", flat=True).first()).first()
    if first is None:
        raise NeverPublic(f"没有公布过{what}。")
    return first
