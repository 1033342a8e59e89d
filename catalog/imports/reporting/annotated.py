"""Gives the operator the same workbook back: bad cells coloured and commented, and a list of all faults.

Same sheets, rows, columns and values, so that cells can be mended where they are marked and the file uploaded
again; merged cells stay merged, because their value counts for all of their rows.
"""

import datetime
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ..reading.sheets import Cell, Reading, Sheet
from ..understanding.fault_list import LIST_HEADINGS, LIST_NAME, is_fault_list
from ..understanding.faults import Fault

COMMENTS = 5_000  # more make a workbook slow to open; the list has them all
LINKS = 60_000  # Excel's limit is 65,530 a sheet
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}

ByCell = dict[tuple[int, int], list[Fault]]


def annotated(reading: Reading, faults: Iterable[Fault]) -> bytes:
    with tempfile.TemporaryDirectory(prefix="marked-") as folder:
        return write_annotated(reading, faults, Path(folder) / "marked.xlsx").read_bytes()


def write_annotated(reading: Reading, faults: Iterable[Fault], target: Path) -> Path:
    """Write the annotated copy of what was read to `target` (.xlsx, also for .xls and .csv)."""
    by_sheet: dict[str, ByCell] = {}
    for fault in faults:
        cell = (fault.row, max(fault.column, 1))
        by_sheet.setdefault(fault.sheet, {}).setdefault(cell, []).append(fault)
    book = xlsxwriter.Workbook(str(target), _OPTIONS)
    names, formats = _Names(), _Formats.of(book)
    marked = [sheet for sheet in reading.sheets if not is_fault_list(reading, sheet)]
    written: dict[str, str] = {}
    comments = [COMMENTS]
    for sheet in marked:
        written[sheet.name] = names.free(sheet.name)
        worksheet = book.add_worksheet(written[sheet.name])
        if sheet.hidden and len(marked) > 1:
            worksheet.hide()
        _SheetCopy(worksheet, formats, by_sheet.get(sheet.name, {}), comments).write(reading, sheet)
    _write_list(book.add_worksheet(names.free(LIST_NAME)), formats, by_sheet, written)
    book.close()
    return target


@dataclass(frozen=True)
class _Formats:
    bad: Format
    day: Format
    moment: Format
    bad_day: Format
    head: Format
    wrapped: Format

    @classmethod
    def of(cls, book: xlsxwriter.Workbook) -> "_Formats":
        red: dict[str, Any] = {
            "bg_color": "#F8E6DF",
            "font_color": "#A1332A",
            "border": 1,
            "border_color": "#A1332A",
        }
        return cls(
            bad=book.add_format(red),
            day=book.add_format({"num_format": "yyyy-mm-dd"}),
            moment=book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            bad_day=book.add_format(red | {"num_format": "yyyy-mm-dd"}),
            head=book.add_format({"bold": True, "bottom": 2}),
            wrapped=book.add_format({"text_wrap": True, "valign": "top"}),
        )


@dataclass
class _Names:
    """Sheet names as Excel allows them, each once."""

    used: set[str] = field(default_factory=set)

    def free(self, wanted: str) -> str:
        plain = (
            "".join("_" if letter in "[]:*?/\\" else letter for letter in wanted).strip("'")[:31] or "Sheet"
        )
        name, number = plain, 2
        while name.casefold() in self.used:
            name, number = f"{plain[:28]}_{number}", number + 1
        self.used.add(name.casefold())
        return name


