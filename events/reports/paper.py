"""A report as a PDF to print on A4, set by typst as the sheets are."""

from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from portal.core.pages.memory import MEGABYTE, Memory
from portal.core.pages.parameters import Query
from portal.core.pages.reading import newest_edition
from portal.core.text.normalise import clean
from portal.core.typesetting import qr_code, typeset

from .counted import Counted, Line
from .models import ReportVersion
from .shown import Shown

LAYOUT = Path(__file__).parent / "report.typ"
_set: Memory[bytes] = Memory(8 * MEGABYTE)


def paper(version: ReportVersion, *, is_demonstration: bool) -> bytes:
    """Kept for whoever asks again, until anything is published. Raises TypesettingError."""
    key = version.pk, is_demonstration, newest_edition()
    return _set.kept(key, lambda: typeset(LAYOUT, data_of(version, is_demonstration=is_demonstration)))


def data_of(version: ReportVersion, *, is_demonstration: bool) -> dict:
    shown = Shown(version)
    address = settings.SITE_URL + Query().put(**version.cited).link(version.report.href)
    return {
        "demonstration": is_demonstration,
        "title": version.title,
        "unit": version.unit,
        "withdrawn": version.change_note if version.is_withdrawn else "",
        "counted": shown.counted_words,
        "edition": version.from_edition_id,
        "texts": [[label, _paragraphs(text)] for label, text in shown.texts],
        "headings": ["指标", "单位", shown.now_heading, shown.before_heading, "增减"],
        "groups": [
            {"label": group.label, "note": group.note, "rows": [_row(line) for line in group.lines]}
            for group in shown.groups
        ],
        "columns": [f"{column.label}（{column.unit}）" for column in version.columns],
        "regions": [[row.name, *(f"{count:,}" for count, _href in row.cells)] for row in shown.region_rows],
        "host": str(urlsplit(settings.SITE_URL).netloc),
        "path": version.report.href,
        "qr": qr_code(address),
    }


def _row(line: Line) -> list[str]:
    return [
        f"　{line.label}" if line.is_part else line.label,
        line.unit,
        _words(line.now),
        _words(line.before),
        line.change,
    ]


def _words(side: Counted | None) -> str:
    return side.words if side else "未报"


def _paragraphs(text: str) -> list[str]:
    return [clean(part) for part in text.splitlines() if part.strip()]
