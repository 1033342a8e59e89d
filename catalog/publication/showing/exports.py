"""The rows of a list as files: CSV, XLSX and JSON Lines, streamed, the same rows in the same order as on the pages.

Every row carries the edition, the day and the head of the chain at that edition, so that a row taken out of its file
can still be traced.
"""

import csv
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, BinaryIO

import xlsxwriter

from catalog.products.models import Certificate
from catalog.publication.showing.tables import EnterpriseRow, ProductRow
from portal.core.editions.models import Edition
from portal.core.pages.reading import ReadAt

Row = ProductRow | EnterpriseRow
Cell = str | int | date | None
# field name in JSON, heading in CSV and XLSX, value
Column = tuple[str, str, Callable[[Any], Cell]]

STARS = dict(Certificate.Star.choices)
# What a spreadsheet would take for a formula. A tab or a line break can stand before it.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")

PRODUCT_COLUMNS: list[Column] = [
    ("number", "清单编号", lambda row: row.line.number),
    ("name", "产品名称", lambda row: row.line.name),
    ("models", "规格型号", lambda row: row.line.models_text),
    ("brand", "品牌", lambda row: row.line.brand),
    ("category", "产品类别", lambda row: row.line.category_name),
    ("category_code", "类别代码", lambda row: row.line.category_code),
    ("enterprise", "企业名称", lambda row: row.line.enterprise_name),
    ("uscc", "统一社会信用代码", lambda row: row.line.enterprise_uscc),
    ("division", "企业所在地", lambda row: row.line.division_name),
    ("division_code", "区划代码", lambda row: row.line.division_code),
    ("publisher", "发布方", lambda row: row.publisher),
    ("batch", "批次", lambda row: row.line.listed_in),
    ("basis", "列入依据", lambda row: row.line.get_basis_display()),
    ("certificate", "证书编号", lambda row: row.line.certificate_number),
    ("body", "认证机构", lambda row: row.certificate and row.certificate.body_name),
    ("star", "认证等级", lambda row: row.certificate and STARS.get(row.certificate.star, "")),
    ("issued_on", "发证日期", lambda row: row.certificate and row.certificate.issued_on),
    ("valid_until", "有效期至", lambda row: row.certificate and row.certificate.valid_until),
    ("requirement", "地方技术要求", lambda row: row.line.requirement_title),
    ("status", "状态", lambda row: row.standing.word),
]
ENTERPRISE_COLUMNS: list[Column] = [
    ("uscc", "统一社会信用代码", lambda row: row.line.uscc),
    ("name", "企业名称", lambda row: row.line.name),
    ("former_names", "曾用名", lambda row: "、".join(former["name"] for former in row.line.former_names)),
    ("division", "所在地", lambda row: row.line.division_name),
    ("division_code", "区划代码", lambda row: row.line.division_code),
    ("phone", "单位电话", lambda row: row.line.phone),
    ("website", "网址", lambda row: row.line.website),
    ("sells_in", "销售范围", lambda row: row.line.sells_in),
    ("publisher", "发布方", lambda row: row.publisher),
    ("batch", "批次", lambda row: row.line.listed_in),
    ("products", "在列产品", lambda row: row.product_count),
    ("status", "状态", lambda row: row.standing.word),
]


def with_source(columns: list[Column], reading: ReadAt) -> list[Column]:
    """The columns, and behind them where the row was read."""
    head = Edition.objects.filter(number=reading.edition).values_list("head", flat=True).first() or ""
    return [
        *columns,
        ("edition", "版号", lambda _row: reading.edition),
        ("as_of", "截至日期", lambda _row: reading.day),
        ("head", "链头", lambda _row: head),
    ]


def values(columns: Sequence[Column], row: Row) -> list[Cell]:
    return [value(row) for _name, _heading, value in columns]


def printed(cell: Cell) -> str | int:
    if cell is None:
        return ""
    return cell.isoformat() if isinstance(cell, date) else cell


def harmless(cell: Cell) -> str | int:
    """A text that a spreadsheet would compute gets an apostrophe before it."""
    text = printed(cell)
    return f"'{text}" if isinstance(text, str) and text.startswith(FORMULA_SIGNS) else text


class Line:
    """A file that hands back what was written to it; csv.writer wants a file."""

    def write(self, text: str) -> str:
        return text


def as_csv(columns: Sequence[Column], rows: Iterator[Row]) -> Iterator[str]:
    """UTF-8 with a byte order mark, without which Excel guesses another encoding."""
    writer = csv.writer(Line())
    yield "\ufeff" + writer.writerow([heading for _name, heading, _value in columns])
    for row in rows:
        yield writer.writerow([harmless(cell) for cell in values(columns, row)])


def as_jsonl(columns: Sequence[Column], rows: Iterator[Row]) -> Iterator[str]:
    names = [name for name, _heading, _value in columns]
    for row in rows:
        cells = [printed(cell) for cell in values(columns, row)]
        yield json.dumps(dict(zip(names, cells, strict=True)), ensure_ascii=False) + "\n"


def as_xlsx(columns: Sequence[Column], rows: Iterator[Any]) -> BinaryIO:
    """A workbook in a temporary file that goes when it is closed; one row at a time is kept in memory."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response that sends it closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as workbook:
        bold = workbook.add_format({"bold": True})
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        sheet = workbook.add_worksheet("清单")
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(columns) - 1, 18)
        sheet.write_row(0, 0, [heading for _name, heading, _value in columns], bold)
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(values(columns, row)):
                if isinstance(cell, date):
                    sheet.write_datetime(number, place, cell, day)
                elif cell is not None:
                    sheet.write(number, place, cell)
    file.seek(0)
    return file
