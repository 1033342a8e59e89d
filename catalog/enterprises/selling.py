"""Where an enterprise says that it sells: 「全国」, or codes of divisions; nothing where it said nothing."""

import re
from enum import Enum

from portal.core.accounts.roles import covers

NATIONWIDE = "全国"
SEPARATOR = "、"
NATIONWIDE_WORDS = frozenset({"全国", "全国各地", "全国范围", "国内"})
_BETWEEN_PLACES = re.compile(r"[、，,；;/\n]+")


class Sold(Enum):
    """What the registered range says about one place."""

    EVERYWHERE = "everywhere"
    THERE = "there"
    IN_PARTS = "in_parts"
    ELSEWHERE = "elsewhere"
    UNKNOWN = "unknown"


def places_of(sells_in: str) -> list[str]:
    """The codes of a stored range; none for 「全国」 or nothing."""
    return [] if sells_in in ("", NATIONWIDE) else sells_in.split(SEPARATOR)


def sold_at(sells_in: str, place: str) -> Sold:
    if not sells_in:
        return Sold.UNKNOWN
    if sells_in == NATIONWIDE:
        return Sold.EVERYWHERE
    codes = places_of(sells_in)
    if any(covers(code, place) for code in codes):
        return Sold.THERE
    return Sold.IN_PARTS if any(covers(place, code) for code in codes) else Sold.ELSEWHERE


def words_of(text: str) -> list[str]:
    """The places that somebody typed, one by one."""
    return [word.strip() for word in _BETWEEN_PLACES.split(text) if word.strip()]
