"""From cells to values: what Excel made of a text, and then what the catalogue of fields says of it. Pure.

Empty cells, and the signs people put for empty, give no value at all: an import never erases what is known.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from catalog.fields.catalogue import CERTIFICATE, ENTERPRISE, PRODUCT
from catalog.fields.field import Field, says_nothing
from catalog.fields.invalid import InvalidValue
from catalog.fields.phones import numbers_within
from portal.core.text import numbers
from portal.core.text.normalise import clean

from .cell_text import Cell, Clean, Mended, shown, text_of
from .days import day_cleaner, validity_cleaner
from .firm_names import parts_of
from .heading_words import ENTERPRISES, FIELDS, PRODUCTS

LONGEST_REMEMBERED = 400
REMEMBERED = 2048  # values of each field, for the life of the process; they hang on nothing but the text
_BETWEEN_NAMES = re.compile(r"[、,，;；/\n]+")
_FLOAT = re.compile(r"\d+\.0+")
_CERTIFICATE_LABEL = re.compile(r"^\s*(?:绿色建材|绿色)?(?:产品)?(?:认证)?证书(?:编号|号码|号)\s*[:：]\s*")
_CERTIFICATE_NOTE = re.compile(r"\s*[(（][^()（）]*[\u4e00-\u9fff][^()（）]*[)）]\s*$|[\s;；,，、。]+$")
_BETWEEN_CERTIFICATES = re.compile(r"[\n\r、;；,，]+")
_BETWEEN_ALIKE = re.compile(
    r"(?:[\s和与及至~～/／]|[(（]\d{1,2}[)）]|[①-⑳])+"
)  # these stand within a number, too: what is on both sides has to be alike
_WORKED = "新增|新列入|变更|更名|换证|续证|延续|补录|调整|更新"
_WORK_MARK = re.compile(
    rf"^\s*(?:[*＊★☆▲△●]+\s*|[(（【\[](?:{_WORKED})[)）】\]]\s*)+|(?:\s*[(（【\[](?:{_WORKED})[)）】\]])+\s*$"
)
_SHORTEST_CERTIFICATE = 4
_ALIKE = 3  # first characters
_CODE_WITHIN = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{18}(?![0-9A-Za-z])")


def _declared(field: Field) -> Clean:
    # A list says the same maker, body, category and standard row after row; what is unfit is read again each time.
    read = field.read if field.limit > LONGEST_REMEMBERED else lru_cache(maxsize=REMEMBERED)(field.read)

    def cleaner(cell: Cell) -> Any:
        return read(text_of(cell, field.label))

    return cleaner


def _numbered(field: Field) -> Clean:
    """A number that a program wrote with a decimal point is the number."""
    read = _declared(field)

    def cleaner(cell: Cell) -> Any:
        text = cell.strip() if isinstance(cell, str) else ""
        if not text.endswith("0") or not _FLOAT.fullmatch(text):
            return read(cell)
        whole = text.partition(".")[0]
        return Mended(read(whole), "mended-float", {"taken": whole})

    return cleaner


def _certificate_number(field: Field) -> Clean:
    """The number, without its label and what is noted behind it: 「证书编号：CTC-1」, 「CTC-1（原CTC-0）」."""
    read, read_plain = _numbered(field), _declared(field)

    def cleaner(cell: Cell) -> Any:
        if (
            not isinstance(cell, str) or len(cell) > LONGEST_REMEMBERED
        ):  # to look for the end takes its square
            return read(cell)
        plain = _CERTIFICATE_NOTE.sub("", _CERTIFICATE_LABEL.sub("", cell.strip()))
        if not plain or plain == cell.strip():
            return read(cell)
        return Mended(read_plain(plain), "mended-number", {"taken": plain})

    return cleaner


def _product_name(field: Field) -> Clean:
    """The name, without what the list notes beside it about the row: 「（新增）」, 「【变更】」, a star in front."""
    read = _declared(field)

    def cleaner(cell: Cell) -> Any:
        if not isinstance(cell, str) or len(cell) > LONGEST_REMEMBERED:  # as of a certificate
            return read(cell)
        plain = _WORK_MARK.sub("", cell)
        if plain == cell or not plain.strip():
            return read(cell)
        taken = read(plain)
        return Mended(taken, "mended-mark", {"taken": taken})

    return cleaner


def certificates_in(cell: Cell) -> int:
    """How many numbers stand in a cell."""
    if not isinstance(cell, str):
        return 1
    parts = _numbers_between(_BETWEEN_CERTIFICATES, cell)
    if len(parts) < 2:
        parts = _numbers_between(_BETWEEN_ALIKE, cell)
        parts = [part for part in parts if part[:_ALIKE] == parts[0][:_ALIKE]]
    return len(parts)


def _numbers_between(marks: re.Pattern[str], text: str) -> list[str]:
    parts = (part.strip() for part in marks.split(text))
    return [part for part in parts if len(part) >= _SHORTEST_CERTIFICATE and any(map(str.isdigit, part))]


def _phone(field: Field) -> Clean:
    """The numbers, without the names and notes beside them: a person's name never becomes public."""
    read = _numbered(field)

    def cleaner(cell: Cell) -> Any:
        try:
            return read(cell)
        except InvalidValue as unfit:
            numbers = _numbers_in(text_of(cell, field.label))[0] if unfit.rule == "phone" else ""
            if not numbers:
                raise
            return Mended(field.read(numbers), "mended-phone", {})

    return cleaner


