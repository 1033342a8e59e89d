"""Quarters, by which inspections count."""

import datetime
from dataclasses import dataclass


@dataclass(frozen=True)
class Quarter:
    year: int
    number: int

    @classmethod
    def of(cls, day: datetime.date) -> "Quarter":
        return cls(day.year, (day.month + 2) // 3)

    @property
    def first_day(self) -> datetime.date:
        return datetime.date(self.year, 3 * self.number - 2, 1)

    @property
    def last_day(self) -> datetime.date:
        following = datetime.date(self.year + self.number // 4, 3 * (self.number % 4) + 1, 1)
        return following - datetime.timedelta(days=1)

    def __str__(self) -> str:
        return f"{self.year}年第{self.number}季度"
