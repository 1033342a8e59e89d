"""Makes a copy, or brings one up to date: the same run for both, since only what differs is written."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from catalog.publication.exporting.shelves import era
from portal.core.checkpoints import keys
from portal.core.checkpoints.signing import trouble
from portal.core.index import health
from portal.core.pages import cache
from portal.core.pages.links import visit
from portal.core.pages.reading import COPY
from portal.core.workflow import NotAllowed

from . import finding, folder, numbers, signing
from .addresses import Addresses
from .drawing import Crawl, Drawer, static_content
from .folder import MANIFEST, NOTE, Done, Staging
from .rewriting import rewritten
from .subject import Subject

BULK = ("products/", "enterprises/")  # found by the postings, not by their titles


@dataclass(frozen=True)
class Copied:
    subject: Subject
    done: Done
    trouble: str


def mirror(subject: Subject, where: Path, processes: int) -> Copied:
    """Raises NotAllowed, and leaves the folder as it was."""
    if faults := health.faults():  # its lists and its search would leave out what the index does not have
        raise NotAllowed("mirror.index", f"{faults[0]}。请先运行 manage.py build_index。")
    began = era()
    with folder.opened(where, began) as staging:
        cache.clear()  # what this process remembers may be from before a redaction of a second ago
        fault = trouble()
        copy = Copy(subject, staging, fault)
        copy.draw(processes)
        content = signing.manifest(subject, copy.digests)
        files = {*copy.digests, MANIFEST}
        staging.put(MANIFEST, content)
        if not fault:
            staging.put(NOTE, signing.note_of(subject, content))
            files.add(NOTE)
        if era() != began:
            raise NotAllowed("mirror.redacted", "制作时有内容被依法隐去，这一次作废。请再运行一次。")
        return Copied(subject, folder.finish(staging, files), fault)


class Copy:
    """One run: `digests` has what it put into the folder."""

    def __init__(self, subject: Subject, staging: Staging, fault: str):
        self.subject, self.staging, self.trouble = subject, staging, fault
        products, enterprises = subject.products.values(), subject.enterprises.values()
        self.addresses = Addresses(subject.regions, frozenset(products), frozenset(enterprises))
        self.digests: dict[str, str] = {}
        self.titles: dict[str, str] = {}
        self.needs: set[str] = set()

    def draw(self, processes: int) -> None:
        crawl = Crawl(Drawer(self.subject.reading, self.addresses, self.staging), processes)
        for page in crawl.pages(self._seeds()):
            self.digests[page.file] = page.digest
            self.needs |= page.needs
            if page.title and not page.file.startswith(BULK):
                self.titles[page.file] = page.title
        self.addresses = crawl.drawer.addresses  # which know by now what is not there
        found = finding.files(self.subject, self.titles)
        for file, content in chain(
            self._own_pages(), self._static(), signing.log_files(), self._stamps(), found
        ):
            self._put(file, content)

    def _put(self, file: str, content: bytes) -> None:
        self.digests[file] = self.staging.put(file, content)

    def _seeds(self) -> Iterator[str]:
        """What nothing may lead to; the rest is found by its links."""
        yield "/"
        yield from (
            reverse("products:detail", args=[one]) for one in sorted({*self.subject.products.values()})
        )
        codes = sorted({*self.subject.enterprises.values()})
        yield from (reverse("enterprises:detail", args=[one]) for one in codes)

    def _static(self) -> Iterator[tuple[str, bytes]]:
        places = filter(None, map(self.addresses.place_of, sorted(self.needs)))
        for file in sorted({place.file for place in places if place.file.startswith("static/")}):
            yield file, static_content(file)

    # -- pages that the site does not have -----------------------------------------------------------------------------
    def _own_pages(self) -> Iterator[tuple[str, bytes]]:
        spans = []
        for sheet in numbers.sheets(self.subject):
            spans.append(sheet.span)
            crumbs = [("证书核验", reverse("check")), (sheet.span.first, None)]
            yield self._page(sheet.span.address, "numbers", {"sheet": sheet, "crumbs": crumbs})
        total = sum(span.count for span in spans)
        yield self._page("/check/", "check", {"spans": spans, "total": total, "crumbs": [("证书核验", None)]})
        yield finding.part("check/numbers", [span.keys for span in spans])
        yield self._page("/search/", "search", {"crumbs": [("查找", None)]})
        yield self._page("/copy.html", "copy", self._about())

    def _about(self) -> dict[str, object]:
        fingerprint = "" if self.trouble else keys.current().fingerprint
        said = {"subject": self.subject, "trouble": self.trouble, "fingerprint": fingerprint}
        return {**said, "crumbs": [("关于这份副本", None)]}

    def _page(self, address: str, template: str, context: dict[str, object]) -> tuple[str, bytes]:
        reading = self.subject.reading
        request = visit(address, "", {COPY: reading})
        content = render_to_string(f"mirror/{template}.html", {"reading": reading, **context}, request)
        place = self.addresses.place_of(address)
        if place is None:
            raise LookupError(address)
        page = rewritten(self.addresses, address, place.file, content)
        self.needs |= page.needs
        return place.file, page.body

    def _stamps(self) -> Iterator[tuple[str, bytes]]:
        """Which edition and day this is, said at one place: a page that did not change is not written for a new edition."""
        words = self.subject.words
        quoted = json.dumps(words, ensure_ascii=False)
        style = f".copy-edition::before {{ content: {quoted}; }}\n"
        yield "edition.css", (style + STYLE).encode()
        said = {"edition": self.subject.edition.number, "day": self.subject.day.isoformat()}
        yield finding.part("edition", {**said, "words": words, "site": settings.SITE_URL})


STYLE = """.to-site::after { content: "\\2197"; }
.ranges { columns: 22rem; }
.found li { padding-block: .5rem; }
"""