@dataclass
class _SheetCopy:
    worksheet: Worksheet
    formats: _Formats
    faults: ByCell
    comments: list[int]  # how many are left for the whole workbook

    def write(self, reading: Reading, sheet: Sheet) -> None:
        # merge_range() would write into rows that constant_memory has already let go, or not yet reached.
        self.worksheet.merge.extend(
            [top - 1, left - 1, bottom - 1, right - 1] for top, left, bottom, right in sheet.merges
        )
        by_row: dict[int, dict[int, list[Fault]]] = {}
        for (row, column), faults in self.faults.items():
            by_row.setdefault(row, {})[column] = faults
        widths: dict[int, int] = {}
        hidden = {row for first, last in sheet.hidden_rows for row in range(first, last + 1)}
        for number, cells in reading.rows(sheet):
            if number in hidden:  # what nobody saw stays to be asked about
                self.worksheet.set_row(number - 1, None, None, {"hidden": True})
            bad = by_row.get(number, {})
            for column, cell in enumerate(cells, 1):
                self._write(number, column, cell, column in bad)
                if number <= 60:
                    widths[column] = max(widths.get(column, 0), _width(cell))
            for column, faults in bad.items():
                if column > len(cells):
                    self.worksheet.write_blank(number - 1, column - 1, None, self.formats.bad)
                self._comment(number, column, faults)
        for column, width in widths.items():
            options = {"hidden": column in sheet.hidden_columns}
            self.worksheet.set_column(column - 1, column - 1, min(max(width + 2, 8), 42), None, options)

    def _write(self, row: int, column: int, cell: Cell, is_bad: bool) -> None:
        at, formats = (row - 1, column - 1), self.formats
        if isinstance(cell, list) and len(cell) == 1:
            self._write_moment(row, column, cell[0], is_bad)
        elif isinstance(cell, list):
            self.worksheet.write_number(*at, float(cell[0]), formats.bad if is_bad else None)
        elif cell is None or cell == "":
            if is_bad:
                self.worksheet.write_blank(*at, None, formats.bad)
        elif isinstance(cell, bool):
            self.worksheet.write_boolean(*at, cell, formats.bad if is_bad else None)
        elif isinstance(cell, int | float):
            self.worksheet.write_number(*at, cell, formats.bad if is_bad else None)
        else:
            self.worksheet.write_string(*at, cell, formats.bad if is_bad else None)

    def _write_moment(self, row: int, column: int, text: str, is_bad: bool) -> None:
        at, formats = (row - 1, column - 1), self.formats
        try:
            moment = datetime.datetime.fromisoformat(text)
        except ValueError:
            self.worksheet.write_string(*at, text, formats.bad if is_bad else None)
            return
        plain = formats.day if moment.time() == datetime.time() else formats.moment
        self.worksheet.write_datetime(*at, moment, formats.bad_day if is_bad else plain)

    def _comment(self, row: int, column: int, faults: list[Fault]) -> None:
        if self.comments[0] <= 0:
            return
        self.comments[0] -= 1
        text = "\n".join(fault.message for fault in faults)[:1000]
        height = 30 + 18 * (len(text) // 16 + text.count("\n") + 1)
        self.worksheet.write_comment(
            row - 1,
            column - 1,
            text,
            {"author": "导入检查", "width": 260, "height": min(height, 400), "font_size": 10},
        )


def _write_list(
    worksheet: Worksheet, formats: _Formats, by_sheet: dict[str, ByCell], written: dict[str, str]
) -> None:
    worksheet.activate()
    worksheet.freeze_panes(1, 0)
    for column, width in enumerate((6, 22, 28, 72, 22)):
        worksheet.set_column(column, column, width)
    worksheet.write_row(0, 0, LIST_HEADINGS, formats.head)
    faults = chain.from_iterable(
        found for sheet in written for _, found in sorted(by_sheet.get(sheet, {}).items())
    )
    for number, fault in enumerate(faults, 1):
        worksheet.write_number(number, 0, number)
        if number <= LINKS and fault.row:
            quoted = written[fault.sheet].replace("'", "''")
            place = fault.cell.rpartition("!")[2]
            target = place if fault.column else f"A{fault.row}"
            worksheet.write_url(number, 1, f"internal:'{quoted}'!{target}", string=fault.cell[:255])
        else:
            worksheet.write_string(number, 1, fault.cell)
        worksheet.write_string(number, 2, fault.value, formats.wrapped)
        worksheet.write_string(number, 3, fault.message, formats.wrapped)
        worksheet.write_string(number, 4, fault.rule)


def _width(cell: Cell) -> int:
    text = cell if isinstance(cell, str) else "0000-00-00" if isinstance(cell, list) else str(cell)
    return max(
        (sum(2 if ord(letter) > 255 else 1 for letter in line[:60]) for line in text.split("\n")), default=0
    )
