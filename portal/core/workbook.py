"""A workbook of any length in a small memory and a tenth of the time that a call a cell takes.

xlsxwriter makes the workbook with its heading row; the rows are written into its sheet as they come. Texts stand in their
cells as inline strings, which nothing computes.
"""

import datetime
import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import BinaryIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

Cell = str | int | datetime.date | None

MOST_ROWS = 1_048_575  # below the heading; Excel's limit
LONGEST = 32_767  # of a cell
SHEET = "xl/worksheets/sheet1.xml"
FIRST_DAY = datetime.date(1899, 12, 30)
FROM_SERIAL = 61  # before March 1900 Excel counts a day that never was
ROWS_AT_A_TIME = 500
DECLARATION = (
    "由绿色建材下乡公共信息发布平台生成。状态按「截至日期」判断，以后可能改变；请以本站当时的内容为准。"
)
# What XML cannot hold, and what a spreadsheet would read as an escape of it.
ESCAPED = re.compile("[\\x00-\\x08\\x0b-\\x1f\\ud800-\\udfff\\ufffe\\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True)
class Table:
    """`days` says which columns are dates; `about` stands on a sheet of its own; `made_on` is the date in the file."""

    headings: Sequence[str]
    days: Sequence[bool]
    about: Sequence[tuple[str, str | int]]
    made_on: datetime.date


def as_xlsx(table: Table, rows: Iterable[Sequence[Cell]]) -> BinaryIO:
    """In a temporary file that goes when it is closed; a few hundred rows at a time are kept in memory."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    try:
        with ZipFile(io.BytesIO(_empty(table))) as empty, ZipFile(file, "w") as full:
            for name in empty.namelist():
                content = empty.read(name)
                parts = _with_rows(content.decode(), table, rows) if name == SHEET else [content]
                _add(full, name, parts)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def _empty(table: Table) -> bytes:
    """The workbook without rows. The same every time: its date is given."""
    content = io.BytesIO()
    as_written = {"strings_to_urls": False, "strings_to_formulas": False}
    with xlsxwriter.Workbook(content, {"in_memory": True, **as_written}) as workbook:
        made_at = datetime.datetime.combine(table.made_on, datetime.time(), datetime.UTC)
        workbook.set_properties({"created": made_at.replace(tzinfo=None)})
        bold = workbook.add_format({"bold": True})
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        sheet = workbook.add_worksheet("清单")
        sheet.freeze_panes(1, 0)
        for place, is_day in enumerate(table.days):
            sheet.set_column(place, place, 12 if is_day else 18, day if is_day else None)
        sheet.write_row(0, 0, table.headings, bold)
        about = workbook.add_worksheet("说明")
        about.set_column(0, 0, 14, bold)
        about.set_column(1, 1, 100)
        for place, (label, value) in enumerate([*table.about, ("声明", DECLARATION)]):
            about.write_row(place, 0, (label, value))
    return content.getvalue()


def _add(archive: ZipFile, name: str, parts: Iterable[bytes]) -> None:
    """Without the moment at which it was done: the same rows make the same file."""
    info = ZipInfo(name)
    info.compress_type = ZIP_DEFLATED
    with archive.open(info, "w", force_zip64=name == SHEET) as out:
        for part in parts:
            out.write(part)


def _with_rows(sheet: str, table: Table, rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The sheet with its rows; without its dimension, which knows of the heading alone."""
    before, end, after = re.sub(r"<dimension [^>]*/>", "", sheet).partition("</sheetData>")
    style = re.search(r'<col [^>]*style="(\d+)"', before)
    draw = _Drawing(table.days, style[1] if style else "0")
    yield before.encode()
    numbered = (draw.row(number, row) for number, row in enumerate(rows, start=2))
    while chunk := "".join(islice(numbered, ROWS_AT_A_TIME)):
        yield chunk.encode()
    yield (end + after).encode()


class _Drawing:
    def __init__(self, days: Sequence[bool], day_style: str):
        self.places = [(xl_col_to_name(place), is_day) for place, is_day in enumerate(days)]
        self.day_style = day_style

    def row(self, number: int, cells: Sequence[Cell]) -> str:
        drawn = [
            self.cell(f"{letters}{number}", cell, is_day)
            for (letters, is_day), cell in zip(self.places, cells, strict=True)
            if cell is not None and cell != ""
        ]
        return f'<row r="{number}">{"".join(drawn)}</row>'

    def cell(self, place: str, cell: str | int | datetime.date, is_day: bool) -> str:
        if is_day and (serial := _serial(cell)) >= FROM_SERIAL:
            return f'<c r="{place}" s="{self.day_style}"><v>{serial}</v></c>'
        if isinstance(cell, int):
            return f'<c r="{place}"><v>{cell}</v></c>'
        return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{_text(str(cell))}</t></is></c>'


@lru_cache(maxsize=4096)
def _serial(day: str | int | datetime.date) -> int:
    given = day if isinstance(day, datetime.date) else datetime.date.fromisoformat(str(day))
    return (given - FIRST_DAY).days


def _text(text: str) -> str:
    if not text.isprintable() or "_x" in text:
        text = ESCAPED.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    return escape(text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…")
