"""From cells to values: what a column of each field may hold. Pure; rules about values are those of `portal.text`.

Empty cells, and the signs people put for empty, give no value at all: an import never erases what is known.
"""

import datetime
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from portal.text import dates, numbers, stars, uscc
from portal.text.normalise import clean, clean_name

from .faults import Bad
from .heading_words import ENTERPRISES, FIELDS, PRODUCTS

Cell = Any
Clean = Callable[[Cell], Any]

_EMPTY = frozenset(
    [
        "-",
        "--",
        "---",
        "—",
        "——",
        "———",
        "/",
        "//",
        "\\",
        "无",
        "暂无",
        "没有",
        "n/a",
        "na",
        "null",
        "none",
        "nan",
        "空",
        "不详",
        "待定",
        "未知",
        ".",
        "。",
        "、",
        "*",
        "／",
        "－",
    ]
)
_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|GETTING_DATA|CALC!)", re.I)
_TEXT_FORMULA = re.compile(r'="((?:[^"]|"")*)"')
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+\d{2}")
_PHONE = re.compile(r"[\d\s()+\-—–－,，、;；/转分机:：]+")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_WEBSITE = re.compile(
    r"(?:https?://)?(?:[a-z0-9\u4e00-\u9fff](?:[a-z0-9\u4e00-\u9fff-]{0,61}[a-z0-9\u4e00-\u9fff])?\.)+"
    r"[a-z\u4e00-\u9fff]{2,20}(?::\d{1,5})?(?:[/?#]\S*)?",
    re.I,
)
_STATUS = {
    "valid": "有效 正常 在有效期 在有效期内 有效期内 现行有效 有效中 已获证 获证 valid 过期 已过期 到期 已到期 失效 已失效",
    "suspended": "暂停 已暂停 暂停中 证书暂停 suspended",
    "revoked": "撤销 已撤销 被撤销 证书撤销 revoked",
    "cancelled": "注销 已注销 证书注销 cancelled canceled",
}
_STATUSES = {word: status for status, words in _STATUS.items() for word in words.split()}


def text_of(cell: Cell, label: str = "") -> str:
    """The text a cell shows; '' for an empty one. Raises Bad where Excel has spoiled it."""
    if cell is None or cell == "":
        return ""
    if isinstance(cell, str):
        return _text(cell)
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, list):
        raise Bad("became-date", label=label)
    if not abs(cell) < 1e15:
        raise Bad("digits-lost")
    return str(int(cell)) if cell == int(cell) else f"{cell:.15g}"


def _text(cell: str) -> str:
    text = clean(cell)
    first = text[:1]
    if first == "=":
        if not (match := _TEXT_FORMULA.fullmatch(text)):
            raise Bad("formula-without-value")
        text = clean(match[1].replace('""', '"'))
    elif first == "#" and _ERROR.fullmatch(text):
        raise Bad("cell-error")
    elif first == "'":
        text = text[1:].strip()  # how Excel, and our own exports, keep a text a text
    return "" if len(text) < 6 and text.casefold() in _EMPTY else text


def shown(cell: Cell) -> str:
    """A cell as it is quoted in a fault."""
    if isinstance(cell, list):
        return str(cell[0]).removesuffix("T00:00:00")
    if isinstance(cell, float) and cell == cell and abs(cell) < 1e15 and cell == int(cell):
        return str(int(cell))
    return "" if cell is None else str(cell)[:200]


def is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _plain(label: str, limit: int, tidy: Callable[[str], str] = str) -> Clean:
    def cleaner(cell: Cell) -> str:
        text = tidy(text_of(cell, label))
        if len(text) > limit:
            raise Bad("too-long", label=label, size=len(text), limit=limit)
        return text

    return cleaner


def _code(label: str, limit: int) -> Clean:
    """A number that is really a text: digits that Excel rounded away cannot be guessed back."""
    plain = _plain(label, limit)

    def cleaner(cell: Cell) -> str:
        text = plain(cell)
        if _SCIENTIFIC.fullmatch(text):
            raise Bad("digits-lost")
        return text

    return cleaner


def _day(cell: Cell) -> datetime.date | None:
    if cell is None:
        return None
    try:
        if isinstance(cell, list):
            return dates.read_date(_moment(cell[0]))
        if isinstance(cell, str):
            return _read_day(text) if (text := _text(cell)) else None
        return dates.read_date(cell)
    except ValueError as error:
        raise Bad("date", reason=str(error)) from error


def _validity(cell: Cell) -> tuple[datetime.date | None, datetime.date] | None:
    if cell is None:
        return None
    try:
        if isinstance(cell, list):
            return None, dates.read_date(_moment(cell[0]))
        if isinstance(cell, str):
            return _read_validity(text) if (text := _text(cell)) else None
        return None, dates.read_date(cell)
    except ValueError as error:
        raise Bad("date", reason=str(error)) from error


