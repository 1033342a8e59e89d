"""The first page and the one search box."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalog.products.models import Category
from catalog.products.synonyms import synonyms_at
from catalog.publication.showing.words import LITERAL, refuse_half_literal
from portal.core.pages.cache import public_page
from portal.core.pages.parameters import Query
from portal.core.pages.reading import PARAMETERS, moment_asked, read_at
from portal.site.home_drawn import drawn_parts
from portal.site.search import SiteSearch
from portal.site.suggestions import links


@require_safe
@public_page
def home(request: HttpRequest) -> HttpResponse:
    query = Query.of(request)
    query.refuse_unknown(single=PARAMETERS)
    reading = read_at(request)
    context = {"reading": reading, "query": query} | drawn_parts(reading, query.moment)
    return render(request, "site/home.html", context)


@require_safe
@public_page
def search(request: HttpRequest) -> HttpResponse:
    """The one search box: every kind with its number, and the way to all of them."""
    query = Query.of(request)
    query.refuse_unknown(single=("q", LITERAL, *PARAMETERS))
    refuse_half_literal(query)
    reading, words = read_at(request), query.first("q")
    found = SiteSearch(words, reading, query)
    kinds = found.kinds()
    total = sum(kind.total for kind in kinds)
    context = {
        "kinds": kinds,
        "total": total,
        "words": words,
        "offered": [] if kinds and total else links("", reading, query),
        "read_as": found.read_as(),
        "check_query": Query([("number", words)]).encode(),
        "crumbs": [("全站查找", None)],
        "reading": reading,
        "query": query,
    }
    return render(request, "site/search.html", context)


@require_safe
@public_page
def words(request: HttpRequest) -> HttpResponse:
    """What the search takes for which kind, as published at the edition read."""
    query, reading = moment_asked(request)
    said = synonyms_at(reading.edition)
    kinds = Category.objects.order_by("group_code", "position")
    context = {
        "rows": [(kind, list(dict.fromkeys((*kind.aliases, *said.get(kind.code, ()))))) for kind in kinds],
        "crumbs": [("全站查找", reverse("search")), ("品类用语", None)],
        "reading": reading,
        "query": query,
    }
    return render(request, "site/search_words.html", context)
