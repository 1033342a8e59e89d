"""How many enquiries there were, up to yesterday: counted from acts of the days before, so a day's page never changes."""

import datetime
from collections import Counter
from dataclasses import dataclass

from django.db.models import Min, QuerySet

from catalog.regions.models import Division
from portal.core.accounts.roles import prefix_of
from portal.core.editions import clock

from .models import Act, Enquiry, Kind


@dataclass(frozen=True)
class RegionFigures:
    """One region, or all of them; `counts` in the order of the kinds."""

    name: str
    counts: tuple[int, ...]
    answered: int

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class Figures:
    until: datetime.date
    rows: list[RegionFigures]
    whole: RegionFigures


def figures(today: datetime.date) -> Figures:
    """Accepted and answered before `today`, by region and kind; three queries."""
    midnight = clock.end_of(today - datetime.timedelta(days=1))
    accepted = _places(Act.Kind.ACCEPTED, midnight)
    answered = Counter(place for place, _kind in _places(Act.Kind.ANSWERED, midnight))
    names = dict(Division.objects.filter(level=Division.Level.PROVINCE).values_list("code", "name"))
    counts = Counter(accepted)
    places = sorted({place for place, _kind in accepted}, key=lambda place: (not place, place))
    rows = [
        RegionFigures(
            names.get(place, "未写明地区") if place else "未写明地区",
            tuple(counts[place, kind] for kind in Kind.values),
            answered[place],
        )
        for place in places
    ]
    kinds = Counter(kind for _place, kind in accepted)
    whole = RegionFigures("合计", tuple(kinds[kind] for kind in Kind.values), answered.total())
    return Figures(today - datetime.timedelta(days=1), rows, whole)


def handled(first: datetime.date, last: datetime.date, place: str = "") -> tuple[int, int]:
    """How many were accepted, and how many answered, from one day to another, the last included: of one region, or of all."""
    since, before = (clock.end_of(day) for day in (first - datetime.timedelta(days=1), last))
    accepted, answered = (
        _firsts(kind, before).filter(first__gte=since, place__startswith=prefix_of(place)).count()
        for kind in (Act.Kind.ACCEPTED, Act.Kind.ANSWERED)
    )
    return accepted, answered


def _places(act: str, before: datetime.datetime) -> list[tuple[str, str]]:
    """(place, kind) of each enquiry to which the act happened before a moment; each counts once."""
    return list(_firsts(act, before).order_by().values_list("place", "kind"))


def _firsts(act: str, before: datetime.datetime) -> QuerySet[Enquiry]:
    return Enquiry.objects.filter(acts__kind=act).annotate(first=Min("acts__at")).filter(first__lt=before)
