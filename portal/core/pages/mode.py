"""Elder size, high contrast, and whether the desk listens to single keys: chosen by a link, kept in a cookie, drawn by the server.

A switch is a GET, because it changes how a page is drawn and no data; so pages stay free of CSRF tokens and can
be kept by the page cache.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.pages.parameters import BadParameter, Query

CHOICES = {"size": ("normal", "elder"), "contrast": ("normal", "high"), "keys": ("on", "off")}
YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Mode:
    """How this visitor wants pages drawn; as ever unless a cookie says otherwise."""

    size: str = "normal"
    contrast: str = "normal"
    keys: str = "on"  # of the desk alone: public pages have none

    @property
    def is_elder(self) -> bool:
        return self.size == "elder"

    @property
    def has_keys(self) -> bool:
        return self.keys == "on"

    @property
    def is_high_contrast(self) -> bool:
        return self.contrast == "high"


NORMAL = Mode()


def mode_of(request: HttpRequest) -> Mode:
    """The mode in the visitor's cookies; a cookie with any other value is as good as none."""
    return mode_in(request.COOKIES)


def mode_in(cookies: Mapping[str, str]) -> Mode:
    chosen = {name: cookies.get(name) for name in CHOICES}
    return Mode(**{name: value for name, value in chosen.items() if value in CHOICES[name]})


def safe_next(target: str) -> str:
    """`target` if it is an address of this site, else the front page."""
    is_local = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if is_local else "/"


@require_safe
@never_cache
def switch(request: HttpRequest) -> HttpResponse:
    """`/mode/?size=elder&next=/products/`: set what is given, leave the rest, go back."""
    query = Query.of(request)
    query.refuse_unknown(single=(*CHOICES, "next"))
    response = HttpResponseRedirect(safe_next(query.first("next", "/")))
    for name, values in CHOICES.items():
        value = query.first(name)
        if value and value not in values:
            raise BadParameter.one(query, name, value)
        if value:
            response.set_cookie(
                name, value, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure()
            )
    return response
