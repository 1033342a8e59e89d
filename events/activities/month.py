"""One month of the calendar: weeks of days, and what cannot stand on a day."""

import datetime
from calendar import Calendar, monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Max, Min, Q

from portal.core.pages.parameters import BadParameter, Query

from .models import ActivityVersion, ActivityVersionQuerySet

LONGEST_ON_DAYS = 7  # longer activities would fill the month: they stand above it
WEEKDAYS = ("一", "二", "三", "四", "五", "六", "日")


@dataclass
class Day:
    date: datetime.date
    is_inside: bool
    is_today: bool
    activities: list[ActivityVersion] = field(default_factory=list)

    @property
    def weekday(self) -> str:
        return WEEKDAYS[self.date.weekday()]


@dataclass(frozen=True)
class Month:
    year: int
    month: int

    @classmethod
    def of(cls, day: datetime.date) -> "Month":
        return cls(day.year, day.month)

    @classmethod
    def asked(cls, query: Query, today: datetime.date) -> "Month":
        given = query.first("month")
        if not given:
            return cls.of(today)
        try:
            first = datetime.date.fromisoformat(f"{given}-01")
        except ValueError:
            first = None
        if first is None or len(given) != len("2022-06") or not 1990 <= first.year <= 2100:
            sentence = f"「{given}」不是月份。请写成 {today:%Y-%m} 这样。"
            raise BadParameter.one(query, "month", given, sentence)
        return cls.of(first)

    def __str__(self) -> str:
        return f"{self.year}年{self.month}月"

    @property
    def code(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    @property
    def first_day(self) -> datetime.date:
        return datetime.date(self.year, self.month, 1)

    @property
    def last_day(self) -> datetime.date:
        return datetime.date(self.year, self.month, monthrange(self.year, self.month)[1])

    @property
    def before(self) -> "Month":
        return Month.of(self.first_day - datetime.timedelta(days=1))

    @property
    def after(self) -> "Month":
        return Month.of(self.last_day + datetime.timedelta(days=1))


@dataclass(frozen=True)
class Neighbours:
    """The nearest months with activities before and after one; None where there are none."""

    earlier: Month | None
    later: Month | None

    @classmethod
    def among(cls, rows: ActivityVersionQuerySet, month: Month) -> "Neighbours":
        """One query."""
        found = rows.order_by().aggregate(
            earlier=Max("last_on", filter=Q(first_on__lt=month.first_day)),
            later=Min("first_on", filter=Q(last_on__gt=month.last_day)),
        )
        earlier, later = found["earlier"], found["later"]
        return cls(
            earlier and Month.of(min(earlier, month.before.last_day)),
            later and Month.of(max(later, month.after.first_day)),
        )


@dataclass(frozen=True)
class Sheet:
    """What a month shows: weeks from Monday, long activities, and those of which only the month or the year is known."""

    month: Month
    weeks: list[list[Day]]
    long: list[ActivityVersion]
    undated: list[ActivityVersion]
    yearly: list[ActivityVersion]

    @property
    def count(self) -> int:
        """Activities of this month; those of which only the year is known are not among them."""
        on_days = {one.pk for week in self.weeks for day in week if day.is_inside for one in day.activities}
        return len(on_days) + len(self.long) + len(self.undated)

    @property
    def is_empty(self) -> bool:
        return self.count == 0


def sheet_of(month: Month, activities: Iterable[ActivityVersion], today: datetime.date) -> Sheet:
    """`activities` are those that touch the month, soonest first."""
    on_days, long, undated, yearly = [], [], [], []
    for activity in activities:
        if ActivityVersion.Precision.YEAR in (activity.first_precision, activity.last_precision):
            yearly.append(activity)
        elif not activity.is_exact:
            undated.append(activity)
        elif (activity.last_on - activity.first_on).days >= LONGEST_ON_DAYS:
            long.append(activity)
        else:
            on_days.append(activity)
    weeks = [
        [
            Day(
                date,
                is_inside=date.month == month.month,
                is_today=date == today,
                activities=[one for one in on_days if one.first_on <= date <= one.last_on],
            )
            for date in week
        ]
        for week in Calendar().monthdatescalendar(month.year, month.month)
    ]
    return Sheet(month, weeks, long, undated, yearly)
