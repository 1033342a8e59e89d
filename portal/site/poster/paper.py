"""The poster as a PDF for the printer and as a picture for a chat group, set by typst as the sheets are."""

from pathlib import Path
from typing import Literal

from catalog.products.drawings import shapes
from portal.core.pages.cache import seen
from portal.core.pages.memory import MEGABYTE, Memory
from portal.core.pages.reading import newest_edition
from portal.core.pages.templatetags.pages import day_words
from portal.core.typesetting import qr_code, typeset

from .poster import Poster, Row

LAYOUT = Path(__file__).parent / "poster.typ"
FORMS: dict[str, tuple[str, Literal["pdf", "png"]]] = {
    "a3.pdf": ("a3", "pdf"),
    "a4.pdf": ("a4", "pdf"),
    "a4.png": ("a4", "png"),
}
_set: Memory[bytes] = Memory(16 * MEGABYTE)


def paper(poster: Poster, form: str) -> bytes:
    """Kept for whoever asks again, until anything is published or the index is another. Raises TypesettingError."""
    size, kind = FORMS[form]
    reading = poster.reading
    key = (
        form,
        poster.filters.query,
        reading.edition,
        reading.day,
        newest_edition(),
        seen.get().built,
        poster.is_demonstration,
    )
    return _set.kept(key, lambda: typeset(LAYOUT, data_of(poster, size), form=kind))


def data_of(poster: Poster, size: str) -> dict:
    return {
        "paper": size,
        "here": poster.here,
        "above": poster.above,
        "demonstration": poster.is_demonstration,
        "lead": poster.lead,
        "rule": poster.rule,
        "groups": [
            {
                "label": group.label,
                "drawing": _drawing(group.kind),
                "rows": [fitted(row) for row in group.rows],
            }
            for group in poster.groups
        ],
        "size": size_of(poster),
        "has_subsidy": bool(poster.subsidised),
        "complaint": poster.complaint,
        "edition": poster.reading.edition,
        "day": day_words(poster.reading.day),
        "until": day_words(poster.until),
        "host": poster.host,
        "qr": qr_code(poster.address),
    }


def fitted(row: Row) -> list[str]:
    """What goes into two lines of the smaller type: a poster is one page, whatever things are called."""
    return [
        _short(row.name, 32),
        row.stars,
        _short(row.maker, 32),
        row.subsidy if len(row.subsidy) <= 20 else "有，扫码看",
        row.number,
    ]


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def size_of(poster: Poster) -> str:
    """As large as the page allows: the more lines the rows need beside their first, the smaller."""
    rows = [fitted(row) for group in poster.groups for row in group.rows]
    more = sum(map(_more_lines, rows))
    return "large" if more <= 4 else "medium" if more <= 14 else "small"


def _more_lines(row: list[str]) -> int:
    """At the largest type, by how many signs go into a line of each column."""
    name, _stars, maker, subsidy, _number = row
    return max((len(text) - 1) // most for text, most in ((name, 11), (maker, 14), (subsidy, 10)))


def _drawing(kind: str) -> str:
    """In black: a printer of a village has no other."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke="black" stroke-width="2" '
        f'stroke-linecap="round" stroke-linejoin="round">{shapes().get(kind, "")}</svg>'
    )
