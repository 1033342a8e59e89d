"""Who has handed in the report of a year and who has not: the campaign, the pilots of that year, and whoever else did."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from catalog.regions.filters import PROVINCES
from catalog.regions.public import regions_at
from portal.core.pages.reading import ReadAt

from .models import NATIONWIDE, ReportVersion


@dataclass(frozen=True)
class Place:
    """`scope` is empty for the whole campaign. `public` is what readers have; `open` what is written at the desk."""

    scope: str
    name: str
    is_expected: bool
    public: ReportVersion | None = None
    open: ReportVersion | None = None

    @property
    def is_handed_in(self) -> bool:
        return self.public is not None


def places(
    reading: ReadAt, year: int, public: Iterable[Any], opened: Iterable[Any] = (), *, is_whole: bool = False
) -> list[Place]:
    """The campaign first, then the regions from which one is expected, then the others, in the order of their codes; one query
    beside those of the arguments.

    Of regions from which no report is expected only those that handed one in, unless all are asked for.
    """
    pilots = regions_at(reading).pilots().filter(approval_year__lte=year)  # type: ignore[attr-defined]
    expected = {"", *pilots.values_list("page_id", flat=True)}
    read = {version.report.scope: version for version in public}
    written = {version.report.scope: version for version in opened}
    found = [
        Place(scope, name, scope in expected, read.get(scope), written.get(scope))
        for scope, name in (("", NATIONWIDE), *PROVINCES)
        if is_whole or scope in expected or scope in read or scope in written
    ]
    return sorted(found, key=lambda one: not one.is_expected)


def published(reading: ReadAt, year: int) -> list[ReportVersion]:
    """What readers have of the year, without what was withdrawn."""
    rows = ReportVersion.objects.visible(reading.edition, reading.day).standing().of(year)
    return list(rows.select_related("report", "from_edition"))
