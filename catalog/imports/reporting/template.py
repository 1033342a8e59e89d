"""Empty workbooks to fill in: the headings that every door understands, and the choices of each column in its cells."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from catalog.products.models import Category, Certificate, CertificationBody
from catalog.regions.naming import provinces

from ..understanding.cleaning import LABELS
from ..understanding.fault_list import CHOICES_NAME
from ..understanding.heading_words import ENTERPRISES, PRODUCTS

ROWS = 1_000  # with a list of choices in their cells


@dataclass(frozen=True)
class Column:
    heading: str
    width: int = 16
    choices: Sequence[str] = ()
    note: str = ""


def categories() -> list[str]:
    return list(Category.objects.order_by("group_code", "position").values_list("name", flat=True))


def stars() -> list[str]:
    return [str(label) for _value, label in Certificate.Star.choices]


def for_register(register: str) -> bytes:
    """What an import of that register reads without a question."""
    columns = {PRODUCTS: _of_products, ENTERPRISES: _of_enterprises}[register]()
    return template("清单", columns)


def _of_products() -> list[Column]:
    label = LABELS[PRODUCTS].__getitem__
    bodies = list(CertificationBody.objects.order_by("name").values_list("name", flat=True))
    return [
        Column(label("enterprise"), 30),
        Column(label("uscc"), 22, note="同名企业不止一家时要填。"),
        Column(label("name"), 30),
        Column(label("category"), 22, categories()),
        Column(label("models_text"), 44),
        Column(label("brand")),
        Column(label("body"), 30, bodies),
        Column(label("certificate_number"), 24),
        Column(label("star"), 12, stars()),
        Column(label("issued_on"), note="写成 2024-06-06 这样。"),
        Column(label("valid_until"), note="写成 2029-06-05 这样。"),
        Column(label("standard"), 24),
    ]


def _of_enterprises() -> list[Column]:
    label = LABELS[ENTERPRISES].__getitem__
    plain = ("phone", "website", "sells_in", "contact_person", "contact_phone")
    return [
        Column(label("name"), 30),
        Column(label("uscc"), 22),
        Column(label("province"), choices=[name for _code, name in provinces()]),
        Column(label("city")),
        Column(label("county")),
        Column(label("address"), 36),
        *(Column(label(name), 20) for name in plain),
    ]


def template(sheet_name: str, columns: Sequence[Column]) -> bytes:
    """All cells are text: Excel turns no number into a day, and drops no zero."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False})
    sheet, choices = book.add_worksheet(sheet_name), book.add_worksheet(CHOICES_NAME)
    head = book.add_format({"bold": True, "bottom": 2, "bg_color": "#E2EBDC"})
    text = book.add_format({"num_format": "@"})
    sheet.freeze_panes(1, 0)
    offered = 0
    for at, column in enumerate(columns):
        sheet.write(0, at, column.heading, head)
        sheet.set_column(at, at, column.width, text)
        if column.note:
            sheet.write_comment(0, at, column.note)
        if column.choices:
            _offer(sheet, choices, column, at=at, place=offered)
            offered += 1
    book.close()
    return target.getvalue()


def _offer(sheet: Worksheet, choices: Worksheet, column: Column, *, at: int, place: int) -> None:
    """A list in a cell refers to a column of the second sheet: longer than 255 characters it may not stand in itself."""
    choices.write_column(0, place, [column.heading, *column.choices])
    choices.set_column(place, place, 24)
    letter = xl_col_to_name(place)
    sheet.data_validation(
        1,
        at,
        ROWS,
        at,
        {
            "validate": "list",
            "source": f"='{CHOICES_NAME}'!${letter}$2:${letter}${len(column.choices) + 1}",
            "error_title": column.heading,
            "error_message": f"请从列表里选「{column.heading}」。",
        },
    )
