"""What a rule may ask of a row: of its columns, and of the day. Each says itself in Python and in SQL.

A column that holds nothing fulfils no condition on days.
"""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Q

from .days import days_left, is_over

Value = Callable[[str], Any]  # the value of a column
NO_COLUMNS: Mapping[str, str] = {}


class Condition(Protocol):
    def holds(self, value: Value, day: datetime.date) -> bool: ...

    def q(self, day: datetime.date, columns: Mapping[str, str] = NO_COLUMNS) -> Q:
        """`columns` says where a column lies that is not the row's own."""
        ...


@dataclass(frozen=True)
class Is:
    column: str
    wanted: object

    def holds(self, value: Value, day: datetime.date) -> bool:
        return bool(value(self.column) == self.wanted)

    def q(self, day: datetime.date, columns: Mapping[str, str] = NO_COLUMNS) -> Q:
        return Q((columns.get(self.column, self.column), self.wanted))


@dataclass(frozen=True)
class Over:
    """The last day has passed."""

    last: str

    def holds(self, value: Value, day: datetime.date) -> bool:
        return is_over(value(self.last), day)

    def q(self, day: datetime.date, columns: Mapping[str, str] = NO_COLUMNS) -> Q:
        return Q((f"{columns.get(self.last, self.last)}__lt", day))


@dataclass(frozen=True)
class OverGiven(Over):
    """The same of a day that the question gives along: Django negates a comparison of an annotation without a thought for
    those that hold nothing."""

    def q(self, day: datetime.date, columns: Mapping[str, str] = NO_COLUMNS) -> Q:
        return Q((f"{columns.get(self.last, self.last)}__isnull", False)) & super().q(day, columns)


@dataclass(frozen=True)
class Within:
    """At most so many days are left to the last one, or it has passed."""

    last: str
    days: int

    def holds(self, value: Value, day: datetime.date) -> bool:
        last = value(self.last)
        return last is not None and days_left(last, day) <= self.days

    def q(self, day: datetime.date, columns: Mapping[str, str] = NO_COLUMNS) -> Q:
        until = day + datetime.timedelta(days=self.days)
        return Q((f"{columns.get(self.last, self.last)}__lte", until))


@dataclass(frozen=True)
class NotYet:
    """The first day is still to come."""

    first: str

    def holds(self, value: Value, day: datetime.date) -> bool:
        first = value(self.first)
        return first is not None and first > day

    def q(self, day: datetime.date, columns: Mapping[str, str] = NO_COLUMNS) -> Q:
        return Q((f"{columns.get(self.first, self.first)}__gt", day))


@dataclass(frozen=True)
class Unknown:
    """Nothing is known there."""

    column: str

    def holds(self, value: Value, day: datetime.date) -> bool:
        return value(self.column) is None

    def q(self, day: datetime.date, columns: Mapping[str, str] = NO_COLUMNS) -> Q:
        return Q((f"{columns.get(self.column, self.column)}__isnull", True))
