"""Makes workbooks for the tests, honest ones in many layouts, and reads their rows."""

import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
import xlwt

from catalog.imports.reading.sheets import read

Rows = list[list]


def write_xlsx(path: Path, sheets: dict[str, Rows], merges: dict[str, list[str]] | None = None) -> Path:
    """Rows as they stand; dates become Excel dates; `merges` are ranges like 'A1:C1' by sheet."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for where in (merges or {}).get(name, []):
            sheet.merge_range(where, "")
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, datetime.date):
                    sheet.write_datetime(number, column, value, day)
                elif value not in (None, ""):
                    sheet.write(number, column, value)
    book.close()
    return path


def write_xls(path: Path, sheets: dict[str, Rows], merges: dict[str, list[tuple]] | None = None) -> Path:
    """The same as an old .xls; merges are (top, bottom, left, right) counted from 0, with their text."""
    book = xlwt.Workbook(encoding="utf-8")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for top, bottom, left, right, text in (merges or {}).get(name, []):
            sheet.write_merge(top, bottom, left, right, text)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, datetime.date):
                    sheet.write(number, column, value, day)
                elif value not in (None, ""):
                    sheet.write(number, column, value)
    book.save(str(path))
    return path


def write_csv(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def rows_of(path: Path, sheet: int = 0, **options: Any) -> Rows:
    with read(path, **options) as reading:
        return [cells for _number, cells in reading.rows(reading.sheets[sheet])]
