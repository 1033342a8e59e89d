"""A judge: states in their precedence, each with its condition. The first whose condition holds is the state.

The same list answers for one row in Python, for a column in SQL, and for sets of rows as bitmaps.
"""

import datetime
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import attrgetter, or_
from typing import Any

from django.db.models import Case, CharField, Q, Value, When
from pyroaring import BitMap

from portal.core.pages.statuses import word_of

from .conditions import NO_COLUMNS, Condition

NEVER: Q = Q(pk__in=[])


@dataclass(frozen=True)
class Standing:
    """`code` names the state, and where it is a status of the look, its word; `is_current`: default lists show it."""

    code: str
    is_current: bool = False

    @property
    def word(self) -> str:
        return word_of(self.code)


@dataclass(frozen=True)
class Rule:
    standing: Standing
    when: Condition


@dataclass(frozen=True)
class Judge:
    """`rules` in their precedence; `otherwise` is what stands where none of them applies."""

    rules: tuple[Rule, ...]
    otherwise: Standing

    @property
    def standings(self) -> dict[str, Standing]:
        """By code, in the order of precedence. Two rules may lead to the same state."""
        return {one.code: one for one in (*(rule.standing for rule in self.rules), self.otherwise)}

    def refined(self, further: "Judge") -> "Judge":
        """What is left over here is judged further there."""
        return Judge((*self.rules, *further.rules), further.otherwise)

    def of(self, row: Any, day: datetime.date, **known: Any) -> Standing:
        """How a row stands; `known` are values that are no attributes of it."""

        def value(column: str) -> Any:
            return known[column] if column in known else getattr(row, column)

        return next((rule.standing for rule in self.rules if rule.when.holds(value, day)), self.otherwise)

    def case(
        self,
        day: datetime.date,
        columns: Mapping[str, str] = NO_COLUMNS,
        *,
        of: Callable[[Standing], str] = attrgetter("code"),
    ) -> Case:
        """The code, or what else is said `of` a standing, as an expression of SQL; it follows joins to many rows, one
        answer for each joined row."""
        whens = [When(rule.when.q(day, columns), then=Value(of(rule.standing))) for rule in self.rules]
        return Case(*whens, default=Value(of(self.otherwise)), output_field=CharField())

    def condition(
        self, codes: Collection[str], day: datetime.date, columns: Mapping[str, str] = NO_COLUMNS
    ) -> Q:
        """Rows that stand so. For columns of the row or of a single joined one: many joined rows need `case`."""
        found, passed = NEVER, Q()
        for rule in self.rules:
            when = rule.when.q(day, columns)
            if rule.standing.code in codes:
                found |= passed & when
            passed &= ~when
        return found | passed if self.otherwise.code in codes else found

    def touched(
        self, codes: Collection[str], day: datetime.date, columns: Mapping[str, str] = NO_COLUMNS
    ) -> Q:
        """Rows for which some rule that leads there holds, whatever outranks it: few rows, to be judged then."""
        whens = (rule.when.q(day, columns) for rule in self.rules if rule.standing.code in codes)
        return reduce(or_, whens, NEVER)

    def split(self, everything: BitMap, bitmap_of: Callable[[Condition], BitMap]) -> dict[str, BitMap]:
        """By code, its part of `everything`; `bitmap_of` finds what fulfils a condition, whatever else it fulfils."""
        parts: dict[str, BitMap] = {}
        left = everything
        for standing, when in (*((rule.standing, rule.when) for rule in self.rules), (self.otherwise, None)):
            found = left & bitmap_of(when) if when else left
            parts[standing.code] = parts.get(standing.code, found) | found
            left = left - found
        return parts
