"""The page of the house."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog.products.models import Category
from catalog.regions.chosen import chain_asked, chain_chosen
from catalog.regions.models import Division
from portal.core.editions.models import Edition
from portal.core.pages.cache import public_page
from portal.core.pages.parameters import BadParameter, Query
from portal.core.pages.reading import ReadAt, read_at, since_asked

from .links import SAVED, Links
from .measures import LABELS, House
from .mine import Mine, numbers_in
from .needs import Part

PARTS = Category.HousePart.choices
FIRST = "roof"


@require_safe
@public_page
def build(request: HttpRequest) -> HttpResponse:
    query = Query.of(request)
    query.refuse_unknown(single=("part", "place", *LABELS, *SAVED), several=("item",))
    reading = read_at(request)
    place, house = place_asked(query, request), House.asked(query)
    numbers = numbers_in(query)
    own = query.put(place=place[-1].code if place else None)
    links = Links(own, reading, numbers)
    context = {
        "part": Part(part_asked(query), house, place, reading, links),
        "parts": [(code, label, own.put(part=code).link(request.path)) for code, label in PARTS],
        "links": links,
        "place": place,
        "place_code": place[-1].code if place else "",
        "own_address": own.link(request.path),
        "elsewhere": own.drop("place").link(request.path),
        "place_name": " ".join(one.name for one in place),
        "measures": [(name, label, getattr(house, name)) for name, label in LABELS.items()],
        "carried": own.drop(*LABELS).pairs,
        "mine": Mine(links, house, place, reading, saved_at(query, reading)),
        "reading": reading,
        "query": own,
        "crumbs": [("我家要用什么", None)],
    }
    return render(request, "house/build.html", context)


def part_asked(query: Query) -> str:
    code = query.first("part", FIRST)
    if code not in dict(PARTS):
        raise BadParameter.one(query, "part", code)
    return code


def place_asked(query: Query, request: HttpRequest) -> list[Division]:
    """That of the address, which a shared list carries; else the one that the visitor chose."""
    return chain_asked(query, "place") or chain_chosen(request)


def saved_at(query: Query, reading: ReadAt) -> ReadAt | None:
    """When the list in the address was made."""
    if not query.first("since"):
        return None
    number, day = since_asked(query, reading)
    published = Edition.objects.get(number=number).day if number else reading.day
    return ReadAt(number, day or published, reading.newest, reading.today)
