"""Finished bytes of anonymous pages, kept until something public changes.

A page is kept under the edition token its rows were read with, the generations of the search index that were in force
before it was drawn, the date in Shanghai, the mode and the normalised address; in this process alone, so a new release or
new settings begin with nothing. Each process reads token and generations again after `PAGE_TOKEN_SECONDS`, so a change
shows everywhere within that time, and what was drawn from an index that was not whole ends with it. Whoever carries a session cookie is never
served from here and never stored.
"""

import gzip
import hashlib
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps

import brotli
from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.utils.cache import patch_vary_headers

from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.index import collections
from portal.core.index.generations import built_columns
from portal.core.pages import reading
from portal.core.pages.mode import mode_of
from portal.core.pages.parameters import Query, tidied

View = Callable[..., HttpResponse]
DAY = 24 * 3600
SMALLEST_TO_PACK = 256


@dataclass(frozen=True)
class State:
    """What every kept page depends on besides its own address: the newest edition, and the search index."""

    token: str = ""
    built: tuple[str | None, ...] = ()

    @classmethod
    def now(cls) -> "State":
        columns = built_columns(sorted(room.collection for room in collections.kept()))
        newest = Edition.objects.order_by("-number").annotate(**columns)
        token, *built = newest.values_list("token", *columns).first() or ("", *(None for _ in columns))
        return cls(token, tuple(built))


class SeenState:
    """The state as this process last read it."""

    def __init__(self) -> None:
        self.value: State | None = None
        self.read_at = float("-inf")

    def get(self) -> State:
        now = time.monotonic()
        if self.value is None or now - self.read_at >= settings.PAGE_TOKEN_SECONDS:
            state = State.now()
            self.learn(state)
            self.read_at = now
            return state
        return self.value

    def learn(self, state: State) -> None:
        """Pages of an older state are never asked for again: give their memory back."""
        if state != self.value:
            pages().clear()
        self.value = state


seen = SeenState()


def pages():
    return caches["pages"]


def clear() -> None:
    """Forget every page of this process now; the others do so when they read the new token."""
    pages().clear()
    seen.read_at = float("-inf")


def is_cacheable(request: HttpRequest) -> bool:
    return request.method in ("GET", "HEAD") and settings.SESSION_COOKIE_NAME not in request.COOKIES


def read_by(request: HttpRequest, state: State) -> State:
    """What the rows of a request were read with: `state` was taken before, and it may have found a newer edition."""
    return replace(state, token=request.META.get(reading.SEEN_EDITION, state.token))


def key_of(request: HttpRequest, state: State) -> str:
    mode = mode_of(request)
    parts = (
        state.token,
        *(built or "" for built in state.built),
        clock.today().isoformat(),
        mode.size,
        mode.contrast,
        request.path,
        Query.of(request).encode(),
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def encoding_for(request: HttpRequest) -> str:
    """The best encoding the browser takes; `;q=0` is a refusal."""
    accepted = request.headers.get("Accept-Encoding", "").lower()
    for name in ("br", "gzip"):
        if re.search(rf"(?:^|[,\s]){name}\s*(?:$|,|;(?!\s*q=0(?:\.0*)?\s*(?:,|$)))", accepted):
            return name
    return "identity"


def packed(response: HttpResponse) -> dict:
    """What is stored of a response; the plain bytes are unpacked again for the few who ask for them."""
    body = response.content
    return {
        "type": response["Content-Type"],
        "etag": f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"',
        "br": brotli.compress(body, quality=5),
        "gzip": gzip.compress(body, compresslevel=6, mtime=0),
    }


def answer(request: HttpRequest, page: dict) -> HttpResponse:
    """The stored page in the encoding the browser takes, or 304 if the browser has it."""
    if page["etag"] in [tag.strip() for tag in request.headers.get("If-None-Match", "").split(",")]:
        response: HttpResponse = HttpResponseNotModified()
    else:
        encoding = encoding_for(request)
        body = gzip.decompress(page["gzip"]) if encoding == "identity" else page[encoding]
        response = HttpResponse(body, content_type=page["type"])
        if encoding != "identity":
            response["Content-Encoding"] = encoding
    response["ETag"] = page["etag"]
    response["Cache-Control"] = "no-cache"
    patch_vary_headers(response, ("Accept-Encoding", "Cookie"))
    return response


def may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    """Whole, public and the same for everyone: no cookie set, no CSRF token made, no message shown, not told to be forgotten."""
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and "CSRF_COOKIE_NEEDS_UPDATE" not in request.META
        and not response.has_header("Content-Encoding")
        and "no-store" not in response.headers.get("Cache-Control", "")
    )


def public_page(view: View) -> View:
    """Serve a public view from the page cache; one page has one address, without empty parameters."""

    @wraps(view)
    def serve(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        tidy = tidied(request) if request.method in ("GET", "HEAD") else None
        if tidy is not None:
            return HttpResponseRedirect(tidy)
        if not is_cacheable(request):
            response = view(request, *args, **kwargs)
            response.headers.setdefault("Cache-Control", "private, no-cache")
            return response
        state = seen.get()
        page = pages().get(key_of(request, state))
        if page is None:
            response = view(request, *args, **kwargs)
            if hasattr(response, "render"):
                response.render()
            if not may_be_kept(request, response):
                response.headers.setdefault("Cache-Control", "no-cache")
                return response
            page = packed(response)
            state = read_by(request, state)
            seen.learn(state)
            pages().set(key_of(request, state), page, DAY)
        return answer(request, page)

    return serve
