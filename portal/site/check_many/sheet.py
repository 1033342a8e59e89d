"""The column of numbers in a workbook that a stranger sends: read in the guarded child, under small limits, and forgotten."""

import tempfile
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile

from catalog.imports.reading.guard import check_size
from catalog.imports.reading.limits import MEGABYTE, Limits
from catalog.imports.reading.sheets import Cell, Reading, Sheet, read
from catalog.publication.showing.many import MOST_NUMBERS

LIMITS = Limits(
    bytes=2 * MEGABYTE, rows=2_000, columns=60, sheets=10, inflated_bytes=40 * MEGABYTE, seconds=2
)
HEADINGS = ("证书编号", "证书号", "认证证书编号", "编号", "清单编号", "统一社会信用代码")
LOOKED_AT = 10  # rows in which a heading may stand
LONGEST = 200


def numbers_in_file(upload: UploadedFile) -> list[str]:
    """Texts of the column headed 证书编号 (or the like), else of the first column that holds anything. Raises Refused."""
    check_size(upload.size or 0, LIMITS)
    with tempfile.TemporaryDirectory(prefix="check-") as folder:
        path = Path(folder) / "upload"
        with path.open("wb") as target:
            for chunk in upload.chunks():
                target.write(chunk)
        with read(path, upload.name or "upload", LIMITS) as reading:
            return next((found for sheet in reading.sheets if (found := _column(reading, sheet))), [])


def _column(reading: Reading, sheet: Sheet) -> list[str]:
    rows = [[_text(cell) for cell in cells] for _number, cells in reading.rows(sheet)]
    heading = _heading(rows)
    first = next((place for row in rows for place, cell in enumerate(row) if cell), 0)
    top, column = heading if heading else (-1, first)
    cells = (row[column] for row in rows[top + 1 :] if len(row) > column)
    return [cell[:LONGEST] for cell in cells if cell][: MOST_NUMBERS + 1]


def _heading(rows: list[list[str]]) -> tuple[int, int] | None:
    for wanted in HEADINGS:
        for at, row in enumerate(rows[:LOOKED_AT]):
            if wanted in row:
                return at, row.index(wanted)
    return None


def _text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(str("" if cell is None or isinstance(cell, list | bool) else cell).split())
