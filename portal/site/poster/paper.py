"""The poster as a PDF for the printer and as a picture for a chat group, set by typst as the sheets are."""

from pathlib import Path
from typing import Literal

from catalog.products.drawings import shapes
from portal.applications.counter.making.letters import qr_code
from portal.core.pages.memory import MEGABYTE, Memory
from portal.core.pages.reading import newest_edition
from portal.core.pages.templatetags.pages import day_words
from portal.core.typesetting import typeset

from .poster import Poster

LAYOUT = Path(__file__).parent / "poster.typ"
FORMS: dict[str, tuple[str, Literal["pdf", "png"]]] = {
    "a3.pdf": ("a3", "pdf"),
    "a4.pdf": ("a4", "pdf"),
    "a4.png": ("a4", "png"),
}
_set: Memory[bytes] = Memory(16 * MEGABYTE)


def paper(poster: Poster, form: str) -> bytes:
    """Kept for whoever asks again, until anything is published. Raises TypesettingError."""
    size, kind = FORMS[form]
    reading = poster.reading
    key = (
        form,
        poster.filters.query,
        reading.edition,
        reading.day,
        newest_edition(),
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
                "rows": [[row.name, row.stars, row.maker, row.subsidy, row.number] for row in group.rows],
            }
            for group in poster.groups
        ],
        "has_subsidy": bool(poster.subsidised),
        "complaint": poster.complaint,
        "edition": poster.reading.edition,
        "day": day_words(poster.reading.day),
        "until": day_words(poster.until),
        "host": poster.host,
        "qr": qr_code(poster.address),
    }


def _drawing(kind: str) -> str:
    """In black: a printer of a village has no other."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke="black" stroke-width="2" '
        f'stroke-linecap="round" stroke-linejoin="round">{shapes().get(kind, "")}</svg>'
    )
