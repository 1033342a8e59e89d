"""The figures of one year and place, counted by the filters of the lists that have their rows.

Whatever is counted is a fact about an edition and a day, the same whenever it is asked: nothing has to be locked meanwhile.
"""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from catalog.publication.showing.batches import BatchFilters
from catalog.publication.showing.choices import Known
from catalog.publication.showing.filters import EnterpriseFilters, ListFilters, ProductFilters
from catalog.regions.filters import PROVINCES
from events.activities.results import Total
from events.activities.views import Activities, Results
from events.commitments.views.adoptions import Adoptions
from events.commitments.views.letters import LetterPages
from events.enquiries.answers.views import Answers
from events.enquiries.figures import handled
from portal.core.editions import clock
from portal.core.pages.filters import DeclaredFilters
from portal.core.pages.parameters import Query
from portal.core.pages.reading import ReadAt, last_edition_of, newest_edition
from portal.core.pages.records import Records
from portal.core.text.grown import grown

from .asked import BY_REGION, FIGURES, Asked
from .counted import Column, Counted, Line

LISTS: dict[str, type[ListFilters]] = {
    "products:list": ProductFilters,
    "enterprises:list": EnterpriseFilters,
}
RECORDS: dict[str, type[Records[Any]]] = {
    pages.address: pages for pages in (Activities, Results, LetterPages, Adoptions, Answers)
}


def present() -> ReadAt:
    newest, token = newest_edition()
    today = clock.today()
    return ReadAt(newest, today, newest, today, token)


def at_end_of(year: int, now: ReadAt) -> ReadAt:
    """The last day of the year, or now while it goes on."""
    last = datetime.date(year, 12, 31)
    return now if last >= now.day else replace(now, edition=last_edition_of(last), day=last)


def filtered(address: str, query: Query, reading: ReadAt) -> DeclaredFilters:
    """The filters of a list of the database, as its page reads them."""
    if address == "batches:list":
        return BatchFilters.of(query, reading)
    pages = RECORDS[address]
    rows = pages.model.objects.visible(reading.edition, reading.day).standing()  # type: ignore[attr-defined]
    return pages.filters.read(query, rows, reading)


def rows_of(address: str, query: Query, reading: ReadAt) -> int:
    """How many rows the list has at that moment."""
    if address in LISTS:
        return LISTS[address].read(query, Known.at(reading)).find(reading, facets={}).total
    return filtered(address, query, reading).total


def rows_by_region(address: str, parameter: str, query: Query, reading: ReadAt) -> Mapping[str, int]:
    if address not in LISTS:
        return filtered(address, query, reading).counts(parameter)
    filters = LISTS[address].read(query, Known.at(reading))
    values = filters.choices[parameter].ordered
    return filters.find(reading, facets={parameter: values}).counts(parameter)