def _serial(cell: Cell) -> int | None:
    text = clean(text_of(cell, _LABELS[PRODUCTS]["serial"]))
    if says_nothing(text):
        return None
    if isinstance(cell, float | int) or _FLOAT.fullmatch(text):
        text = text.partition(".")[0].zfill(8)
    serial = numbers.parse_number(text)
    if serial is None:
        raise InvalidValue("serial", value=text)
    return serial


def _uscc(cell: Cell) -> Any:
    """The verdict on a code; whether a doubtful one is registered already is for the register to say."""
    if isinstance(cell, float) and abs(cell) >= 1e14:
        raise InvalidValue("digits-lost", label=ENTERPRISE["uscc"].label)
    text = text_of(cell, ENTERPRISE["uscc"].label)
    try:
        return ENTERPRISE["uscc"].read(text)
    except InvalidValue as unfit:
        if unfit.rule not in ("uscc-bad-length", "uscc-bad-charset"):
            raise
        return _code_within(text, unfit)


def _code_within(text: str, unfit: InvalidValue) -> "Mended":
    """「统一社会信用代码：9135…」, 「9135…（1-1）」: the code is taken, and it is told what was left out."""
    found = _CODE_WITHIN.findall(unicodedata.normalize("NFKC", text[:LONGEST_REMEMBERED]))
    if len(found) != 1:
        raise unfit
    verdict = ENTERPRISE["uscc"].read(found[0])
    return Mended(verdict, "mended-code", {"taken": verdict.code})


def _firm(cell: Cell) -> Any:
    """The name of a firm in its directory; a former name in brackets behind it is one of the former names."""
    text = ENTERPRISE["name"].read(text_of(cell, ENTERPRISE["name"].label))
    parts = parts_of(text)
    if not parts.rest:
        return text
    name = ENTERPRISE["name"].read(parts.name)
    beside = {"former_names": ENTERPRISE["former_name"].read(parts.former)} if parts.former else {}
    told = {"name": name, "rest": parts.rest, "former": "，记作曾用名" if beside else ""}
    return Mended(name, "mended-name", told, beside)


def _numbers_in(text: str) -> tuple[str, str]:
    """The telephone numbers in a text and the rest of it; nothing and the text where there is none."""
    try:
        return numbers_within(clean(text)[:LONGEST_REMEMBERED])
    except InvalidValue:
        return "", text


def _contact(cell: Cell) -> Any:
    """A person; a number beside the name is the number of the person."""
    text = text_of(cell, ENTERPRISE["contact_person"].label)
    numbers, rest = _numbers_in(text)
    person = ENTERPRISE["contact_person"].read(rest if numbers else text)
    if not numbers:
        return person
    return Mended(
        person, "mended-contact", {}, beside={"contact_phone": ENTERPRISE["contact_phone"].read(numbers)}
    )


def former_names_in(text: str) -> list[str]:
    """The names in a cell, each as a former name is kept. Raises InvalidValue."""
    parts = _BETWEEN_NAMES.split(text)
    return [name for part in parts if (name := ENTERPRISE["former_name"].read(part))]


def _former_names(text: str) -> str:
    return "、".join(former_names_in(text))


def _place(name: str, limit: int) -> Field:
    """A part of a place, in a column of its own."""
    return replace(ENTERPRISE["division"], name=name, label=_LABELS[ENTERPRISES][name], limit=limit)


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
_MAKERS_OF: dict[str, Callable[[Field], Clean]] = {
    **dict.fromkeys(("issued_on", "status_on"), day_cleaner),
    **dict.fromkeys(("phone", "contact_phone", "any_phone"), _phone),
    "certificate_number": _certificate_number,
}
_SPECIAL: dict[str, Clean] = {
    "serial": _serial,
    "uscc": _uscc,
    "valid_until": validity_cleaner(""),
    "contact_person": _contact,
}
_CLEANERS: dict[str, dict[str, Clean]] = {
    register: {name: _MAKERS_OF.get(name, _declared)(field) for name, field in fields.items()}
    | {name: special for name, special in _SPECIAL.items() if name in _LABELS[register]}
    for register, fields in _FIELDS.items()
}
_CLEANERS[ENTERPRISES]["name"] = _firm
_CLEANERS[PRODUCTS]["name"] = _product_name(PRODUCT["name"])

LABELS = {
    register: labels | {name: field.label for name, field in _FIELDS[register].items()}
    for register, labels in _LABELS.items()
}


def cleaner(register: str, field: str, written: str = "") -> Clean:
    """How a column under the heading `written` is read."""
    return validity_cleaner(written) if field == "valid_until" else _CLEANERS[register][field]


def may_be_left_out(register: str, field: str) -> bool:
    """Whether a row is taken without a value that is unfit: what may stay empty stops no row."""
    declared = _FIELDS[register].get(field)
    return declared is not None and declared.may_be_left_out


def is_personal(register: str, field: str | None) -> bool:
    declared = _FIELDS[register].get(field or "")
    return declared is not None and declared.is_personal


def quoted(register: str, field: str, cell: Cell) -> str:
    """A cell as a fault quotes it: what names a person is in no report."""
    return "" if is_personal(register, field) else shown(cell)
