"""What a finished page says to a reader of its bytes: where it leads, and whether it is an article with a date."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin

from portal.core.pages.links import is_own


@dataclass
class PageFacts:
    """Own addresses in order, without fragments; the meta tags; whether the page says that it is empty."""

    links: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    is_empty: bool = False

    @property
    def is_undated(self) -> bool:
        return "ArticleTitle" in self.meta and not self.meta.get("PubDate", "").strip()


def facts_of(address: str, html: str) -> PageFacts:
    reader = _Reader(address)
    reader.feed(html)
    reader.facts.links = list(dict.fromkeys(reader.facts.links))
    return reader.facts


class _Reader(HTMLParser):
    LEADING = {
        "a": ("href",),
        "link": ("href",),
        "img": ("src", "srcset"),
        "script": ("src",),
        "use": ("href",),
    }
    EMPTY = "empty"  # the class of `pages/empty.html`

    def __init__(self, address: str):
        super().__init__()
        self.address, self.facts = address, PageFacts()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "meta" and "name" in given:
            self.facts.meta[given["name"]] = given.get("content", "")
        if self.EMPTY in given.get("class", "").split():
            self.facts.is_empty = True
        if "nofollow" in given.get("rel", "").split() and tag == "a":
            return
        for name in self.LEADING.get(tag, ()):
            for value in _addresses(name, given.get(name, "")):
                self._note(value)

    def _note(self, value: str) -> None:
        address = urldefrag(urljoin(self.address, value))[0]
        if not address or address.startswith(("mailto:", "tel:", "data:")):
            return
        (self.facts.links if is_own(address) else self.facts.outside).append(address)


def _addresses(name: str, value: str) -> list[str]:
    if name != "srcset":
        return [value.strip()] if value.strip() else []
    return [candidate.split()[0] for candidate in value.split(",") if candidate.split()]
