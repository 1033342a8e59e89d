"""Which column of a heading fills which field: each field goes to the column that names it best."""

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..reading.cells import column_letters
from .heading_words import FIELDS
from .meanings import How, Meaning, meaning, normalise


@dataclass
class Column:
    """One column with a heading; `number` counts from 1."""

    number: int
    written: str
    field: str | None = None
    how: How = How.UNKNOWN
    also: str | None = None  # a second field that the same cells answer
    rank: tuple[int, int] = (9, 9)
    meant: str | None = None  # the field that the heading names, taken or not
    why: str = ""  # what speaks against the field that the heading names
    samples: list[Any] = dataclasses.field(default_factory=list)  # the first values under it

    @property
    def letters(self) -> str:
        return column_letters(self.number)


@dataclass
class Heading:
    """The heading of one sheet: rows `first` to `last` of it, and its columns."""

    first: int
    last: int
    columns: list[Column] = field(default_factory=list)
    unheaded: list[int] = field(default_factory=list)  # columns with values and no heading

    def places(self) -> dict[str, list[int]]:
        """Field -> its columns; more than one only where columns are joined."""
        places: dict[str, list[int]] = {}
        for column in self.columns:
            for name in (column.field, column.also):
                if name:
                    places.setdefault(name, []).append(column.number)
        return places

    def leave_out(self, numbers: Collection[int], why: str) -> None:
        for column in self.columns:
            if column.number in numbers and column.field:
                column.field, column.also, column.how, column.why = None, None, How.UNLIKE, why

    def ambiguous(self) -> list[Column]:
        return [column for column in self.columns if column.how is How.AMBIGUOUS]

    @property
    def score(self) -> int:
        return len(self.places())


def is_heading(heading: Heading, register: str) -> bool:
    places = heading.places()
    return len(places) >= 2 and any(entry.is_key and entry.name in places for entry in FIELDS[register])


def assign(
    labels: Sequence[str], register: str, choices: Mapping[str, str | None], unlike: Mapping[int, str]
) -> list[Column]:
    """Give every labelled column its field; each field goes to the columns that name it best."""
    columns, wishes = [], {}
    for number, label in enumerate(labels, 1):
        if not label:
            continue
        column = Column(number, label)
        columns.append(column)
        if normalise(label) in choices:
            column.field, column.how = choices[normalise(label)], How.BY_HAND
            continue
        found = meaning(label, register)
        column.how, column.rank = found.how, found.rank
        if number in unlike:
            column.how, column.why = How.UNLIKE, unlike[number]
        elif found.field:
            column.meant = found.field
            wishes[number] = found
    taken: set[str | None] = {column.field for column in columns if column.field}
    by_number = {column.number: column for column in columns}
    _settle(wishes, by_number, taken, register)
    _lend(columns, taken, register)
    return columns


def _settle(
    wishes: dict[int, Meaning], columns: dict[int, Column], taken: set[str | None], register: str
) -> None:
    joined = {entry.name for entry in FIELDS[register] if entry.is_joined}
    second: dict[int, Meaning] = {}
    for wished in dict.fromkeys(found.field for found in wishes.values()):
        numbers = [number for number, found in wishes.items() if found.field == wished]
        best = min(wishes[number].rank for number in numbers)
        first = [number for number in numbers if wishes[number].rank == best and wished not in taken]
        if wished in joined and len({normalise(columns[number].written) for number in first}) == len(first):
            chosen, unsure = first, False
        else:
            chosen, unsure = first[:1], len(first) > 1
        for number in numbers:
            column, found = columns[number], wishes[number]
            if number in chosen:
                column.field, column.how = wished, How.AMBIGUOUS if unsure else found.how
            elif number in first:
                column.how = How.AMBIGUOUS
            elif found.else_field:
                second[number] = Meaning(found.else_field, found.how, found.rank)
            else:
                column.how = How.SPARE
        if chosen:
            taken.add(wished)
    for number, found in second.items():
        column = columns[number]
        column.field, column.how = (None, How.SPARE) if found.field in taken else (found.field, found.how)
        taken.add(found.field)


def _lend(columns: list[Column], taken: set[str | None], register: str) -> None:
    """A list that names only the parties of the certificate still names a maker."""
    if register != "products" or "enterprise" in taken:
        return
    for role in ("applicant_name", "maker_name", "factory_name"):
        for column in columns:
            if column.field == role:
                column.field, column.also = "enterprise", role
                return
