"""Days, grades and states out of the words that people use for them."""

import datetime
import re
from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from catalog.fields.invalid import InvalidValue
from portal.core.text import dates, stars

T = TypeVar("T")

_STATUS = {
    "valid": "有效 正常 在有效期 在有效期内 有效期内 现行有效 有效中 已获证 获证 valid 过期 已过期 到期 已到期 失效 已失效",
    "suspended": "暂停 已暂停 暂停中 证书暂停 suspended",
    "revoked": "撤销 已撤销 被撤销 证书撤销 revoked",
    "cancelled": "注销 已注销 证书注销 cancelled canceled",
}
_STATUSES = {word: status for status, words in _STATUS.items() for word in words.split()}

_read_date = lru_cache(maxsize=8192)(dates.read_date)
_read_validity = lru_cache(maxsize=8192)(dates.read_validity)
_read_star = lru_cache(maxsize=1024)(stars.read_star)


def day(text: str) -> datetime.date:
    return _told("date", _read_date, text)


def validity(text: str) -> tuple[datetime.date | None, datetime.date]:
    """First day, where the text gives a range, and last day."""
    return _told("date", _read_validity, text)


def last_day(text: str) -> datetime.date:
    return validity(text)[1]


def star(text: str) -> str:
    return _told("star", _read_star, text)


def status(text: str) -> str:
    """Whatever follows in brackets is a remark."""
    found = _STATUSES.get(re.sub(r"[(（].*", "", text).strip().casefold())
    if found is None:
        raise InvalidValue("status", value=text[:40])
    return found


def _told(rule: str, read: Callable[[str], T], text: str) -> T:
    try:
        return read(text)
    except ValueError as fault:
        raise InvalidValue(rule, reason=str(fault)) from None
