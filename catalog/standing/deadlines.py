"""A limit in working days, seen from a day."""

import datetime
from dataclasses import dataclass
from typing import Self

from portal.core.workdays.counting import Workdays

from .days import is_over


@dataclass(frozen=True)
class Deadline:
    """`days_left` are working days, the day itself not counted; `days_late` likewise."""

    due_on: datetime.date
    is_overdue: bool
    days_left: int
    days_late: int

    @classmethod
    def seen_from(cls, day: datetime.date, due_on: datetime.date, workdays: Workdays) -> Self:
        return cls(due_on, is_over(due_on, day), workdays.between(day, due_on), workdays.between(due_on, day))
