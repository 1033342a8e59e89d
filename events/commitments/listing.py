"""The page of all partners: letters by standing and year, and the table that counts them."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Case, Count, Value, When
from django.db.models.functions import ExtractYear

from catalog.standing.spans import LETTER
from portal.core.pages.filters import YEARS, AnyOf, DeclaredFilters
from portal.core.pages.listing import Listing
from portal.core.pages.parameters import Query
from portal.core.pages.reading import ReadAt

from .models import LetterVersion, LetterVersionQuerySet, Standing
from .models.letters import standing_condition

# The status of the look for each standing.
CODES = {
    Standing.IN_FORCE: "valid",
    Standing.EXPIRED: "expired",
    Standing.WITHDRAWN: "cancelled",
    Standing.BROKEN: "revoked",
}


@dataclass(frozen=True)
class Entry:
    """A letter with its standing on the day read."""

    version: LetterVersion
    standing: Standing

    @property
    def code(self) -> str:
        return CODES[self.standing]

    @property
    def word(self) -> str:
        return str(self.standing.label)


@dataclass(frozen=True)
class Tally:
    """One line of the table: a standing, and its number in each year."""

    standing: Standing
    counts: list[tuple[int, int]]

    @property
    def total(self) -> int:
        return sum(count for _year, count in self.counts)


class Letters(DeclaredFilters):
    """The letters that are public at one edition, with what the visitor chose of them."""

    state = AnyOf(label="状态", choices=Standing.choices, method="of_standing")
    year = AnyOf(label="签署年份", choices=YEARS, field_name="signed_on", lookup_expr="year")

    def __init__(self, query: Query, reading: ReadAt):
        self.reading = reading
        self.visible = LetterVersion.objects.visible(reading.edition, reading.day).standing()
        super().__init__(query, self.visible)

    def of_standing(
        self, rows: LetterVersionQuerySet, _name: str, values: list[str]
    ) -> LetterVersionQuerySet:
        return rows.filter(LETTER.condition(values, self.reading.day)) if values else rows

    @cached_property
    def counts(self) -> dict[tuple[str, int], int]:
        """By standing and year of signing; one query."""
        cases = (
            When(standing_condition(value, self.reading.day), then=Value(value)) for value in Standing.values
        )
        rows = self.visible.order_by().annotate(stands=Case(*cases), year=ExtractYear("signed_on"))
        return {
            (stands, year): count
            for stands, year, count in rows.values_list("stands", "year").annotate(Count("pk"))
        }

    @property
    def years(self) -> list[int]:
        """Of all public letters, newest first."""
        return sorted({year for _standing, year in self.counts}, reverse=True)

    @property
    def tallies(self) -> list[Tally]:
        return [
            Tally(one, [(year, self.counts.get((one.value, year), 0)) for year in self.years])
            for one in Standing
        ]

    @property
    def total(self) -> int:
        """Of the rows chosen."""
        return sum(self._by("state", self.cleaned["year"], self.cleaned["state"]).values())

    def _by(self, name: str, of_other: Collection[str], of_own: Collection[str] = ()) -> dict[str, int]:
        """How many letters each value of one filter has among those that the other filter leaves."""
        found: Counter[str] = Counter()
        for (state, year), count in self.counts.items():
            own, other = (state, str(year)) if name == "state" else (str(year), state)
            if (not of_other or other in of_other) and (not of_own or own in of_own):
                found[own] += count
        return found

    def rows(self) -> LetterVersionQuerySet:
        return self.qs.newest_first()

    def listing(self, path: str) -> Listing:
        by_state, by_year = self._by("state", self.cleaned["year"]), self._by("year", self.cleaned["state"])
        states = self.drawn("state", by_state, Standing.values)
        return Listing(
            self.query, path, facets=(states, self.drawn("year", by_year, list(map(str, self.years))))
        )


def entries(versions: LetterVersionQuerySet, reading: ReadAt) -> list[Entry]:
    return [Entry(version, version.standing_at(reading.day)) for version in versions]
