"""Where a list is gone on with: after which of its rows, in the edition and on the day that the first page read.

Rows of an edition do not change, so a place in its list is one for ever. The row that stands before it is named too:
where a redaction or another order of the index moved it, that is told instead of rows left out or given twice.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from portal.core.pages.pagination import Span
from portal.core.pages.parameters import BadParameter, Query
from portal.core.text.digits import whole

USUAL, MOST = 100, 500
OWN = ("limit", "after")
MARK = re.compile(r"([0-9]{1,9})-([0-9]{1,15})")


@dataclass(frozen=True)
class Between:
    start: int
    stop: int


@dataclass(frozen=True)
class Found:
    """What a list has: how many rows, which of them stand in a span, the number that marks one, and their JSON."""

    total: int
    on: Callable[[Span], Sequence[Any]]
    mark: Callable[[Any], int]
    texts: Callable[[Sequence[Any]], list[str]]


@dataclass(frozen=True)
class Piece:
    texts: list[str]
    after: str  # what follows; empty at the end


def limit_asked(query: Query) -> int:
    given = query.first("limit")
    limit = whole(given, 4) if given else USUAL
    if not limit or limit > MOST:
        raise BadParameter.one(query, "limit", given, f"「每次行数」是 1 到 {MOST} 的整数。")
    return limit


def piece_of(query: Query, found: Found) -> Piece:
    """The rows asked for. Raises BadParameter where `after` leads nowhere."""
    limit, start = limit_asked(query), 0
    if given := query.first("after"):
        match = MARK.fullmatch(given)
        start = int(match[1]) if match else 0
        if not 0 < start <= found.total:
            raise _lost(query)
    rows = list(found.on(Between(max(start - 1, 0), min(start + limit, found.total))))
    if start:
        before, rows = rows[:1], rows[1:]
        if [f"{start}-{found.mark(row)}" for row in before] != [given]:
            raise _lost(query)
    stop = start + len(rows)
    after = f"{stop}-{found.mark(rows[-1])}" if rows and stop < found.total else ""
    return Piece(found.texts(rows), after)


def _lost(query: Query) -> BadParameter:
    sentence = "这个翻页位置不在这份清单里，或清单已变。请不带 after 从头取。"
    return BadParameter.one(query, "after", query.first("after"), sentence, mended=query.drop("after"))
