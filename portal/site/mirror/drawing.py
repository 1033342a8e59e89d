"""Draws the pages of a copy by the views of the site, and follows their links; several processes share the work."""

import logging
import multiprocessing
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import BadRequest
from django.db import connections
from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase

from portal.core.pages import cache
from portal.core.pages.links import drawn_at
from portal.core.pages.reading import COPY, ReadAt
from portal.core.workflow import NotAllowed

from .addresses import Addresses
from .folder import Staging
from .rewriting import rewritten

AT_A_TIME = 100  # addresses that a process is given
PAGES = "text/html"
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Drawn:
    """A page that was put into the folder, with the digest of its bytes; an address that gives a visitor no page has none."""

    address: str
    file: str
    digest: str = ""
    title: str = ""
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Drawer:
    """What a process needs to draw a page and put it into the folder."""

    reading: ReadAt
    addresses: Addresses
    staging: Staging

    def draw(self, batch: Sequence[str]) -> list[Drawn]:
        return [self.one(address) for address in batch]

    def one(self, address: str) -> Drawn:
        place = self.addresses.place_of(address)
        if place is None or not place.draw:
            raise LookupError(address)
        cache.seen.get()  # what is remembered of an edition holds while this is fresh
        found = self._answer(place.draw)
        if found is None:
            return Drawn(address, place.file)
        content, media_type = found
        title, needs = "", frozenset[str]()
        if media_type.startswith(PAGES):
            page = rewritten(self.addresses, place.draw, place.file, content.decode())
            title, content, needs = page.title, page.body, frozenset(page.needs)
        return Drawn(address, place.file, self.staging.put(place.file, content), title, needs)

    def _answer(self, address: str) -> tuple[bytes, str] | None:
        """Content and media type; None for what a visitor would not get either. Raises NotAllowed for what is broken."""
        try:
            response = drawn_at(address, **{COPY: self.reading})
        except (BadRequest, Http404):
            return None
        except Exception as error:
            logger.exception("%s cannot be drawn", address)
            raise broken(address, type(error).__name__) from error
        if response.status_code >= 500:
            raise broken(address, str(response.status_code))
        if response.status_code != 200:
            return None
        return content_of(response), response.headers.get("Content-Type", "")


def broken(address: str, how: str) -> NotAllowed:
    return NotAllowed("mirror.broken", f"{address} 现在打不开（{how}），修好后再运行。")


def content_of(response: HttpResponseBase) -> bytes:
    if not isinstance(response, FileResponse):
        return bytes(response.content)  # type: ignore[attr-defined]
    stream = response.file_to_stream
    try:
        return bytes(stream.read()) if stream else b""
    finally:  # not the response: that would end the database connection
        if stream:
            stream.close()


def static_content(file: str) -> bytes:
    """Of a file below `static/`, as the site gives it out."""
    name = file.removeprefix("static/")
    if found := finders.find(name):
        with open(str(found), "rb") as stream:
            return stream.read()
    with staticfiles_storage.open(name) as stored:
        return bytes(stored.read())


Draw = Callable[[list[list[str]]], Iterable[list[Drawn]]]


class Crawl:
    """Every page that the seeds lead to, each once. What published pages lead to in vain is found out on the way: those pages
    are drawn again, with a link to the site, which says what became of it."""

    def __init__(self, drawer: Drawer, processes: int):
        self.drawer, self.processes = drawer, processes
        self.known: set[str] = set()  # files
        self.numbers: dict[
            str, int
        ] = {}  # of addresses: a hundred thousand pages lead to a few thousand others
        self.leads: dict[str, array[int]] = {}
        self.absent: set[str] = set()

    def pages(self, seeds: Iterable[str]) -> Iterator[Drawn]:
        with _shared_out(self.drawer, self.processes) as draw:
            waiting = self._fresh(seeds)
            while waiting:
                needed: set[str] = set()
                for page in _each(draw, waiting):
                    self._note(page)
                    needed |= page.needs
                    if page.digest:
                        yield page
                waiting = self._fresh(sorted(needed))
        yield from self._again()

    def _again(self) -> Iterator[Drawn]:
        lost = {self.numbers[address] for address in self.absent if address in self.numbers}
        again = [address for address, leads in self.leads.items() if lost.intersection(leads)]
        addresses = replace(self.drawer.addresses, absent=frozenset(self.absent), known={}, targets={})
        self.drawer = replace(self.drawer, addresses=addresses)
        with _shared_out(self.drawer, self.processes) as draw:
            yield from _each(draw, again)

    def _note(self, page: Drawn) -> None:
        if not page.digest:
            self.absent.add(page.address)
        self.leads[page.address] = array(
            "I", [self.numbers.setdefault(need, len(self.numbers)) for need in page.needs]
        )

    def _fresh(self, needed: Iterable[str]) -> list[str]:
        """Addresses of pages that were not drawn yet; two addresses may be one file."""
        waiting = []
        for address in needed:
            place = self.drawer.addresses.place_of(address)
            if place and place.draw and place.file not in self.known:
                self.known.add(place.file)
                waiting.append(address)
        return waiting


def _each(draw: Draw, addresses: list[str]) -> Iterator[Drawn]:
    batches = [addresses[at : at + AT_A_TIME] for at in range(0, len(addresses), AT_A_TIME)]
    for batch in draw(batches):
        yield from batch


@contextmanager
def _shared_out(drawer: Drawer, processes: int) -> Iterator[Draw]:
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
