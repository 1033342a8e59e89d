"""Facts of this room: the holidays that have been announced, with the days worked in exchange."""

import datetime
from collections.abc import Iterator
from pathlib import Path

from portal.core.facts import add_missing, read_table
from portal.core.workflow.facts import Prepared

from .models import CalendarDay

DATA = Path(__file__).parent / "data"
SOURCE = "国务院办公厅关于2026年部分节假日安排的通知（2025年11月4日）"


def prepare() -> Prepared:
    return Prepared([add_missing(list(days()), identity=["day"])])


def days() -> Iterator[CalendarDay]:
    for row in read_table(DATA / "days.csv"):
        first, last = (datetime.date.fromisoformat(row[name]) for name in ("first", "last"))
        for number in range((last - first).days + 1):
            yield CalendarDay(
                day=first + datetime.timedelta(days=number),
                is_workday=bool(row["is_workday"]),
                reason=row["reason"],
                source=SOURCE,
            )
