"""A page of the site as a file: its links lead from file to file, what needs a server is taken out or leads to the site."""

import posixpath
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urldefrag, urljoin, urlsplit

import lxml.html
from django.conf import settings
from django.contrib.staticfiles import finders
from lxml import etree

from portal.core.pages.links import is_own

from .addresses import Addresses

LINKS = ("href", "src", "action")
SCRIPTS = ("print", "mirror", "edition")
MOMENT = ("as_of", "edition")  # what a form of the site carries along
SPRITES = "copied-shapes"
MOST_TARGETS = 50_000
SVG = "http://www.w3.org/2000/svg"


_linked = etree.XPath("//*[@href or @src or @action or @srcset]")


@dataclass(frozen=True)
class Target:
    """Where a link leads; `form` is the same for a form, which has a query of its own."""

    href: str
    form: str
    needs: str = ""
    is_site: bool = False


@dataclass
class Rewritten:
    """`needs` are the addresses of the pages and files that it leads to."""

    title: str
    body: bytes = b""
    needs: set[str] = field(default_factory=set)


class Page:
    """One page, at its own address and in its own file."""

    def __init__(self, addresses: Addresses, address: str, file: str, content: str):
        self.addresses, self.address = addresses, address
        self.folder = posixpath.dirname(file)
        self.document = lxml.html.document_fromstring(content)
        self.shapes: dict[str, str] = {}  # by name: the sprite that it is in
        self.result = Rewritten(self._title())

    def rewritten(self) -> Rewritten:
        self._take_out_forms()
        for element in _linked(self.document):
            self._lead(element)
        self._take_out_lost()
        text = lxml.html.tostring(self.document, encoding="unicode", doctype="<!doctype html>")
        self.result.body = text.replace(f"<i>{SPRITES}</i>", self._sprites()).encode()
        return self.result

    def _title(self) -> str:
        found = self.document.find(".//h1")
        return " ".join(found.text_content().split()) if found is not None else ""

    # -- what needs a server -------------------------------------------------------------------------------------------
    def _take_out_forms(self) -> None:
        for form in list(self.document.iter("form")):
            place = self.addresses.place_of(self._absolute(form.get("action", "")))
            if form.get("method", "get").lower() != "get" or not place or place.draw:
                form.drop_tree()
        for element in list(self.document.iter("input", "script", "link")):
            element.attrib.pop("data-suggest", None)
            if _is_of_a_server(element):
                element.drop_tree()

    def _take_out_lost(self) -> None:
        """Links to places of the page that are in it no more, and headings of what is gone."""
        for link in list(self.document.iter("a")):
            name = link.get("href", "")
            if name.startswith("#") and self.document.get_element_by_id(name[1:], None) is None:
                link.drop_tree()

    # -- links ---------------------------------------------------------------------------------------------------------
    def _lead(self, element: etree._Element) -> None:
        if element.tag == "use":
            self._shape(element)
            return
        for name in LINKS:
            if (value := element.get(name)) is not None:
                element.set(name, self._led(element, value))
        if value := element.get("srcset"):
            pairs = (one.split(" ", 1) for one in value.split(", "))
            element.set("srcset", ", ".join(f"{self._led(element, href)} {size}" for href, size in pairs))

    def _led(self, element: etree._Element, value: str) -> str:
        if value.startswith("#") or element.get("rel") == "canonical" or not is_own(value):
            return value
        target = self._target(value, to_site="data-site" in element.attrib)
        if target.needs:
            self.result.needs.add(target.needs)
        elif target.is_site and element.tag == "a":
            element.set("class", f"{element.get('class', '')} to-site".strip())
        return target.form if element.tag == "form" else target.href

    def _target(self, value: str, *, to_site: bool) -> Target:
        """Remembered by the folder that the link is in: navigation is the same on a thousand pages."""
        if not value.startswith("/"):
            return self._looked_up(value, to_site)
        key = self.folder, value, to_site
        known = self.addresses.targets
        if key not in known:
            if len(known) > MOST_TARGETS:
                known.clear()
            known[key] = self._looked_up(value, to_site)
        return known[key]

    def _looked_up(self, value: str, to_site: bool) -> Target:
        absolute, fragment = urldefrag(self._absolute(value))
        mark = f"#{fragment}" if fragment else ""
        place = None if to_site else self.addresses.place_of(absolute)
        if place is None:
            href = settings.SITE_URL + absolute + mark
            return Target(href, href, is_site=True)
        path = posixpath.relpath(place.file, self.folder or ".")
        query = f"?{place.query}" if place.query else ""
        needs = "" if place.query else place.draw or absolute
        return Target(f"{path}{query}{mark}", path, needs)

    def _absolute(self, value: str) -> str:
        """Path and query; of an own address written with its host, too."""
        parts = urlsplit(urljoin(f"http://here{self.address}", value))
        return parts._replace(scheme="", netloc="").geturl()

    # -- drawings ------------------------------------------------------------------------------------------------------
    def _shape(self, use: etree._Element) -> None:
        """A browser takes no shape out of another file without a server: it is put into the page."""
        sprite, name = urldefrag(use.get("href", ""))
        if sprite:
            self.shapes[name] = posixpath.basename(urlsplit(sprite).path).split(".")[0]
            use.set("href", f"#{name}")

    def _sprites(self) -> str:
        symbols = "".join(_symbols(sprite)[name] for name, sprite in sorted(self.shapes.items()))
        return f'<svg xmlns="{SVG}" width="0" height="0" hidden>{symbols}</svg>' if symbols else ""


def rewritten(addresses: Addresses, address: str, file: str, content: str) -> Rewritten:
    page = Page(addresses, address, file, content.replace("</body>", f"<i>{SPRITES}</i></body>"))
    return page.rewritten()


def _is_of_a_server(element: etree._Element) -> bool:
    """The moment that a form carries along, a script that asks the site, a feed."""
    if element.tag == "input":
        return element.get("type") == "hidden" and element.get("name") in MOMENT
    if element.tag == "script":
        return posixpath.basename(urlsplit(element.get("src", "")).path).split(".")[0] not in SCRIPTS
    return element.get("rel") == "alternate"


@cache
def _symbols(sprite: str) -> dict[str, str]:
    """By name, as they are written."""
    with open(str(finders.find(f"{sprite}.svg")), "rb") as file:
        tree = etree.fromstring(file.read())
    symbols = tree.iter(f"{{{SVG}}}symbol")
    return {one.get("id", ""): _plain(one) for one in symbols}


def _plain(symbol: etree._Element) -> str:
    symbol.tail = None
    return etree.tostring(symbol, encoding="unicode").replace(f' xmlns="{SVG}"', "")
