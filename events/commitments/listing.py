"""The page of all partners: letters by standing and year, and the table that counts them."""

from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_

from django.db.models import Case, Count, Q, Value, When
from django.db.models.functions import ExtractYear

from portal.core.pages.listing import Facet, Listing, Option
from portal.core.pages.parameters import BadParameter, Query
from portal.core.pages.reading import PARAMETERS, ReadAt
from portal.core.text.dates import FIRST_YEAR, LAST_YEAR

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


class Letters:
    """The letters that are public at one edition, with what the visitor chose of them."""

    def __init__(self, query: Query, reading: ReadAt):
        self.query, self.reading = query, reading

    @classmethod
    def read(cls, query: Query, reading: ReadAt) -> "Letters":
        """Raises BadParameter for what is not understood."""
        query.refuse_unknown(single=("page", *PARAMETERS), several=("state", "year"))
        for value in query.all("state"):
            if value not in Standing.values:
                raise BadParameter.one(query, "state", value)
        for value in query.all("year"):
            is_year = len(value) == 4 and value.isascii() and value.isdigit()
            if not (is_year and FIRST_YEAR <= int(value) <= LAST_YEAR):
                raise BadParameter.one(query, "year", value)
        return cls(query, reading)

    @cached_property
    def visible(self) -> LetterVersionQuerySet:
        return LetterVersion.objects.visible(self.reading.edition, self.reading.day).standing()

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
        return self._count(self.query.all("state"), self.query.all("year"))

    def _count(self, states: tuple[str, ...], years: tuple[str, ...]) -> int:
        return sum(
            count
            for (standing, year), count in self.counts.items()
            if (not states or standing in states) and (not years or str(year) in years)
        )

    def rows(self) -> LetterVersionQuerySet:
        rows = self.visible
        states, years = self.query.all("state"), self.query.all("year")
        if states:
            rows = rows.filter(reduce(or_, (standing_condition(value, self.reading.day) for value in states)))
        if years:
            rows = rows.filter(reduce(or_, (Q(signed_on__year=int(year)) for year in years)))
        return rows.newest_first()

    def listing(self, path: str) -> Listing:
        states, years = self.query.all("state"), self.query.all("year")
        state_options = tuple(
            Option(one.value, str(one.label), self._count((one.value,), years), one.value in states)
            for one in Standing
        )
        shown = sorted({*self.years, *map(int, years)}, reverse=True)
        year_options = tuple(
            Option(str(year), f"{year}年", self._count(states, (str(year),)), str(year) in years)
            for year in shown
        )
        facets = (Facet("state", "状态", state_options), Facet("year", "签署年份", year_options))
        return Listing(self.query, path, facets=facets)


def entries(versions: LetterVersionQuerySet, reading: ReadAt) -> list[Entry]:
    return [Entry(version, version.standing_at(reading.day)) for version in versions]
