"""The poster of a list: its page, its papers, its words."""

import logging

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from catalog.publication.showing.choices import Known
from catalog.publication.showing.filters import PLACE, ProductFilters
from catalog.regions.chosen import chain_chosen
from portal.core.accounts.addresses import client_address
from portal.core.pages.cache import public_page
from portal.core.pages.context import is_demonstration
from portal.core.pages.parameters import Query
from portal.core.pages.reading import read_at
from portal.core.proof.limits import EVERYBODY, HOUR, Limit, network
from portal.core.replicas import public_reading
from portal.core.typesetting import TypesettingError

from .paper import FORMS, paper
from .poster import Poster
from .saying import aloud, for_chat

SET = Limit("posters", 60, HOUR)
OF_ALL = Limit("posters-of-all", 3_000, HOUR)
TYPES = {"pdf": "application/pdf", "png": "image/png"}
logger = logging.getLogger(__name__)


def poster_of(request: HttpRequest) -> Poster:
    """Of the list in the address; of the place that the visitor chose, where the address names none."""
    reading, query = read_at(request), Query.of(request)
    if not query.first(PLACE) and (chain := chain_chosen(request)):
        query = query.put(place=chain[-1].code)
    filters = ProductFilters.read(query.drop("page", "sort"), Known.at(reading))
    return Poster(filters, reading, is_demonstration=is_demonstration(request))


@require_safe
@public_page
def page(request: HttpRequest) -> HttpResponse:
    return _page(request, poster_of(request))


def _page(request: HttpRequest, poster: Poster, refusal: str = "", status: int = 200) -> HttpResponse:
    query = poster.filters.query.put(**poster.reading.cited)
    papers = [
        (label, query.link(reverse("poster-paper", args=[form])))
        for label, form in (
            ("A3 打印（PDF）", "a3.pdf"),
            ("A4 打印（PDF）", "a4.pdf"),
            ("图片，发群里（PNG）", "a4.png"),
        )
    ]
    context = {
        "poster": poster,
        "papers": papers,
        "chat": for_chat(poster),
        "aloud": aloud(poster),
        "refusal": refusal,
        "reading": poster.reading,
        "query": poster.filters.query,
        "crumbs": [("产品清单", reverse("products:list")), ("海报", None)],
    }
    return render(request, "poster/page.html", context, status=status)


@require_safe
@cache_control(no_store=True)
@public_reading
def printed(request: HttpRequest, form: str) -> HttpResponse:
    if form not in FORMS:
        raise Http404
    poster = poster_of(request)
    if not poster.shown:
        return _page(request, poster, "这份清单里没有产品，海报是空的。请放宽条件。", 400)
    for limit, whom in ((SET, network(client_address(request))), (OF_ALL, EVERYBODY)):
        if not limit.take(whom):
            return _page(request, poster, f"取海报太频繁，请 {limit.wait()}后再试；这一页照常可以打印。", 429)
    try:
        content = paper(poster, form)
    except TypesettingError:
        logger.exception("The poster %s was not set", poster.filters.query)
        return _page(request, poster, "海报现在排不出来，我们已经记下。请直接打印这一页。", 503)
    response = HttpResponse(content, content_type=TYPES[form.rpartition(".")[2]])
    response.headers["Content-Disposition"] = f'inline; filename="poster-{form}"'
    return response
