"""How many enquiries there were, up to yesterday: counted from acts of the days before, so a day's page never changes."""

import datetime
from collections import Counter
from dataclasses import dataclass

from django.db.models import Min

from catalog.regions.models import Division
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


def _places(act: str, before: datetime.datetime) -> list[tuple[str, str]]:
    """(place, kind) of each enquiry to which the act happened before a moment; each counts once."""
    firsts = Enquiry.objects.filter(acts__kind=act).annotate(first=Min("acts__at")).filter(first__lt=before)
    return list(firsts.order_by().values_list("place", "kind"))
