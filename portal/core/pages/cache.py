"""Finished bytes of anonymous pages, kept until something public changes.

A page is kept under the edition token its rows are read with, the generations of the search index that were in force
before it was drawn, the date in Shanghai, the mode, the place that was chosen and the normalised address. Each process keeps its own, up to
`PAGE_MEMORY_MB`; a Redis server, where there is one, has them for all (`portal.core.pages.shared`). Each process reads
token and generations again after `PAGE_TOKEN_SECONDS`, so a change shows everywhere within that time, and what was drawn
from an index that was not whole ends with it. Whoever carries a session cookie is never served from here and never stored.

What is kept is answered by `portal.core.pages.entry`, before the middleware; a view answers it itself only where no such
entry stands in front of it.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, wraps
from threading import Lock
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, close_old_connections, connection
from django.db.models import Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.utils.cache import patch_vary_headers

from portal.core import metering, replicas
from portal.core.editions import clock
from portal.core.editions.models import Edition, Installation
from portal.core.index import collections
from portal.core.index.generations import built_columns
from portal.core.pages import place, reading, shared
from portal.core.pages.finished import IDENTITY, Finished, encoding_for, is_known_to
from portal.core.pages.memory import MEGABYTE, Memory
from portal.core.pages.mode import mode_in
from portal.core.pages.parameters import Query, careless, tidied
from portal.core.pages.place import ASKED, place_in
from portal.core.prepared import prepared
from portal.core.session_keys import has_session

View = Callable[..., HttpResponse]
Meta = Mapping[str, Any]
Key = tuple[str, ...]
LONGEST_QUERY = 500  # characters of an address that is worth remembering
SOUGHT = "portal.page_sought"  # under which a request carries the key that the entry found nothing for


@dataclass(frozen=True)
class State:
    """What every kept page depends on besides its own address: the newest edition, and the search index."""

    token: str = ""
    built: tuple[str | None, ...] = ()
    number: int = 0
    source: str = ""  # the database that said so: another one may not have the edition yet
    installation: tuple[str, str] = (
        "",
        "",
    )  # what every page says of it: whether all is made up, and how to reach the office

    @classmethod
    def now(cls) -> "State":
        said = next(iter(_said_of_newest()), None)
        if said is None:  # an office may be told before anything is published
            nothing_built = (None,) * len(collections.kept())
            return cls("", nothing_built, source=replicas.reading_from(), installation=Installation.told())
        number, token, kind, office, *built = said
        return cls(token, tuple(built), number, replicas.reading_from(), (kind or "", office or ""))

    def built_of(self, collection: str) -> str | None:
        """The mark of the generation that is read of a collection."""
        names = sorted(room.collection for room in collections.kept())
        return self.built[names.index(collection)]


@prepared
def _said_of_newest():
    columns = built_columns(sorted(room.collection for room in collections.kept()))
    row = Installation.objects.filter(pk=1)
    installation = {name: Subquery(row.values(name)) for name in ("kind", "office_contact")}
    newest = Edition.objects.order_by("-number").annotate(**columns, **installation)
    return newest.values_list("number", "token", "kind", "office_contact", *columns)[:1]


class SeenState:
    """The state as this process last read it."""

    def __init__(self) -> None:
        self.value: State | None = None
        self.read_at = float("-inf")
        self._lock = Lock()

    def fresh(self) -> State | None:
        """Without asking anybody; None when it is time to ask."""
        is_recent = time.monotonic() - self.read_at < settings.PAGE_TOKEN_SECONDS
        return self.value if is_recent and self._is_of_the_database_read() else None

    def _is_of_the_database_read(self) -> bool:
        """What is kept may be given out whichever database said so; what is drawn now reads where it reads."""
        source = replicas.reading_from()
        return source == DEFAULT_DB_ALIAS or self.value is None or self.value.source == source

    def get(self) -> State:
        """One thread asks; who comes meanwhile waits for its answer, since an older one may be wrong already."""
        state = self.fresh()
        if state is not None:
            return state
        with self._lock:
            return self.fresh() or self._ask()

    def _ask(self) -> State:
        now = time.monotonic()
        if not connection.in_atomic_block:
            close_old_connections()  # in front of the middleware nobody else looks whether this one still lives
        state = replicas.read(State.now)
        self.learn(state)
        self.read_at = now
        return state

    def learn(self, state: State) -> None:
        """Pages of an older state are never asked for again: give their memory back."""
        if state != self.value:
            pages.clear()
            place.forget()
        self.value = state


seen = SeenState()
pages: Memory[Finished] = Memory(settings.PAGE_MEMORY_MB * MEGABYTE)


def clear() -> None:
    """Forget every page of this process now; the others do so when they read the new token."""
    pages.clear()
    seen.read_at = float("-inf")


def is_cacheable(request: HttpRequest) -> bool:
    """Not a page of a copy of the site: it says other things than the page that visitors get."""
    is_visit = request.method in ("GET", "HEAD") and reading.COPY not in request.META
    return is_visit and not has_session(request.COOKIES)


def state_for(request: HttpRequest) -> State:
    """What its page is kept under, and its rows are read with."""
    state = seen.get()
    request.META[reading.NEWEST] = state.number, state.token
    if state.number:  # before the first edition the state knows nothing of it
        request.META[reading.INSTALLATION] = state.installation
    return state


def key_of(request: HttpRequest, state: State) -> Key:
    return key_for(request.META, request.COOKIES, state)


def key_for(meta: Meta, cookies: Mapping[str, str], state: State) -> Key:
    """Middleware judges a request by its scheme, too: as a trusted proxy says it, else as it came in."""
    mode = mode_in(cookies)
    proxy = settings.SECURE_PROXY_SSL_HEADER
    return (
        state.token,
        *(built or "" for built in state.built),
        *state.installation,
        clock.today().isoformat(),
        mode.size,
        mode.contrast,
        (proxy and meta.get(proxy[0])) or meta.get("wsgi.url_scheme", ""),
        meta.get("SCRIPT_NAME", ""),
        meta.get("PATH_INFO", ""),
        _query_in(meta.get("QUERY_STRING", "")),
        place_in(cookies),
    )


def _of_everybody(key: Key) -> Key:
    return (*key[:-1], "")


def _query_in(query_string: str) -> str:
    """Also of one with empty parameters: a page that is not led away from them is that of the others."""
    query = normalised(query_string)
    return Query.typed(query_string).encode() if query is None else query


def normalised(query_string: str) -> str | None:
    """The query as a key; None for one with empty parameters, or the same twice, of which only its view knows what it means."""
    return _normalised(query_string) if len(query_string) <= LONGEST_QUERY else _written_alike(query_string)


def _written_alike(query_string: str) -> str | None:
    return Query.typed(query_string).encode() if not careless(query_string) else None


_normalised = lru_cache(maxsize=5_000)(_written_alike)


def find(key: Key) -> Finished | None:
    """Kept by this process, or by another one: for this place, or for whoever asks."""
    return _of_its_place(key, _found)


def kept_here(key: Key) -> Finished | None:
    """The same, of this process alone."""
    return _of_its_place(key, pages.get)


def _of_its_place(key: Key, found: Callable[[Key], Finished | None]) -> Finished | None:
    page = found(key)
    if page is not None or not key[-1]:
        return page
    page = found(_of_everybody(key))
    return page if page and page.is_for_all else None


def _found(key: Key) -> Finished | None:
    page = pages.get(key)
    if page is None and (page := shared.get(key)):
        keep(key, page)
    return page


def keep(key: Key, page: Finished) -> None:
    pages.put(key, page, page.size)


def keep_grown(key: Key, page: Finished) -> None:
    """One that was found under this key, and has been packed once more."""
    keep(_of_everybody(key) if page.is_for_all else key, page)


def answer(request: HttpRequest, page: Finished) -> HttpResponse:
    """The page in the encoding the browser takes, or 304 if the browser has it; middleware adds the frame."""
    if is_known_to(request.headers.get("If-None-Match", ""), page.etag):
        response: HttpResponse = HttpResponseNotModified()
    else:
        encoding = encoding_for(request.headers.get("Accept-Encoding", ""))
        response = HttpResponse(page.body(encoding, close=False), content_type=page.type)
        if encoding != IDENTITY:
            response["Content-Encoding"] = encoding
    response["ETag"] = page.etag
    response["Cache-Control"] = "no-cache"
    if settings.TRUSTED_PROXIES:
        response["X-Accel-Expires"] = "1"  # the proxy in front may keep it so many seconds, and nothing else
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
        if is_cacheable(request):
            return kept_or_drawn(request, lambda: view(request, *args, **kwargs))
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    return serve


def kept_or_drawn(request: HttpRequest, draw: Callable[[], HttpResponse]) -> HttpResponse:
    return replicas.read(lambda: _kept_or_drawn(request, draw))


def _kept_or_drawn(request: HttpRequest, draw: Callable[[], HttpResponse]) -> HttpResponse:
    key = key_of(request, state_for(request))
    page = None if request.META.get(SOUGHT) == key else find(key)
    if page is None:
        response = draw()
        metering.DRAWN.inc()
        if hasattr(response, "render"):
            response.render()
        if not may_be_kept(request, response):
            response.headers.setdefault("Cache-Control", "no-cache")
            return response
        page = Finished.of(response)
        page.is_for_all = ASKED not in request.META
    key = _of_everybody(key) if page.is_for_all else key
    response = answer(request, page)
    keep(key, page)
    response.finished = key, page  # type: ignore[attr-defined]  # for the entry, which sees what middleware adds
    return response
