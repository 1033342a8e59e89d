"""Days as people write them in cells and forms. Each function returns a day or raises ValueError with a sentence that says why.

A day with a time is the day in Shanghai; a time without zone is taken as written.
"""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from portal.core.text.programmed_dates import programmed_day

FIRST_YEAR, LAST_YEAR = 1990, 2100
LONGEST = 100  # characters of a cell that are looked at

_SHANGHAI = timezone(timedelta(hours=8))
_EXCEL_EPOCH = date(1899, 12, 30)
_SERIALS = ((date(FIRST_YEAR, 1, 1) - _EXCEL_EPOCH).days, (date(LAST_YEAR, 12, 31) - _EXCEL_EPOCH).days)

_TIME = r"(?:[T\s]*(?:[上下]午|[AP]M)?\s*(?:[01]?\d|2[0-4])[:时][0-5]?\d(?:[:分][0-5]?\d(?:\.\d+)?秒?|分)?)?"
_DAY = re.compile(
    r"(?:(\d{4})年(\d{1,2})月(\d{1,2})(?:[日号]|(?!\d))|(\d{4})([-/.])(\d{1,2})\5(\d{1,2})(?!\d)|(\d{4})(\d\d)(\d\d)(?!\d))"
    + _TIME,
    re.ASCII,
)
_MONTH = re.compile(r"(\d{4})年(\d{1,2})月份?|(\d{4})[-/.](\d{1,2})|(\d{4})(\d\d)", re.ASCII)
_ZONED = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)", re.ASCII)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)
_BETWEEN = re.compile(r"\s*起?\s*(?:~|至|到|-+|to)\s*", re.IGNORECASE)
_AROUND = re.compile(r"^(?:有效期限?|[自从:至到]|\s)+|(?:[起止。.]|为止|\s)+$")
_OPEN_END = re.compile(r"[起至到~～\-—–]\s*$")
_SPACED_SEPARATOR = re.compile(r"\s*([-/.年月日号])\s*")
_YEAR = re.compile(r"(\d{4})年?", re.ASCII)
_PRECISIONS = ("year", "month", "day")
_UNIFIED = str.maketrans({**dict.fromkeys("‐‑‒–—―−", "-"), **dict.fromkeys("〜∼", "~"), "、": "."})


@dataclass(frozen=True)
class PartialDate:
    """A year, a month, or a day where it is known. The fields carry the precision; nothing is filled in."""

    year: int
    month: int | None = None
    day: int | None = None

    @classmethod
    def of(cls, day: date, precision: str) -> "PartialDate":
        """Out of two columns: any day of the period, and "year", "month" or "day"."""
        return cls(day.year, *(day.month, day.day)[: _PRECISIONS.index(precision)])

    @property
    def precision(self) -> str:
        return _PRECISIONS[bool(self.month) + bool(self.day)]

    @property
    def first_day(self) -> date:
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last_day(self) -> date:
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    def isoformat(self) -> str:
        """As in "2023", "2023-09" or "2023-09-15"."""
        return f"{self.year:04d}" + "".join(f"-{part:02d}" for part in (self.month, self.day) if part)

    def __str__(self) -> str:
        words = f"{self.year}年"
        return words + "".join(
            f"{part}{unit}" for part, unit in ((self.month, "月"), (self.day, "日")) if part
        )


