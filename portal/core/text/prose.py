"""Prose with a little markup: which elements it may have, and what is left of a text when all others are taken out.

The list says what is allowed; nothing is looked for that is forbidden. `sanitise` stands at both doors, where prose is
stored and where it is drawn, and doing it again changes nothing.
"""

import html
import re
from html.parser import HTMLParser

import nh3

from portal.core.text.normalise import clean

TAGS = frozenset(
    {
        *("p", "h2", "h3", "blockquote", "br", "ul", "ol", "li"),
        *("strong", "em", "a", "sub", "sup"),
        *("table", "caption", "thead", "tbody", "tr", "th", "td"),
    }
)
ATTRIBUTES = {
    "a": {"href"},
    "ol": {"start"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
}
SCHEMES = frozenset({"http", "https", "mailto", "tel"})
DROPPED = frozenset({"script", "style", "template", "noscript", "iframe", "object", "title", "textarea"})
BLOCKS = "p|h2|h3|li|blockquote|caption|tr|br|ul|ol|table"

_RENAMED = {"div": "p", "h1": "h2", "h4": "h3", "h5": "h3", "h6": "h3", "b": "strong", "i": "em"}
_RENAME = re.compile(rf"<(/?)({'|'.join(_RENAMED)})(?=[\s/>])", re.IGNORECASE)
_HREF = re.compile(r"(?:https?://[^/\s]|mailto:[^\s]|tel:[+\d]|/(?![/\\])|#)", re.IGNORECASE)
_SPAN = re.compile(r"[1-9][0-9]?")
_ANY_TAG = re.compile(r"</?[a-z]", re.IGNORECASE)
_BLOCK_TAG = re.compile(rf"<(?:{BLOCKS}|div|h1|h[4-6])[\s/>]", re.IGNORECASE)
_BLOCK_END = re.compile(rf"<br>|</(?:{BLOCKS})>")
_CELL_END = re.compile(r"</t[hd]>")
_EMPTY = re.compile(r"<(p|h2|h3|li|blockquote)>(?:\s|<br>)*</\1>")


def sanitise(text: str) -> str:
    """`text` with the elements and attributes of the list alone; words in other elements stay, scripts do not."""
    renamed = _RENAME.sub(lambda found: f"<{found[1]}{_RENAMED[found[2].lower()]}", text)
    once = _clean_lines(_allowed(_clean_lines(renamed)))
    return _without_empty(_allowed(once)).strip()


def from_textarea(text: str) -> str:
    """What an editor sends: markup, or typed text whose empty lines part paragraphs."""
    if _BLOCK_TAG.search(text):
        return sanitise(text)
    typed = text if _ANY_TAG.search(text) else html.escape(text, quote=False)
    parts = re.split(r"\n\s*\n", typed.replace("\r\n", "\n").strip())
    return sanitise("".join(f"<p>{part.replace(chr(10), '<br>')}</p>" for part in parts))


def plain_text(prose: str) -> str:
    """The words alone, a line for each block: for search, excerpts and checks."""
    # The ends stay: words after a table that is never closed would be put before it.
    parted = _CELL_END.sub(r" \g<0>", _BLOCK_END.sub(r"\n\g<0>", prose))
    words = html.unescape(nh3.clean(parted, tags=set(), clean_content_tags=set(DROPPED)))
    return "\n".join(line for line in (" ".join(line.split()) for line in words.splitlines()) if line)


def links(prose: str) -> list[str]:
    """Addresses of the links in sanitised prose, in their order."""
    reader = _Links()
    reader.feed(prose)
    reader.close()
    return reader.found


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]


def _allowed(text: str) -> str:
    return nh3.clean(
        text,
        tags=set(TAGS),
        clean_content_tags=set(DROPPED),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=_attribute,
        url_schemes=set(SCHEMES),
        link_rel=None,
        strip_comments=True,
    ).replace("&nbsp;", " ")


def _attribute(tag: str, name: str, value: str) -> str | None:
    """The value of an attribute, or None for one that must go."""
    if name == "href":
        value = "".join(value.split())
        return value if _HREF.match(value) else None
    if name == "scope":
        return value if value in ("row", "col") else None
    return value if _SPAN.fullmatch(value) else None


def _clean_lines(text: str) -> str:
    """Without what nobody can see: it would come between search and what a reader reads."""
    return "\n".join(clean(line) for line in text.splitlines())


def _without_empty(text: str) -> str:
    while (shorter := _EMPTY.sub("", text)) != text:
        text = shorter
    return text