@dataclass(frozen=True)
class Counting:
    """`scope` is the code of a province, empty for the whole campaign."""

    year: int
    scope: str
    now: ReadAt

    @classmethod
    def of(cls, year: int, scope: str) -> "Counting":
        return cls(year, scope, present())

    # -- the figures -------------------------------------------------------------------------------------------
    @cached_property
    def lines(self) -> list[Line]:
        return [line for line in (*self._listed(), *self._results(), *self._handled()) if line]

    def _listed(self) -> Iterator[Line]:
        left_out = "campaign" if self.scope else "region"
        for asked in FIGURES:
            if asked.only == left_out:
                continue
            now, before = (self._count(asked, year) for year in (self.year, self.year - 1))
            if not asked.is_part or any(side and side.value for side in (now, before)):
                change = self._change(now, before)
                yield Line(
                    asked.group, asked.code, asked.label, asked.unit, now, before, change, asked.is_part
                )

    def _change(self, now: Counted | None, before: Counted | None) -> str:
        """Nothing beside a year of which little or nothing is known."""
        if now is None or before is None or not self._is_known(self.year - 1):
            return ""
        return grown(now.value - before.value)

    def _is_known(self, year: int) -> bool:
        """Whether anything had been published when the year ended: without it 0 would be a guess."""
        return self._ends[year].edition > 0

    @cached_property
    def _ends(self) -> dict[int, ReadAt]:
        return {year: at_end_of(year, self.now) for year in (self.year, self.year - 1)}

    def _count(self, asked: Asked, year: int) -> Counted | None:
        """What was done before the first edition may have been published since; that nothing was, nobody knows."""
        reading = self._moment(asked, year)
        if not reading.edition:
            return None
        query = Query().put(**self._chosen(asked, year))
        if asked.place and self.scope:
            query = query.put(**{asked.place: self.scope})
        value = rows_of(asked.address, query, reading)
        if not value and not self._is_known(year):
            return None
        return self._counted(value, f"{value:,}", asked.address, query, reading)

    def _moment(self, asked: Asked, year: int) -> ReadAt:
        """What was done may have been reported after the year: as it is known now."""
        return self.now if asked.of_year else self._ends[year]

    @staticmethod
    def _chosen(asked: Asked, year: int) -> dict[str, Any]:
        return {**asked.chosen, **({"year": str(year)} if asked.of_year else {})}

    @staticmethod
    def _counted(value: int, words: str, address: str, query: Query, reading: ReadAt) -> Counted:
        chosen = [list(pair) for pair in query.pairs]
        return Counted(value, words, address, chosen, reading.edition, reading.day.isoformat())

    # -- reported results --------------------------------------------------------------------------------------
    def _results(self) -> Iterator[Line]:
        """Sums within one indicator and period, beside the same of the year before."""
        now, before = self._totals(self.year), self._totals(self.year - 1)
        ordered = sorted(now | before, key=lambda key: (now | before)[key].indicator.position)
        for key in ordered:
            one, other = now.get(key), before.get(key)
            named = one or other
            assert named is not None  # noqa: S101 - each key is of one of them
            yield Line(
                "deeds",
                f"result-{named.indicator.code}-{'-'.join(key[1])}",
                f"{named.indicator.name}（{named.period.removeprefix(f'{named.last.year}年') or '全年'}）",
                named.indicator.unit,
                self._summed(one),
                self._summed(other),
                _grown(one, other),
            )

    def _totals(self, year: int) -> dict[tuple[str, tuple[str, str]], Total]:
        """Of the periods within the year, by indicator and by the days of the year."""
        query = Query().put(region=self.scope or None)
        filters: Any = filtered(Results.address, query, self.now)
        return {
            (one.indicator.code, (f"{one.first:%m%d}", f"{one.last:%m%d}")): one
            for one in filters.totals
            if one.first.year == one.last.year == year
        }

    def _summed(self, total: Total | None) -> Counted | None:
        if total is None:
            return None
        query = Query().put(
            indicator=total.indicator.code, period=total.period_code, region=self.scope or None
        )
        return self._counted(total.value, total.amount, Results.address, query, self.now)

    # -- enquiries, which are nobody's to read -----------------------------------------------------------------
    def _handled(self) -> Iterator[Line]:
        now, before = (self._handled_in(year) for year in (self.year, self.year - 1))
        for code, label, one, other in zip(
            ("accepted", "answered"), ("受理的来信", "答复的来信"), now, before, strict=True
        ):
            sides = self._letters(one, self.year), self._letters(other, self.year - 1)
            yield Line("enquiries", code, label, "件", *sides, self._change(*sides))

    def _letters(self, value: int, year: int) -> Counted | None:
        return Counted(value, f"{value:,}") if value or self._is_known(year) else None

    def _handled_in(self, year: int) -> tuple[int, int]:
        """Up to yesterday, so that a day has one number."""
        last = min(datetime.date(year, 12, 31), self.now.day - datetime.timedelta(days=1))
        return handled(datetime.date(year, 1, 1), last, self.scope)

    # -- by region ---------------------------------------------------------------------------------------------
    @cached_property
    def columns(self) -> list[Column]:
        """For the whole campaign, what each region has of the first figures."""
        if self.scope:
            return []
        return [self._column(asked) for asked in BY_REGION if self._moment(asked, self.year).edition]

    def _column(self, asked: Asked) -> Column:
        reading = self._moment(asked, self.year)
        query = Query().put(**self._chosen(asked, self.year))
        counts = rows_by_region(asked.address, asked.place, query, reading)
        cells = [(code, counts[code]) for code, _name in PROVINCES if counts.get(code)]
        chosen = [list(pair) for pair in query.pairs]
        return Column(
            asked.label,
            asked.unit,
            asked.address,
            asked.place,
            chosen,
            reading.edition,
            reading.day.isoformat(),
            cells,
        )


def _grown(now: Total | None, before: Total | None) -> str:
    """Nothing where one of them was not reported, or is said as 「余」."""
    if now is None or before is None or now.is_at_least or before.is_at_least:
        return ""
    by = now.value - before.value
    return grown(by, now.indicator.amount(abs(by)))
