"""What a list has for each value of its filters, and for each pair of values of two: the figures of a list.

A number is that of the rows which the list shows when the values are chosen there, so it is counted on the same bitmaps.
"""

from collections.abc import Callable, Mapping, Sequence

from pyroaring import AbstractBitMap

from portal.core.index.postings import fetch

from .documents import facet
from .listing import OWN_LISTS, FoundLines

Count = Callable[[AbstractBitMap], int]
Cells = dict[tuple[str, str], int]


class Crossing:
    """`values` of each filter that is asked for; one query for all of them. `count` says what is counted of rows."""

    def __init__(
        self,
        found: FoundLines,
        values: Mapping[str, Sequence[str]],
        given: Mapping[str, AbstractBitMap] | None = None,
        count: Count = len,
    ):
        self.found, self.values, self.count = found, values, count
        known = {**found.given, **(given or {})}
        terms = {facet(name, value) for name, these in values.items() for value in these}
        self.postings = {**fetch(found.collection, terms - known.keys()), **known}

    @property
    def total(self) -> int:
        return self.count(self.found.rows)

    def one_by_one(self, name: str) -> dict[str, int]:
        """By value of one filter; values without rows are absent."""
        return _told({value: self.count(lines) for value, lines in self._parts(name, name).items()})

    def once(self, name: str) -> dict[str, int]:
        """The same of the rows alone: what stands on several lists counts for the line that stands for it."""
        rows = self.found.rows
        return {value: self.count(rows & self.postings[facet(name, value)]) for value in self.values[name]}

    def cells(self, rows: str, columns: str) -> Cells:
        """By value of either filter."""
        across = self.values[columns]
        return _told(
            {
                (value, other): self.count(lines & self.postings[facet(columns, other)])
                for value, lines in self._parts(rows, rows, columns).items()
                for other in across
            }
        )

    def _parts(self, name: str, *asked: str) -> dict[str, AbstractBitMap]:
        lines = self.found.every_line if set(asked) & set(OWN_LISTS) else self.found.rows
        return {value: lines & self.postings[facet(name, value)] for value in self.values[name]}


def _told(counts: dict) -> dict:
    return {key: count for key, count in counts.items() if count}
