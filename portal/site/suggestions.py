"""Suggestions while typing: where each leads, and the answer to the script that shows them."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalog.publication.search.suggesting import About, Suggesting, Suggestion
from portal.core.accounts.addresses import client_address
from portal.core.pages.parameters import Query
from portal.core.pages.reading import PARAMETERS, ReadAt, read_at
from portal.core.proof.limits import Limit, network
from portal.core.replicas import public_reading

# Somebody types six signs a second at most, and many sit behind one address.
ASKED = Limit("suggestions", 3_000, 600)
LONGEST = 60
_FILTERS = ("category", "province")


@dataclass(frozen=True)
class Link:
    """One suggestion as a page shows it."""

    about: str
    text: str
    under: str
    href: str


def links(typed: str, reading: ReadAt, query: Query) -> list[Link]:
    kept = query.keep(*PARAMETERS)
    found = Suggesting(typed, reading).all()
    return [Link(one.about.value, one.text, one.under, _href(one, kept)) for one in found]


@require_safe
@public_reading
def suggest(request: HttpRequest) -> HttpResponse:
    """`/search/suggest.json?q=`. Not among the pages that a process keeps: there are as many as beginnings of words."""
    query = Query.of(request)
    query.refuse_unknown(single=("q", *PARAMETERS))
    who = network(client_address(request))
    if not ASKED.take(who):
        return JsonResponse(
            {"suggestions": []}, status=429, headers={"Retry-After": str(60 * ASKED.minutes_left())}
        )
    typed = query.first("q")[:LONGEST]
    found = [vars(one) for one in links(typed, read_at(request), query)]
    return JsonResponse(
        {"suggestions": found},
        headers={"Cache-Control": "private, max-age=30"},
        json_dumps_params={"ensure_ascii": False},
    )


def _href(one: Suggestion, kept: Query) -> str:
    facet, _, code = one.value.partition(":")
    if one.about is About.MAKER:
        return kept.link(reverse("enterprises:detail", args=[one.value]))
    if one.about is About.PRODUCT:
        return kept.link(reverse("products:detail", args=[one.value]))
    if one.about is About.CERTIFICATE:
        return kept.put(number=one.value).link(reverse("check"))
    chosen = {facet: code} if facet in _FILTERS else {"q": one.text}
    return kept.put(**chosen).link(reverse("products:list"))
