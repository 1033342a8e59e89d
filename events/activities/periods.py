"""Periods that figures are reported for: a year, a quarter, a month, a day, or from one day to another.

Figures are added only where the periods are the same two days.
"""

import datetime
import re
from calendar import monthrange

from portal.core.text.dates import read_stated

_QUARTER = re.compile(r"(\d{4})\s*(?:年第?|-?[Qq])\s*([1-4一二三四])\s*(?:季度?)?", re.ASCII)
_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4}
_QUARTERS = "一二三四"

Period = tuple[datetime.date, datetime.date]


def read_period(text: str) -> Period:
    """2022年, 2022Q2, 2022年第二季度, 2022-06, 2022-06-06, 2022-03-01至2022-12-31, 2022年3月至12月.

    Reads whatever `period_words` writes. Raises ValueError with a sentence.
    """
    text = text.strip()
    quarter = _QUARTER.fullmatch(text)
    if quarter:
        year, number = int(quarter.group(1)), _DIGITS.get(quarter.group(2)) or int(quarter.group(2))
        first = datetime.date(year, 3 * number - 2, 1)
        return first, datetime.date(year, 3 * number, monthrange(year, 3 * number)[1])
    begin, separator, finish = text.partition("至")
    start = read_stated(begin)
    if not separator:
        return start.first_day, start.last_day
    end = read_stated(finish if finish.strip()[:4].isdigit() else f"{start.year}年{finish.strip()}")
    if end.last_day < start.first_day:
        raise ValueError(f"「{text}」的结束早于开始，请核对。")
    return start.first_day, end.last_day


def period_words(first: datetime.date, last: datetime.date) -> str:
    """The shortest name that means exactly these days."""
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        years = f"{first.year}年"
        return years if first.year == last.year else f"{first.year}年至{last.year}年"
    is_whole_months = first.day == 1 and last.day == monthrange(last.year, last.month)[1]
    if is_whole_months and (first.year, first.month) == (last.year, last.month):
        return f"{first.year}年{first.month}月"
    if is_whole_months and first.year == last.year and first.month % 3 == 1 and last.month == first.month + 2:
        return f"{first.year}年第{_QUARTERS[first.month // 3]}季度"
    if is_whole_months:
        until = f"{last.year}年" if last.year != first.year else ""
        return f"{first.year}年{first.month}月至{until}{last.month}月"
    return day_words(first) if first == last else f"{day_words(first)}至{day_words(last)}"


def period_code(first: datetime.date, last: datetime.date) -> str:
    """The period as a parameter of an address: 2022-03-01_2022-12-31."""
    return f"{first.isoformat()}_{last.isoformat()}"


def read_code(code: str) -> Period:
    """The period of an address. Raises ValueError."""
    first, _, last = code.partition("_")
    period = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)
    if period_code(*period) != code or period[0] > period[1]:
        raise ValueError(code)
    return period


def day_words(day: datetime.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
