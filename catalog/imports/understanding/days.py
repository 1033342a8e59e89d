"""From cells to days: as Excel keeps them, as people write them, and as a time from the day of issue. Pure."""

import datetime
import re
from calendar import monthrange
from dataclasses import dataclass, replace
from typing import Any

from catalog.fields.catalogue import CERTIFICATE
from catalog.fields.field import Field
from catalog.fields.invalid import InvalidValue
from catalog.fields.readings import validity
from portal.core.text import dates
from portal.core.text.normalise import clean
from portal.core.text.programmed_dates import small_number

from .cell_text import Cell, Clean, plain, shown

_NO_DAY = re.compile(
    r"0(?:\.0+)?|(?:1900|0000)[-/.年]0{0,1}[01][-/.月]0{1,2}日?|00?:00(?::00)?"
)  # how 0 looks as a day
_TERM = re.compile(r"(\d{1,3}|[一二三四五六七八九十两]{1,3})\s*(年|个?月)?(?:有效)?")
_LONGEST_TERM = 9  # characters; days are longer, and many
_MOST_YEARS = 20
_MIDNIGHT = ["00:00:00"]
_RANGE = replace(CERTIFICATE["valid_until"], rule=validity)


def day_cleaner(field: Field) -> Clean:
    def cleaner(cell: Cell) -> Any:
        if not isinstance(cell, str):
            return _own_day(field, cell)
        text = plain(cell)
        return None if _NO_DAY.fullmatch(clean(text)) else field.read(text)

    return cleaner


@dataclass(frozen=True)
class Term:
    """A validity that is said as a time from the day of issue."""

    months: int

    def __str__(self) -> str:
        return f"{self.months // 12} 年" if self.months % 12 == 0 else f"{self.months} 个月"

    def end_from(self, issued: datetime.date) -> datetime.date:
        """The last day, which is one before the same day of the month: what began on the 6th ends on the 5th."""
        month = issued.month - 1 + self.months
        year, month = issued.year + month // 12, month % 12 + 1
        last = monthrange(year, month)[1]
        if issued.day > last:
            return datetime.date(year, month, last)
        return datetime.date(year, month, issued.day) - datetime.timedelta(days=1)


def validity_cleaner(written: str) -> Clean:
    """A column of validities; its heading says in what a bare number counts."""
    in_months = "月" in written and "年" not in written

    def cleaner(cell: Cell) -> Any:
        return _term(cell, in_months=in_months) or _validity(cell)

    return cleaner


def _term(cell: Cell, *, in_months: bool) -> Term | None:
    if isinstance(cell, bool | list) or (isinstance(cell, str) and len(cell) > _LONGEST_TERM):
        return None
    match = _TERM.fullmatch(clean(shown(cell)).removesuffix(".0"))
    if not match:
        return None
    number = int(match[1]) if match[1].isdigit() else small_number(match[1].replace("两", "二"))
    months = number if match[2] in ("月", "个月") or (in_months and not match[2]) else 12 * number
    return Term(months) if 0 < months <= 12 * _MOST_YEARS else None


def _validity(cell: Cell) -> tuple[datetime.date | None, datetime.date] | None:
    """First day, where the cell gives a range, and last day."""
    if isinstance(cell, str):
        text = plain(cell)
        return None if _NO_DAY.fullmatch(clean(text)) else _RANGE.read(text)
    day = _own_day(_RANGE, cell)
    return (None, day) if day else None


def _own_day(field: Field, cell: Cell) -> datetime.date | None:
    """A day that Excel keeps as one, or as a number. Nothing is stored as 0, which shows as 00:00:00 or 1900-01-00."""
    if cell is None or cell == 0 or cell == _MIDNIGHT:
        return None
    try:
        return dates.read_date(_moment(cell[0]) if isinstance(cell, list) else cell)
    except ValueError as error:
        raise InvalidValue("date", label=field.label, reason=str(error)) from error


def _moment(text: str) -> datetime.date | str:
    try:
        return datetime.datetime.fromisoformat(text)
    except ValueError:
        return text  # a time of day: no date, and said so