_read_day = lru_cache(maxsize=8192)(dates.read_date)
_read_validity = lru_cache(maxsize=8192)(dates.read_validity)
_read_star = lru_cache(maxsize=1024)(stars.read_star)


def _moment(text: str) -> datetime.date | str:
    try:
        return datetime.datetime.fromisoformat(text)
    except ValueError:
        return text  # a time of day: no date, and said so


def _star(cell: Cell) -> str:
    text = text_of(cell)
    try:
        return _read_star(text) if text else ""
    except ValueError as error:
        raise Bad("star", reason=str(error)) from error


def _status(cell: Cell) -> str:
    text = text_of(cell)
    if not text:
        return ""
    if (status := _STATUSES.get(re.sub(r"[(（].*", "", text).strip().casefold())) is None:
        raise Bad("status", value=text)
    return status


def _serial(cell: Cell) -> int | None:
    text = text_of(cell)
    if not text:
        return None
    if isinstance(cell, float | int):
        text = text.zfill(8)
    serial = numbers.parse_number(text)
    if serial is None:
        raise Bad("serial", value=text)
    return serial


def _uscc(cell: Cell) -> uscc.Verdict | None:
    """The verdict on a code; whether a doubtful one is registered already is for the register to say."""
    if isinstance(cell, float) and abs(cell) >= 1e14:
        raise Bad("digits-lost")
    text = text_of(cell)
    if _SCIENTIFIC.fullmatch(text):
        raise Bad("digits-lost")
    if not text:
        return None
    verdict = uscc.verdict(text)
    if not verdict.is_valid and not verdict.may_be_overridden:
        raise Bad(uscc_rule(verdict), reason=verdict.reason)
    return verdict


def uscc_rule(verdict: uscc.Verdict) -> str:
    return f"uscc-{verdict.rule.replace('_', '-')}"


def _phone(cell: Cell) -> str:
    text = clean(text_of(cell, "电话"))
    if text and (not _PHONE.fullmatch(text) or sum(letter.isdigit() for letter in text) < 5):
        raise Bad("phone", value=text)
    if len(text) > 40:
        raise Bad("too-long", label="电话", size=len(text), limit=40)
    return text


def is_mobile(phone: str) -> bool:
    """A mobile number belongs to a person: it stays internal unless the heading says it is the unit's."""
    return bool(_MOBILE.search(re.sub(r"[\s()+-]", "", phone)))


def _website(cell: Cell) -> str:
    text = text_of(cell)
    if not text:
        return ""
    if not _WEBSITE.fullmatch(text):
        raise Bad("website", value=text)
    if len(text) > 190:
        raise Bad("too-long", label="网址", size=len(text), limit=190)
    return text if "://" in text else f"http://{text}"


_CLEANERS: dict[str, dict[str, Clean]] = {
    PRODUCTS: {
        "serial": _serial,
        "enterprise": _plain("企业名称", 120, clean_name),
        "uscc": _uscc,
        "category": _plain("产品类别", 120),
        "name": _plain("产品名称", 120, clean_name),
        "brand": _plain("品牌", 60),
        "models": _plain("规格型号", 20_000),
        "body": _plain("认证机构", 100, clean_name),
        "certificate": _code("证书编号", 64),
        "star": _star,
        "issued_on": _day,
        "valid_until": _validity,
        "standard": _plain("认证依据标准", 200),
        "applicant": _plain("认证委托人", 120, clean_name),
        "maker": _plain("制造商", 120, clean_name),
        "factory": _plain("生产厂", 120, clean_name),
        "status": _status,
        "status_on": _day,
        "status_reason": _plain("状态原因", 200),
        "requirement": _plain("地方技术要求", 140),
    },
    ENTERPRISES: {
        "name": _plain("企业名称", 120, clean_name),
        "uscc": _uscc,
        "former_names": _plain("曾用名", 400, clean_name),
        "province": _plain("省份", 40),
        "city": _plain("地市", 60),
        "county": _plain("区县", 60),
        "division": _plain("所在地", 100),
        "address": _plain("地址", 200),
        "phone": _phone,
        "any_phone": _phone,
        "website": _website,
        "sells_in": _plain("销售范围", 400),
        "contact_person": _plain("联系人", 40),
        "contact_phone": _phone,
    },
}

LABELS = {register: {entry.name: entry.label for entry in entries} for register, entries in FIELDS.items()}


def cleaner(register: str, field: str) -> Clean:
    return _CLEANERS[register][field]
