"""The place a visitor chose once: shown on every page, changed by links, kept in a cookie; no script is needed."""

from collections.abc import Callable
from functools import cache

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from catalog.regions.models import Division
from portal.core.pages.mode import YEAR, safe_next
from portal.core.pages.parameters import BadParameter, Query
from portal.core.pages.place import COOKIE, chosen_code
from portal.core.prepared import prepared


def my_place(request: HttpRequest) -> dict[str, Callable[[], str]]:
    """For every template. Asked when a page says it: what does not is the same wherever its reader lives."""
    chain = cache(lambda: chain_chosen(request))
    return {
        "my_place": lambda: chain()[-1].code if chain() else "",
        "my_place_name": lambda: " ".join(one.name for one in chain()),
    }


def chain_of(code: str) -> list[Division]:
    """From the province down; empty for a code that no division bears. One query."""
    division = next(iter(_division(code=code)), None)
    chain: list[Division] = []
    while division is not None:
        chain.insert(0, division)
        division = division.parent
    return chain


def chain_asked(query: Query, name: str) -> list[Division]:
    """Of the code that an address gives; empty where it gives none. Raises BadParameter."""
    given = query.first(name)
    chain = chain_of(given) if given else []
    if given and not chain:
        raise BadParameter.one(query, name, given, f"没有代码是「{given[:20]}」的省、市、县。")
    return chain


def chain_chosen(request: HttpRequest) -> list[Division]:
    """Of the place that the visitor chose; empty where none was, or where it is a division no more."""
    code = chosen_code(request)
    return chain_of(code) if code else []


@prepared
def _division(code):
    return Division.objects.filter(pk=code).select_related("parent__parent")


@require_safe
@never_cache
def choose(request: HttpRequest) -> HttpResponse:
    """`/place/?at=350000&next=/build/`: the divisions in one, each a link to the next step."""
    query = Query.of(request)
    query.refuse_unknown(single=("at", "next"))
    chain = chain_asked(query, "at")
    inside = Division.objects.filter(parent=chain[-1] if chain else None).order_by("code")
    context = {
        "chain": chain,
        "inside": inside,
        "next": safe_next(query.first("next", "/")),
        "crumbs": [("您在哪里", None)],
    }
    return render(request, "regions/choose.html", context)


@require_safe
@never_cache
def keep(request: HttpRequest) -> HttpResponse:
    """`/place/keep/?at=350702&next=/build/`: a GET, because it changes how pages are drawn and no data. Without `at` it forgets."""
    query = Query.of(request)
    query.refuse_unknown(single=("at", "next"))
    chain = chain_asked(query, "at")
    response = HttpResponseRedirect(safe_next(query.first("next", "/")))
    if chain:
        response.set_cookie(
            COOKIE, chain[-1].code, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure()
        )
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response
