"""The filters of the list of activities, and the numbers beside them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_

from django.db.models import Count, Q
from django.db.models.functions import ExtractYear, Left

from catalog.campaigns.models import Campaign
from catalog.regions.models import Division
from catalog.regions.tiles import PLACES
from portal.core.accounts.roles import prefix_of
from portal.core.pages.listing import Chip, Facet, Listing, Option
from portal.core.pages.parameters import BadParameter, Query
from portal.core.pages.reading import PARAMETERS, ReadAt
from portal.core.text.dates import FIRST_YEAR, LAST_YEAR

from .models import ActivityVersion, ActivityVersionQuerySet, When
from .models.activities import when_condition

FILTERS = ("kind", "when", "region", "campaign", "year")


def any_of(conditions: Iterable[Q]) -> Q:
    return reduce(or_, conditions)


@dataclass(frozen=True)
class Filters:
    """What the visitor chose, read at one edition and on one day."""

    query: Query
    reading: ReadAt
    with_withdrawn: bool = False

    @classmethod
    def read(cls, query: Query, reading: ReadAt, *, more: tuple[str, ...] = (), **kwargs: bool) -> "Filters":
        """Raises BadParameter for what is not understood."""
        query.refuse_unknown(single=("q", *more, *PARAMETERS), several=FILTERS)
        filters = cls(query, reading, **kwargs)
        for name in FILTERS:
            for value in query.all(name):
                if not filters.knows(name, value):
                    raise BadParameter.one(query, name, value)
        return filters

    @property
    def words(self) -> str:
        return self.query.first("q")

    def knows(self, name: str, value: str) -> bool:
        if name == "kind":
            return value in ActivityVersion.Kind.values
        if name == "when":
            return value in When.values
        if name == "year":
            return (
                len(value) == 4
                and value.isascii()
                and value.isdigit()
                and FIRST_YEAR <= int(value) <= LAST_YEAR
            )
        return value in (self.campaign_names if name == "campaign" else self.region_names)

    @cached_property
    def campaign_names(self) -> dict[str, str]:
        return dict(Campaign.objects.values_list("slug", "name"))

    @cached_property
    def region_names(self) -> dict[str, str]:
        """Names of the provinces, and of the smaller divisions that were asked for."""
        names = {code: place[1] for code, place in PLACES.items()}
        smaller = [code for code in self.query.all("region") if code not in names]
        if smaller:
            names |= Division.objects.filter(pk__in=smaller).values_list("code", "name")
        return names

    @cached_property
    def visible(self) -> ActivityVersionQuerySet:
        visible = ActivityVersion.objects.visible(self.reading.edition, self.reading.day)
        return visible if self.with_withdrawn else visible.standing()

    def rows(self, *, but: str = "") -> ActivityVersionQuerySet:
        """The rows of the list, or those that all choices `but` one leave."""
        rows = self.visible.matching(self.words)
        for name in FILTERS:
            values = self.query.all(name)
            if values and name != but:
                rows = rows.filter(any_of(self.condition(name, value) for value in values))
        return rows

    def condition(self, name: str, value: str) -> Q:
        if name == "kind":
            return Q(kind=value)
        if name == "when":
            return when_condition(value, self.reading.day)
        if name == "year":
            return Q(first_on__year=int(value))
        if name == "campaign":
            return Q(campaign__slug=value)
        return Q(division__code__startswith=prefix_of(value))

    def listing(self, path: str, *, of_month: bool = False) -> Listing:
        """What is drawn around the rows; a month needs no choice of years."""
        regions = self.region_facet()
        facets = (self.when_facet(), self.kind_facet(), regions, *(() if of_month else (self.year_facet(),)))
        provinces = {option.value for option in regions}
        smaller = [
            Chip(self.region_names[code], self.query.minus("region", code).drop("page").link(path))
            for code in self.query.all("region")
            if code not in provinces
        ]
        campaigns = [
            Chip(self.campaign_names[slug], self.query.minus("campaign", slug).drop("page").link(path))
            for slug in self.query.all("campaign")
        ]
        words = [Chip(f"含「{self.words}」", self.query.drop("q", "page").link(path))] if self.words else []
        return Listing(self.query, path, facets=facets, extra_chips=(*words, *smaller, *campaigns))

    def when_facet(self) -> Facet:
        counted = {
            value: Count("pk", filter=when_condition(value, self.reading.day)) for value in When.values
        }
        counts = self.rows(but="when").order_by().aggregate(**counted)
        return self.facet("when", "时间", [(value, label, counts[value]) for value, label in When.choices])

    def kind_facet(self) -> Facet:
        rows = self.rows(but="kind").order_by().values_list("kind")
        counts = dict(rows.annotate(Count("pk")))
        kinds = [
            (value, label, counts.get(value, 0))
            for value, label in ActivityVersion.Kind.choices
            if value in counts or value in self.query.all("kind")
        ]
        return self.facet("kind", "类别", kinds)

    def region_facet(self) -> Facet:
        rows = self.rows(but="region").order_by().exclude(division=None)
        counts = dict(rows.values_list(Left("division_id", 2)).annotate(Count("pk")))
        chosen = self.query.all("region")
        provinces = [
            (code, place[1], counts.get(code[:2], 0))
            for code, place in sorted(PLACES.items())
            if code[:2] in counts or code in chosen
        ]
        return self.facet("region", "地区", provinces)

    def year_facet(self) -> Facet:
        rows = self.rows(but="year").order_by().values_list(ExtractYear("first_on"))
        counts = dict(rows.annotate(Count("pk")))
        years = sorted({*counts, *map(int, self.query.all("year"))}, reverse=True)
        return self.facet(
            "year", "开始年份", [(str(year), f"{year}年", counts.get(year, 0)) for year in years]
        )

    def facet(self, name: str, label: str, options: list[tuple[str, str, int]]) -> Facet:
        chosen = self.query.all(name)
        made = (Option(value, str(words), count, value in chosen) for value, words, count in options)
        return Facet(name, label, tuple(made), open=10)
