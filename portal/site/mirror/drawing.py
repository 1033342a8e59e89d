"""Draws the pages of a copy by the views of the site, and follows their links; several processes share the work."""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import BadRequest
from django.db import connections
from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase

from portal.core.pages import cache
from portal.core.pages.links import drawn_at
from portal.core.pages.reading import COPY, ReadAt

from .addresses import Addresses
from .folder import Staging
from .rewriting import rewritten

AT_A_TIME = 100  # addresses that a process is given
PAGES = "text/html"


@dataclass(frozen=True)
class Drawer:
    """What a process needs to draw a page and put it into the folder. One page of several thousand that cannot be drawn
    must not be missed: whatever a view answers besides a page stops the copy."""

    reading: ReadAt
    addresses: Addresses
    staging: Staging

    def draw(self, batch: Sequence[str]) -> list["Drawn"]:
        return [self.one(address) for address in batch]

    def one(self, address: str) -> "Drawn":
        place = self.addresses.place_of(address)
        if place is None or not place.draw:
            raise LookupError(address)
        cache.seen.get()  # what is remembered of an edition holds while this is fresh
        content, media_type = self._answer(place.draw)
        title, needs = "", frozenset[str]()
        if media_type.startswith(PAGES):
            page = rewritten(self.addresses, place.draw, place.file, content.decode())
            title, content, needs = page.title, page.body, frozenset(page.needs)
        return Drawn(address, place.file, self.staging.put(place.file, content), title, needs)

    def _answer(self, address: str) -> tuple[bytes, str]:
        try:
            response = drawn_at(address, **{COPY: self.reading})
        except (BadRequest, Http404) as error:
            raise NotDrawn(address) from error
        if response.status_code != 200:
            raise NotDrawn(f"{address}: {response.status_code}")
        return content_of(response), response.headers.get("Content-Type", "")


class NotDrawn(Exception):
    """A page that others lead to could not be drawn."""


@dataclass(frozen=True)
class Drawn:
    """A page that was put into the folder, with the digest of its bytes."""

    address: str
    file: str
    digest: str
    title: str
    needs: frozenset[str]


def content_of(response: HttpResponseBase) -> bytes:
    if not isinstance(response, FileResponse):
        return bytes(response.content)  # type: ignore[attr-defined]
    with response.file_to_stream as stream:  # not the response: that would end the database connection
        return bytes(stream.read())


def static_content(file: str) -> bytes:
    """Of a file below `static/`, as the site gives it out."""
    name = file.removeprefix("static/")
    if found := finders.find(name):
        with open(str(found), "rb") as stream:
            return stream.read()
    with staticfiles_storage.open(name) as stored:
        return bytes(stored.read())


def crawled(drawer: Drawer, seeds: Iterable[str], processes: int) -> Iterator[Drawn]:
    """Every page that the seeds lead to, each once."""
    with _shared_out(drawer, processes) as draw:
        waiting, known = _fresh(drawer.addresses, seeds, set())
        while waiting:
            needed: set[str] = set()
            batches = [waiting[at : at + AT_A_TIME] for at in range(0, len(waiting), AT_A_TIME)]
            for batch in draw(batches):
                yield from batch
                needed.update(*(one.needs for one in batch))
            waiting, known = _fresh(drawer.addresses, sorted(needed), known)


def _fresh(addresses: Addresses, needed: Iterable[str], known: set[str]) -> tuple[list[str], set[str]]:
    """Addresses of pages that were not drawn yet; two addresses may be one file."""
    waiting = []
    for address in needed:
        place = addresses.place_of(address)
        if place and place.draw and place.file not in known:
            known.add(place.file)
            waiting.append(address)
    return waiting, known


Batches = list[list[str]]


@contextmanager
def _shared_out(drawer: Drawer, processes: int) -> Iterator[Callable[[Batches], Iterable[list[Drawn]]]]:
    """Processes begin with what is in memory here, but each opens a database connection of its own."""
    if processes <= 1:
        yield lambda batches: map(drawer.draw, batches)
        return
    connections.close_all()
    forked = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(processes, forked, initializer=_begin, initargs=(drawer,)) as pool:
        yield lambda batches: pool.map(_draw, batches)


_drawers: list[Drawer] = []  # of this process, the last


def _begin(drawer: Drawer) -> None:
    _drawers.append(drawer)


def _draw(batch: list[str]) -> list[Drawn]:
    return _drawers[-1].draw(batch)
