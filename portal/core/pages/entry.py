"""The door in front of the middleware: a page that is finished goes out as it is kept, before sessions and all else.

It answers what the whole stack would answer, headers included, and only what it is sure of: GET and HEAD without a
session, to a host of this site, in a state that is not older than `PAGE_TOKEN_SECONDS`. Everything else goes on inside, and
comes back past here, where a page that was just drawn is kept together with the headers that middleware gave it.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import parse_cookie
from django.http.request import split_domain_port, validate_host

from portal.core import metering
from portal.core.pages import cache, place, shared
from portal.core.pages.cache import Key, Meta, State
from portal.core.pages.finished import LONGEST_HEADER, OF_ONE_READER, Finished, Sent, encoding_for
from portal.core.session_keys import has_session

Start = Callable[..., Any]
Application = Callable[[dict[str, Any], Start], Iterable[bytes]]


class FinishedPages:
    """A WSGI application around another one. `keeps_pages` tells the worker that it may look there by itself."""

    keeps_pages = True

    def __init__(self, application: Application):
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        key = self._key(environ)
        page = cache.find(key) if key else None
        if key and page is not None and page.frame is not None:
            sent = answered(environ, key, page)
            start_response(sent.status, sent.headers)
            return (sent.body,) if sent.body and environ["REQUEST_METHOD"] == "GET" else ()
        if key and page is None:
            environ[cache.SOUGHT] = key
        return self._drawn(environ, start_response)

    def _key(self, environ: dict[str, Any]) -> Key | None:
        try:
            return key_asked(environ, cache.seen.get)
        except (DatabaseError, InterfaceError):
            return None  # it is told inside, as every fault of the database

    def _drawn(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        told: list[tuple[str, str]] = []

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            told.extend(headers)
            if any(
                name.lower() in OF_ONE_READER for name, _value in headers
            ):  # a proxy must not give it to the next one
                headers = [one for one in headers if one[0].lower() != "x-accel-expires"]
            return start_response(status, headers, *rest)

        response = self.application(environ, start)
        finished: tuple[Key, Finished] | None = getattr(response, "finished", None)
        if finished and finished[1].frame is None:
            finished[1].learn(told)
            shared.put(*finished)
        return response


def key_asked(meta: Meta, state: Callable[[], State | None], *, asks: bool = True) -> Key | None:
    """Under which the page would be kept; None for whatever is not answered here. The loop of the server `asks` no database."""
    if meta["REQUEST_METHOD"] not in ("GET", "HEAD") or not is_own_host(meta.get("HTTP_HOST", "")):
        return None
    cookies = parse_cookie(given) if (given := meta.get("HTTP_COOKIE")) else {}
    if has_session(cookies) or cache.normalised(meta.get("QUERY_STRING", "")) is None:
        return None
    if not (asks or place.is_ready(cookies)):
        return None
    known = state()
    return cache.key_for(meta, cookies, known) if known else None


def answered(meta: Meta, key: Key, page: Finished) -> Sent:
    metering.KEPT.inc()
    before = page.size
    sent = page.answer(encoding_for(meta.get("HTTP_ACCEPT_ENCODING", "")), meta.get("HTTP_IF_NONE_MATCH", ""))
    if page.size != before:
        cache.keep_grown(key, page)
    return sent


def is_own_host(host: str) -> bool:
    """As `HttpRequest.get_host` judges it; a strange one is told so inside."""
    return len(host) <= LONGEST_HEADER and _is_own(host, tuple(settings.ALLOWED_HOSTS))


@lru_cache(maxsize=200)
def _is_own(host: str, allowed: tuple[str, ...]) -> bool:
    domain, _port = split_domain_port(host)
    return bool(domain) and validate_host(domain, allowed)
