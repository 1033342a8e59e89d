"""What a workbook says of a sheet besides its values, and what a parser would lose of it."""

from dataclasses import dataclass, field
from typing import Any

Place = tuple[int, int]  # row and column, counted from 1


@dataclass
class SheetFacts:
    """`lost`: what a parser gives as empty. `shown`: what the sheet shows in place of the number that a parser gives."""

    lost: dict[Place, str] = field(default_factory=dict)
    shown: dict[Place, Any] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    is_filtered: bool = False
    cells: int | None = None  # empty ones too, where they were counted


def spans(numbers: set[int]) -> list[tuple[int, int]]:
    """First and last of each unbroken run: a filter hides rows by the ten thousand."""
    found: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found
