"""Whether a link inside the site leads anywhere: asked of the views themselves, so that a row must really be there."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.handlers.wsgi import WSGIRequest
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

INTERNAL = ("/admin/", "/desk/", "/accounts/")
DOORS = (  # what lies behind them is internal; they themselves greet a visitor, or ask for the sign-in
    "/desk/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/data/",
)


def is_own(address: str) -> bool:
    """Whether an address is one of this site, written with or without its host."""
    parts = urlsplit(address)
    if parts.scheme in ("mailto", "tel"):
        return False
    return not parts.netloc or parts.netloc == urlsplit(settings.SITE_URL).netloc


@dataclass(frozen=True)
class Answer:
    """What a visitor gets at an own address; `fault` says why it is not the page, and is empty where it is."""

    fault: str = ""
    response: HttpResponseBase | None = None


def fault_of(address: str) -> str:
    """Why a visitor would not get the page behind an own address; empty when he would."""
    return answer_to(address).fault


def answer_to(address: str) -> Answer:
    """Ask the view itself, as a visitor without a cookie would."""
    parts = urlsplit(address)
    if not parts.path:
        return Answer()
    if parts.path in DOORS:
        return Answer()
    if parts.path.startswith(INTERNAL):
        return Answer("是内部页面，公众打不开")
    if parts.path.startswith(settings.STATIC_URL):
        name = unquote(parts.path.removeprefix(settings.STATIC_URL))
        return Answer("" if finders.find(name) or staticfiles_storage.exists(name) else "没有这个文件")
    try:
        response = drawn_at(address)
    except (Resolver404, Http404):
        return Answer("没有这一页")
    except BadRequest:
        return Answer("地址里的参数不对")
    except PermissionDenied:
        return Answer("公众打不开")
    if isinstance(response, FileResponse) and response.file_to_stream:
        response.file_to_stream.close()  # not the response: that would end this request's database connection
    return Answer("" if response.status_code < 400 else "打不开", response)


def drawn_at(address: str, **carried: object) -> HttpResponseBase:
    """What the view of an own address answers, to a request that carries this in its environment. Raises what the view raises."""
    parts = urlsplit(address)
    match = resolve(parts.path)
    response: HttpResponseBase = match.func(
        visit(parts.path, parts.query, carried), *match.args, **match.kwargs
    )
    return response


def visit(path: str, query: str, carried: Mapping[str, object]) -> HttpRequest:
    """The request of a visitor without a cookie."""
    site = urlsplit(settings.SITE_URL)
    request = WSGIRequest(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": site.hostname,
            "SERVER_PORT": str(site.port or (443 if site.scheme == "https" else 80)),
            "HTTP_HOST": site.netloc,
            "wsgi.url_scheme": site.scheme,
            "wsgi.input": BytesIO(),
            **carried,
        }
    )
    request.user = AnonymousUser()  # type: ignore[assignment]
    return request
