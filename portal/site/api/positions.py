"""The one order of all changes: by the day on which readers saw them, by edition, by kind, by row.

A version that waits for a later day is read from that day on, and comes then: what is added to the end of the order is
never before anything that was given out already. A position is that of the last change that a reader has.
"""

import datetime
import re
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q

from portal.core.editions.models import Edition
from portal.core.pages.parameters import BadParameter, Query
from portal.core.pages.reading import ReadAt, last_edition_of, since_asked

BEGINNING = datetime.date(1949, 1, 1)
ONE_DAY = datetime.timedelta(days=1)
LAST = 99  # behind every kind
WRITTEN = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})\.([0-9]{1,9})\.([0-9]{1,2})\.([0-9]{1,15})")


@dataclass(frozen=True, order=True)
class Position:
    day: datetime.date
    edition: int
    kind: int
    row: int

    def __str__(self) -> str:
        return f"{self.day}.{self.edition}.{self.kind}.{self.row}"

    @cached_property
    def _before(self) -> int:
        """The last edition of the days before this one."""
        return last_edition_of(self.day - ONE_DAY)

    def behind(self, kind: int) -> Q:
        """Rows of a kind that came after this, where they are read from the day of their edition on."""
        if self.edition <= self._before:  # what came last had waited: every edition of its day is later
            return Q(from_edition__gt=self._before)
        return Q(from_edition__gte=self.edition) & (Q(from_edition__gt=self.edition) | self._same(kind))

    def behind_waiting(self, kind: int) -> Q:
        """The same of versions with a `seen_on`, which may be a later day."""
        same_day = Q(from_edition__gt=self.edition) | self._same(kind)
        return Q(seen_on__gt=self.day) | Q(seen_on=self.day) & same_day

    def _same(self, kind: int) -> Q:
        """What is left of the same edition."""
        if kind < self.kind:
            return Q(pk__in=[])
        return Q(from_edition=self.edition, **({"pk__gt": self.row} if kind == self.kind else {}))

    @property
    def first_edition(self) -> int:
        """Of which something may still come."""
        return max(self.edition, self._before + 1)


def after_asked(query: Query, reading: ReadAt) -> Position:
    """What the reader has: a position that was given out, or an edition that it has read whole."""
    if given := query.first("after"):
        if query.first("since"):
            raise BadParameter.one(
                query, "since", query.first("since"), "「起算的版号」和「翻页位置」只写一个。"
            )
        return _read(query, given)
    if not query.first("since"):
        raise BadParameter.one(query, "since", "", "请写 since=版号：要这一版之后的变动；0 是从头。")
    number, day = since_asked(query, reading)
    return _whole_edition(number, day)


def _read(query: Query, given: str) -> Position:
    match = WRITTEN.fullmatch(given)
    try:
        day = datetime.date.fromisoformat(match[1]) if match else None
    except ValueError:
        day = None
    if match is None or day is None or day < BEGINNING:
        sentence = "这不是变动的翻页位置。请照抄上一次答复里的 next，或用 since=版号。"
        raise BadParameter.one(query, "after", given, sentence)
    return Position(day, int(match[2]), int(match[3]), int(match[4]))


def _whole_edition(number: int, day: datetime.date | None) -> Position:
    """Behind all of an edition, as it was read on a day; without a day, on that of the edition."""
    if not number:
        return Position(BEGINNING, 0, LAST, 0)
    editions = {one.number: one for one in Edition.objects.filter(number__in=[number, number + 1])}
    read_on = day or editions[number].day
    if number + 1 in editions:  # what came the day after is wanted, whatever day was read then
        read_on = min(read_on, editions[number + 1].day)
    return Position(read_on, number, LAST, 0)
