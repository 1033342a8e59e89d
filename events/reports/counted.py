"""Numbers as a report keeps them: each with the list that has its rows, and the moment at which they were counted.

They are kept as JSON in the version, under its seal: whatever is published later, a report says what was counted then.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from django.urls import reverse

from portal.core.pages.parameters import Query

Chosen = Sequence[Sequence[str]]  # names and values of an address


def rows_href(address: str, chosen: Chosen, edition: int, as_of: str) -> str:
    """The list with these rows for ever; nothing for what has no rows that are public."""
    if not address:
        return ""
    moment = {"edition": edition or None, "as_of": as_of}  # before the first edition a day alone says it
    return Query([(name, value) for name, value in chosen]).put(**moment).link(reverse(address))


@dataclass(frozen=True)
class Counted:
    """`words` is the number as it is read: 1,286, or an amount in the unit of its indicator."""

    value: int
    words: str
    address: str = ""
    chosen: Chosen = ()
    edition: int = 0
    as_of: str = ""

    @property
    def href(self) -> str:
        return rows_href(self.address, self.chosen, self.edition, self.as_of)


@dataclass(frozen=True)
class Line:
    """One figure of the year beside that of the year before; what was not reported is None. A part is of the line above."""

    group: str
    code: str
    label: str
    unit: str
    now: Counted | None
    before: Counted | None
    change: str = ""
    is_part: bool = False

    @classmethod
    def read(cls, said: dict[str, Any]) -> Self:
        sides = {side: said[side] and Counted(**said[side]) for side in ("now", "before")}
        return cls(**{**said, **sides})

    def kept(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def told(self) -> str:
        """For lists of changes: one line of text."""
        now, before = (side.words if side else "未报" for side in (self.now, self.before))
        return f"{self.label} {now} {self.unit}（上一年 {before}）"


@dataclass(frozen=True)
class Column:
    """One figure by region: what its list has when the region is chosen under the name `parameter`."""

    label: str
    unit: str
    address: str
    parameter: str
    chosen: Chosen
    edition: int
    as_of: str
    cells: Sequence[tuple[str, int]]  # code of the region, number

    @classmethod
    def read(cls, said: dict[str, Any]) -> Self:
        return cls(**said)

    def kept(self) -> dict[str, Any]:
        return asdict(self)

    def cell(self, code: str) -> tuple[int, str]:
        """The number, and where its rows are."""
        count = dict(self.cells).get(code, 0)
        chosen = [*self.chosen, (self.parameter, code)]
        return count, rows_href(self.address, chosen, self.edition, self.as_of) if count else ""
