"""The product list and the enterprise directory."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalog.publication.search.asking.slips import kinds_near
from catalog.publication.search.listing import FoundLines
from catalog.publication.showing.choices import Known
from catalog.publication.showing.difference_page import compared_with
from catalog.publication.showing.drawing import Marking, enterprises_drawn, products_drawn
from catalog.publication.showing.filters import EnterpriseFilters, ListFilters, ProductFilters
from catalog.publication.showing.words import WordsNote
from portal.core.pages.cache import public_page
from portal.core.pages.mode import mode_of
from portal.core.pages.pagination import Page, page_of
from portal.core.pages.parameters import Query
from portal.core.pages.reading import ReadAt, read_at


@require_safe
@public_page
def products(request: HttpRequest) -> HttpResponse:
    reading = read_at(request)
    known = Known.at(reading)
    filters = ProductFilters.read(Query.of(request), known)
    found = filters.find(reading)
    page = page_of(filters.query, found.total)
    context = list_context(request, filters, found, page, reading)
    ids = found.page(page.number, page.size)
    marking = Marking.of(filters.query, found.question.words, mode_of(request))
    context["rows"] = products_drawn(ids, reading, known.publishers, marking)
    context["kind"] = filters.only_kind
    return render(request, "publication/products.html", context | {"crumbs": [("产品清单", "")]})


@require_safe
@public_page
def enterprises(request: HttpRequest) -> HttpResponse:
    reading = read_at(request)
    known = Known.at(reading)
    filters = EnterpriseFilters.read(Query.of(request), known)
    found = filters.find(reading)
    page = page_of(filters.query, found.total)
    context = list_context(request, filters, found, page, reading)
    ids, marking = found.page(page.number, page.size), Marking.of(filters.query, found.question.words)
    context["rows"] = enterprises_drawn(ids, reading, known.publishers, marking)
    context |= {"crumbs": [("企业名录", "")], "search_href": request.path}
    return render(request, "publication/enterprises.html", context)


def list_context(
    request: HttpRequest, filters: ListFilters, found: FoundLines, page: Page, reading: ReadAt
) -> dict:
    """What both lists draw around their rows."""
    asked = filters.query.drop("page")
    left_out = {} if filters.validity != "current" else found.left_out()
    return {
        "query": filters.query,
        "reading": reading,
        "listing": filters.listing(request.path, found),
        "page": page,
        "words": found.question.words,
        "near_kinds": [] if found.total else kinds_near(filters.words, found.question.vocabulary),
        "read_as": WordsNote.of(found, filters.query, request.path),
        "search_value": filters.words,
        "exports": [
            (label, asked.link(f"{request.path}export.{extension}"))
            for label, extension in (("Excel", "xlsx"), ("CSV", "csv"), ("JSON", "jsonl"))
        ],
        "feed_href": asked.drop("sort").link(f"{request.path}feed.atom"),
        "ends_href": asked.link(reverse("products:ends")) if isinstance(filters, ProductFilters) else "",
        "left_out": [
            (filters.VALIDITY[code], count, asked.put(validity=code).link(request.path))
            for code, count in left_out.items()
        ],
        "compare_href": compared_with(reading, filters),
        "left_out_total": sum(left_out.values()),
    }
