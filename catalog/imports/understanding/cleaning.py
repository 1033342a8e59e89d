"""From cells to values: what Excel made of a text, and then what the catalogue of fields says of it. Pure.

Empty cells, and the signs people put for empty, give no value at all: an import never erases what is known.
"""

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from catalog.fields.catalogue import CERTIFICATE, ENTERPRISE, PRODUCT
from catalog.fields.field import Field, says_nothing
from catalog.fields.readings import validity
from catalog.fields.unfit import Unfit
from portal.core.text import dates, numbers, uscc
from portal.core.text.normalise import clean

from .heading_words import ENTERPRISES, FIELDS, PRODUCTS

Cell = Any
Clean = Callable[[Cell], Any]

_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|GETTING_DATA|CALC!)", re.I)
_TEXT_FORMULA = re.compile(r'="((?:[^"]|"")*)"')
_SAYS_MORE = (
    "=",
    "#",
    "'",
)  # a text that begins so may be a formula, an error, or a text that Excel keeps one
LONGEST_REMEMBERED = 400
REMEMBERED = 2048  # values of each field, for the life of the process; they hang on nothing but the text
_BETWEEN_NAMES = re.compile(r"[、,，;；/\n]+")
_AHEAD = " \t\r\n\u3000\u00a0\u200b\u200c\u200d\u2060\ufeff"


def text_of(cell: Cell, label: str = "") -> str:
    """The text a cell shows, as it stands; '' for an empty one. Raises Unfit where Excel has spoiled it."""
    if cell is None or cell == "":
        return ""
    if isinstance(cell, str):
        return _text(cell)
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, list):
        raise Unfit("became-date", label=label)
    if not abs(cell) < 1e15:
        raise Unfit("digits-lost", label=label)
    return str(int(cell)) if cell == int(cell) else f"{cell:.15g}"


def _text(cell: str) -> str:
    if cell[:1].isalnum():
        return cell
    text = cell.lstrip(_AHEAD)
    if not text.startswith(_SAYS_MORE):
        return cell
    text = text.rstrip(_AHEAD)
    if text[0] == "=":
        if not (match := _TEXT_FORMULA.fullmatch(text)):
            raise Unfit("formula-without-value")
        return match[1].replace('""', '"')
    if text[0] == "'":
        return text[1:]  # how Excel, and our own exports, keep a text a text
    if _ERROR.fullmatch(text):
        raise Unfit("cell-error")
    return text


def shown(cell: Cell) -> str:
    """A cell as it is quoted in a fault."""
    if isinstance(cell, list):
        return str(cell[0]).removesuffix("T00:00:00")
    if isinstance(cell, float) and cell == cell and abs(cell) < 1e15 and cell == int(cell):
        return str(int(cell))
    return "" if cell is None else str(cell)[:200]


def is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _declared(field: Field) -> Clean:
    # A list says the same maker, body, category and standard row after row; what is unfit is read again each time.
    read = field.read if field.limit > LONGEST_REMEMBERED else lru_cache(maxsize=REMEMBERED)(field.read)

    def cleaner(cell: Cell) -> Any:
        return read(text_of(cell, field.label))

    return cleaner


def _day(field: Field) -> Clean:
    def cleaner(cell: Cell) -> Any:
        return field.read(_text(cell)) if isinstance(cell, str) else _own_day(field, cell)

    return cleaner


def _validity(cell: Cell) -> tuple[datetime.date | None, datetime.date] | None:
    """First day, where the cell gives a range, and last day."""
    if isinstance(cell, str):
        return _RANGE.read(_text(cell))
    day = _own_day(_RANGE, cell)
    return (None, day) if day else None


def _own_day(field: Field, cell: Cell) -> datetime.date | None:
    """A day that Excel keeps as one, or as a number."""
    if cell is None:
        return None
    try:
        return dates.read_date(_moment(cell[0]) if isinstance(cell, list) else cell)
    except ValueError as error:
        raise Unfit("date", label=field.label, reason=str(error)) from error


def _moment(text: str) -> datetime.date | str:
    try:
        return datetime.datetime.fromisoformat(text)
    except ValueError:
        return text  # a time of day: no date, and said so


def _serial(cell: Cell) -> int | None:
    text = clean(text_of(cell, _LABELS[PRODUCTS]["serial"]))
    if says_nothing(text):
        return None
    if isinstance(cell, float | int):
        text = text.zfill(8)
    serial = numbers.parse_number(text)
    if serial is None:
        raise Unfit("serial", value=text)
    return serial


def _uscc(cell: Cell) -> uscc.Verdict | None:
    """The verdict on a code; whether a doubtful one is registered already is for the register to say."""
    if isinstance(cell, float) and abs(cell) >= 1e14:
        raise Unfit("digits-lost", label=ENTERPRISE["uscc"].label)
    return ENTERPRISE["uscc"].read(text_of(cell, ENTERPRISE["uscc"].label))


def former_names_in(text: str) -> list[str]:
    """The names in a cell, each as a former name is kept. Raises Unfit."""
    parts = _BETWEEN_NAMES.split(text)
    return [name for part in parts if (name := ENTERPRISE["former_name"].read(part))]


def _former_names(text: str) -> str:
    return "、".join(former_names_in(text))


def _place(name: str, limit: int) -> Field:
    """A part of a place, in a column of its own."""
    return replace(ENTERPRISE["division"], name=name, label=_LABELS[ENTERPRISES][name], limit=limit)


_RANGE = replace(CERTIFICATE["valid_until"], rule=validity)
_LABELS = {register: {entry.name: entry.label for entry in entries} for register, entries in FIELDS.items()}
# What a column of each field holds: what a heading is understood as is called as the column that it fills.
_FIELDS: dict[str, Mapping[str, Field]] = {
    PRODUCTS: {
        **PRODUCT,
        **{name: field for name, field in CERTIFICATE.items() if name != "number"},
        "certificate_number": CERTIFICATE["number"],
        "enterprise": ENTERPRISE["name"],
    },
    ENTERPRISES: {
        **{name: field for name, field in ENTERPRISE.items() if name != "former_name"},
        "former_names": replace(ENTERPRISE["former_name"], limit=400, rule=_former_names),
        "province": _place("province", 40),
        "city": _place("city", 60),
        "county": _place("county", 60),
        "any_phone": replace(ENTERPRISE["phone"], label=_LABELS[ENTERPRISES]["any_phone"], is_personal=True),
    },
}
_DAYS = ("issued_on", "status_on")
_SPECIAL: dict[str, Clean] = {"serial": _serial, "uscc": _uscc, "valid_until": _validity}
_CLEANERS: dict[str, dict[str, Clean]] = {
    register: {name: (_day if name in _DAYS else _declared)(field) for name, field in fields.items()}
    | {name: special for name, special in _SPECIAL.items() if name in _LABELS[register]}
    for register, fields in _FIELDS.items()
}

LABELS = {
    register: labels | {name: field.label for name, field in _FIELDS[register].items()}
    for register, labels in _LABELS.items()
}


def cleaner(register: str, field: str) -> Clean:
    return _CLEANERS[register][field]


def may_be_left_out(register: str, field: str) -> bool:
    """Whether a row is taken without a value that is unfit: what may stay empty stops no row."""
    declared = _FIELDS[register].get(field)
    return declared is not None and declared.may_be_left_out


def quoted(register: str, field: str, cell: Cell) -> str:
    """A cell as a fault quotes it: what names a person is in no report."""
    declared = _FIELDS[register].get(field)
    return "" if declared is not None and declared.is_personal else shown(cell)