def read_date(value: object) -> date:
    """The day in a cell: date, datetime, Excel serial, or text such as 2022-06-06, 2022/6/6, 2022年6月6日, 20220606 10:00."""
    if isinstance(value, datetime):
        return _in_window(_day_in_shanghai(value), value)
    if isinstance(value, date):
        return _in_window(value, value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_number(value)
    if isinstance(value, str):
        return _from_text(value)
    raise ValueError(_unknown(value))


def read_validity(value: object) -> tuple[date | None, date]:
    """What a 有效期 cell says, such as 「2022.6.6-2027.6.5」 or 「自2022年6月6日起至2027年6月5日止」: (first day, last day), or
    (None, last day) when only the end is given."""
    if not isinstance(value, str):
        return None, read_date(value)
    if _OPEN_END.search(value[-3:]):
        raise ValueError(f"“{_shown(value)}”缺少结束日期，请填写证书上的有效期至。")
    text = _plain(value)
    first = _DAY.match(text)
    between = first and _BETWEEN.match(text, first.end())
    if not (first and between):
        return None, read_date(value)
    start, end = _from_match(first, value), read_date(text[between.end() :])
    if end < start:
        raise ValueError(f"“{_shown(value)}”的结束日期早于开始日期，请核对。")
    return start, end


def read_partial(value: object) -> PartialDate:
    """A day or only a month: 2023年9月, 2023-09, 202309. A cell that Excel made the number 2023.1 may be October: refused."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    match = _MONTH.fullmatch(_plain(value)) if isinstance(value, str) else None
    if not match:
        day = read_date(value)
        return PartialDate(day.year, day.month, day.day)
    year, month = (int(group) for group in match.groups() if group)
    _day(year, month, 1, value)
    return PartialDate(year, month)


def read_stated(value: str) -> PartialDate:
    """As exact as it was stated: 2023-09-15, 2023年9月, or only 2023年."""
    match = _YEAR.fullmatch(_plain(value))
    if not match:
        return read_partial(value)
    year = int(match.group(1))
    _day(year, 1, 1, value)
    return PartialDate(year)


def _day_in_shanghai(moment: datetime) -> date:
    # The year is compared before the shift: the last hours of year 9999 have no eastern neighbour.
    if moment.tzinfo is None or moment.year > LAST_YEAR + 1:
        return moment.date()
    return moment.astimezone(_SHANGHAI).date()


def _plain(text: str) -> str:
    if len(text) > LONGEST:
        raise ValueError(_unknown(text))
    text = unicodedata.normalize("NFKC", text).translate(_UNIFIED)
    return _SPACED_SEPARATOR.sub(r"\1", _AROUND.sub("", text))


def _from_text(value: str) -> date:
    text = _plain(value)
    if not text:
        raise ValueError("未填写日期。")
    if _ZONED.fullmatch(text):
        return _from_zoned(text)
    if _SERIAL.fullmatch(text):
        return _from_number(float(text))
    if _MONTH.fullmatch(text) and not text.isdigit():
        raise ValueError(f"“{_shown(value)}”只写到月，没有写日，请照原件写明年月日。")
    match = _DAY.fullmatch(text)
    return _from_match(match, value) if match else _programmed(text, value)


def _programmed(text: str, value: object) -> date:
    """As other programs write it."""
    try:
        day = programmed_day(text)
    except (ValueError, KeyError, OverflowError):
        raise ValueError(f"“{_shown(value)}”中的日期不存在，请核对月份和日数。") from None
    if day is None:
        raise ValueError(_unknown(value))
    return _in_window(day, value)


def _from_zoned(text: str) -> date:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(_unknown(text)) from None
    return read_date(moment)


def _from_match(match: re.Match[str], value: object) -> date:
    year, month, day = (int(group) for group in match.groups() if group and group.isdigit())
    return _day(year, month, day, value)


def _from_number(number: float) -> date:
    """An Excel serial, or 20220606 typed into a cell without date format (Excel hands it over as a float)."""
    whole = int(number) if abs(number) < 1e8 else 0
    if _SERIALS[0] <= whole <= _SERIALS[1]:
        return _EXCEL_EPOCH + timedelta(days=whole)
    if whole == number and whole >= 10_000_000:
        return _day(whole // 10_000, whole // 100 % 100, whole % 100, whole)
    if 1e9 <= number < 1e14 and number == int(number):
        return _programmed(str(int(number)), int(number))
    raise ValueError(_unknown(number))


def _day(year: int, month: int, day: int, value: object) -> date:
    try:
        built = date(year, month, day)
    except ValueError:
        raise ValueError(f"“{_shown(value)}”中的日期不存在，请核对月份和日数。") from None
    return _in_window(built, value)


def _in_window(day: date, value: object) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"“{_shown(value)}”的年份应在{FIRST_YEAR}年至{LAST_YEAR}年之间。")
    return day


def _unknown(value: object) -> str:
    return f"“{_shown(value)}”不是能识别的日期，请写成2022-06-06这样的形式。"


def _shown(value: object) -> str:
    return str(value).strip()[:40]
