"""What the lists of commitments are filtered by: letters by standing and year, with the table that counts them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count
from django.db.models.functions import ExtractYear

from catalog.regions.filters import InRegion
from catalog.standing.spans import LETTER
from portal.core.pages.filters import YEARS, AnyOf, DeclaredFilters
from portal.core.pages.reading import ReadAt

from .models import LetterVersion, Standing
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
    """Letters by standing and year of signing. One query counts both, and the table of the two."""

    state = AnyOf(label="状态", choices=Standing.choices, condition=standing_condition, is_whole=True)
    year = AnyOf(label="签署年份", choices=YEARS, field_name="signed_on", lookup_expr="year")

    @cached_property
    def found(self) -> dict[tuple[str, int], int]:
        """By standing and year of signing."""
        day = self.reading.day
        rows = self.queryset.order_by().annotate(stands=LETTER.case(day), year=ExtractYear("signed_on"))
        return {
            (stands, year): count
            for stands, year, count in rows.values_list("stands", "year").annotate(Count("pk"))
        }

    @property
    def years(self) -> list[int]:
        """Of all public letters, newest first."""
        return sorted({year for _standing, year in self.found}, reverse=True)

    @property
    def tallies(self) -> list[Tally]:
        return [
            Tally(one, [(year, self.found.get((one.value, year), 0)) for year in self.years])
            for one in Standing
        ]

    @property
    def total(self) -> int:
        states = self.cleaned["state"] or Standing.values
        return sum(self.counts("state").get(state, 0) for state in states)

    def counts(self, name: str) -> dict[str, int]:
        other = self.cleaned["year" if name == "state" else "state"]
        counts: Counter[str] = Counter()
        for (state, year), count in self.found.items():
            own, beside = (state, str(year)) if name == "state" else (str(year), state)
            counts[own] += count if not other or beside in other else 0
        return counts


class AdoptionFilters(DeclaredFilters):
    region = InRegion(label="地区", field_name="division")


def entries(versions: Iterable[LetterVersion], reading: ReadAt) -> list[Entry]:
    return [Entry(version, version.standing_at(reading.day)) for version in versions]
