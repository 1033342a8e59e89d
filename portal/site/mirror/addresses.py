"""Which address of the site is which file of the folder. What is no file of it leads to the site itself."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve

from portal.core.pages.links import is_own
from portal.core.pages.parameters import Query

# By the name of an address: the parameters whose pages are drawn, too. Every other name or parameter needs the site.
DRAWN: dict[str, frozenset[str]] = {
    "products:list": frozenset({"page", "category"}),
    "enterprises:list": frozenset({"page"}),
    "enterprises:detail": frozenset({"page"}),
    "batches:list": frozenset({"page"}),
    "batches:detail": frozenset({"page", "register"}),
    "notices:list": frozenset({"page", "kind"}),
    "activities:list": frozenset({"page"}),
    "activities:results": frozenset({"page"}),
    "commitments:list": frozenset({"page"}),
    "enquiries:answers": frozenset({"page"}),
    "organisations:list": frozenset({"page"}),
    "online:list": frozenset({"page"}),
    "reports:list": frozenset({"page"}),
    **dict.fromkeys(
        (
            *("home", "products:detail", "kinds:list", "kinds:detail", "regions:list", "regions:detail"),
            *("regions:subsidy", "notices:detail", "activities:detail", "activities:result"),
            *(
                "commitments:letter",
                "commitments:templates",
                "commitments:template",
                "commitments:agreements",
            ),
            *("commitments:agreement", "commitments:adoptions", "commitments:adoption"),
            *("organisations:detail", "organisations:claim", "campaigns:list", "campaigns:detail"),
            *("guide", "guide-detail", "about:data", "about:recognise", "about:privacy"),
            *("about:accessibility", "figures:page", "search-words", "enquiries:answer"),
            *("reports:detail", "online:described"),
        ),
        frozenset(),
    ),
}
OWN = {  # what a folder has in place of what the server works out
    "/check/": "check/index.html",
    "/search/": "search/index.html",
    "/log/": "copy.html",
    "/log/editions.jsonl": "log/editions.jsonl",
    "/log/checkpoint": "log/checkpoint",
    "/log/keys.jsonl": "log/keys.jsonl",
    "/log/check.py": "log/check.py",
    "/log/check.html": "log/check.html",
    **{f"/{name}": name for name in ("copy.html", "edition.css", "edition.js", "manifest.json")},
}
ASKED = {"/check/": "number", "/search/": "q", "/products/": "q", "/enterprises/": "q"}
HASHED = re.compile(r"\.[0-9a-f]{12}(?=\.\w+$)")  # of a release: without it a page stays as it is
FILE = re.compile(r"/files/([0-9a-f]{64})/[^/]*?(\.[a-z0-9]{1,5})")
NUMBERS = re.compile(r"/(check/numbers-[1-9][0-9]*\.html)")
PLAIN = re.compile(r"[\w-]{1,60}", re.ASCII)


@dataclass(frozen=True)
class Place:
    """A file of the folder; `draw` is the address whose page it is, empty for what is made otherwise. `query` is kept by a link."""

    file: str
    draw: str = ""
    query: str = ""


@dataclass(frozen=True)
class Addresses:
    regions: tuple[str, ...] = ()
    products: Collection[str] = ()
    enterprises: Collection[str] = ()
    absent: frozenset[str] = frozenset()  # pages that the site does not have, whatever leads there
    known: dict[str, Place | None] = field(default_factory=dict, compare=False)
    targets: dict[Any, Any] = field(default_factory=dict, compare=False)  # of links, for `rewriting`

    def place_of(self, address: str) -> Place | None:
        """None for what needs the site. The fragment is the caller's."""
        if not is_own(address):
            return None
        parts = urlsplit(address)
        asked = f"{parts.path}?{parts.query}"
        if asked not in self.known:
            if len(self.known) > 50_000:
                self.known.clear()
            place = self._place(parts.path, Query.typed(parts.query))
            self.known[asked] = None if place and place.draw in self.absent else place
        return self.known[asked]

    def _place(self, path: str, query: Query) -> Place | None:
        if path.startswith(settings.STATIC_URL):
            return Place("static/" + HASHED.sub("", unquote(path.removeprefix(settings.STATIC_URL))))
        if found := FILE.fullmatch(path):
            return Place(f"files/{found[1]}{found[2]}", path)
        if (name := ASKED.get(path)) and (query.first(name) or path in OWN):
            kept = query.keep(name)
            return Place(OWN.get(path, OWN["/search/"]), query=kept.encode())
        if path in OWN:
            return Place(OWN[path])
        if found := NUMBERS.fullmatch(path):
            return Place(found[1])
        return self._page(path, query)

    def _page(self, path: str, query: Query) -> Place | None:
        try:
            match = resolve(path)
        except Resolver404:
            return None
        name = match.view_name
        if name not in DRAWN or not self._is_there(name, match.kwargs):
            return None
        query = self._within(name, query)
        values = [value for _name, value in query.pairs]
        if not DRAWN[name].issuperset(query.names()) or not all(map(PLAIN.fullmatch, values)):
            return None
        if len(query.names()) != len(values):
            return None
        query = query.drop("page") if query.first("page") == "1" else query
        marks = "".join(f".{name}-{value}" for name, value in query.pairs)
        return Place(f"{_stem(path, name, match.kwargs)}{marks}.html", self._drawn(name, path, query))

    def _is_there(self, name: str, named: dict[str, str]) -> bool:
        if name == "products:detail":
            return named["number"] in self.products
        return name != "enterprises:detail" or named["uscc"] in self.enterprises

    def _within(self, name: str, query: Query) -> Query:
        """A list of the copy is that of its regions: whoever names them asks for nothing else."""
        is_list = name in ("products:list", "enterprises:list")
        return (
            query.drop("province")
            if is_list and self.regions and query.all("province") == self.regions
            else query
        )

    def _drawn(self, name: str, path: str, query: Query) -> str:
        if self.regions and name in ("products:list", "enterprises:list"):
            query = query.put(province=self.regions)
        return query.link(path)


def _stem(path: str, name: str, named: dict[str, str]) -> str:
    """Lists are the index of their folder. No folder has more files than a stick can list."""
    if name == "products:detail":
        return f"products/{named['number'][:4]}/{named['number']}"
    if name == "enterprises:detail":
        return f"enterprises/{named['uscc'][-2:]}/{named['uscc']}"
    return path.strip("/") if named else f"{path.strip('/')}/index".lstrip("/")
