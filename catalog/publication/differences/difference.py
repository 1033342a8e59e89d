"""The difference between two sides of a register: its totals, and its pairs page by page or one after another.

The database counts and picks; of the pairs themselves only those of a page, or of a part of a file, are ever here.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber

from .groups import GROUPS, Group, Sign
from .pairs import current, pairs
from .scope import BEFORE, Scope
from .sides import Side
from .telling import Found, Telling, Told

PAIRS_AT_A_TIME = 500


@dataclass(frozen=True)
class Difference:
    """Whoever takes from the current lines of the left what left, and adds what entered, has those of the right."""

    left: Side
    right: Side
    scope: Scope

    @cached_property
    def counted(self) -> Mapping[str, int]:
        """How many pairs have each sign that belongs to a group. One query."""
        signs = self._pairs.order_by().values("sign").annotate(count=Count("pk"))
        return {sign: count for sign, count in signs.values_list("sign", "count") if Sign.read(sign).group}

    @cached_property
    def counts(self) -> dict[str, int]:
        """By group, in their order, those that have any."""
        counts = dict.fromkeys(GROUPS, 0)
        for sign, count in self.counted.items():
            counts[Sign.read(sign).group] += count
        return {code: count for code, count in counts.items() if count}

    @property
    def groups(self) -> list[tuple[Group, int]]:
        return [(GROUPS[code], count) for code, count in self.counts.items()]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @cached_property
    def left_total(self) -> int:
        """Counted on the left side alone, as `right_total` on the right: so that the sum proves something."""
        return current(self.scope, self.left.reading).count()

    @cached_property
    def right_total(self) -> int:
        return current(self.scope, self.right.reading).count()

    @property
    def is_balanced(self) -> bool:
        turned = sum(group.sign * count for group, count in self.groups)
        return self.left_total + turned == self.right_total

    def page(self, group: str, start: int, stop: int) -> list[Told]:
        """Pairs of one group, or of all, in the order in which the lines of the right were frozen."""
        return self.told([Found(*row) for row in self._keys(group)[start:stop]])

    def firsts(self, count: int) -> dict[str, list[Told]]:
        """By group, the first few of each."""
        place = Window(RowNumber(), partition_by=F("sign"), order_by=F("pk").asc())
        found = self._found("").annotate(place=place).filter(place__lte=count).order_by("pk")
        by_group: defaultdict[str, list[Found]] = defaultdict(list)
        for row in found.values_list("pk", f"{BEFORE}__pk", "sign"):
            by_group[Sign.read(row[2]).group].append(Found(*row))
        told = self.told([one for some in by_group.values() for one in some[:count]])
        return {code: [one for one in told if one.group.code == code] for code in self.counts}

    def everything(self, group: str = "") -> Iterator[list[Told]]:
        """All pairs part by part. No cursor of the database is held open, and each part begins behind the last one."""
        keys, last = self._keys(group), 0
        while found := [Found(*row) for row in keys.filter(pk__gt=last)[:PAIRS_AT_A_TIME]]:
            yield self.told(found)
            if len(found) < PAIRS_AT_A_TIME:
                return
            last = found[-1].line

    def told(self, found: Sequence[Found]) -> list[Told]:
        return Telling(self.scope, self.left, self.right, found).told() if found else []

    @cached_property
    def _pairs(self) -> QuerySet[Any]:
        return pairs(self.scope, self.left.reading, self.right.reading)

    def _found(self, group: str) -> QuerySet[Any]:
        signs = [sign for sign in self.counted if not group or Sign.read(sign).group == group]
        return self._pairs.filter(sign__in=signs)

    def _keys(self, group: str) -> QuerySet[Any, Any]:
        return self._found(group).order_by("pk").values_list("pk", f"{BEFORE}__pk", "sign")
