"""Counting in working days. The calendar is read once for each count, so a limit follows an edit of it at once."""

import datetime

from .models import CalendarDay

ONE_DAY = datetime.timedelta(days=1)
SATURDAY = 5


class Workdays:
    """The calendar as it stands now; one query."""

    def __init__(self) -> None:
        self.exceptions: dict[datetime.date, bool] = dict(
            CalendarDay.objects.values_list("day", "is_workday")
        )

    def is_workday(self, day: datetime.date) -> bool:
        return self.exceptions.get(day, day.weekday() < SATURDAY)

    def after(self, day: datetime.date, count: int) -> datetime.date:
        """The `count`-th working day after `day`: the last day of a limit that begins the day after."""
        while count > 0:
            day += ONE_DAY
            count -= self.is_workday(day)
        return day

    def between(self, day: datetime.date, later: datetime.date) -> int:
        """How many working days lie after `day`, up to `later` inclusive."""
        days = (later - day).days
        return sum(self.is_workday(day + number * ONE_DAY) for number in range(1, days + 1))

    def latest_overdue(self, today: datetime.date, count: int) -> datetime.date:
        """The last day from which a limit of `count` working days has run out before `today`."""
        day = today - ONE_DAY
        while self.after(day, count) >= today:
            day -= ONE_DAY
        return day
