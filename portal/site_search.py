"""One search box over everything that is public: how many of each kind, and the first of them."""

from dataclasses import dataclass, field

from django.urls import reverse

from catalog.publication.search.listing import (
    Question,
    enterprise_lines,
    list_enterprises,
    list_products,
    product_rows,
)
from catalog.regions.models import Division
from events.activities.models import ActivityVersion
from events.notices import board
from portal.pages.parameters import Query
from portal.pages.reading import PARAMETERS, ReadAt
from portal.text.tokens import name_terms, query_terms

SHOWN = 5


@dataclass(frozen=True)
class Hit:
    href: str
    title: str
    under: str = ""


@dataclass(frozen=True)
class Kind:
    """One kind of thing: its number, the first few, and where all of them are (empty where these are all)."""

    label: str
    unit: str
    total: int
    hits: list[Hit] = field(default_factory=list)
    more_href: str = ""


class SiteSearch:
    """Every kind is asked at one edition and on one day, in a constant number of queries."""

    def __init__(self, words: str, reading: ReadAt, query: Query):
        self.words, self.reading = words, reading
        self._kept = query.keep(*PARAMETERS)

    def kinds(self) -> list[Kind]:
        """Kinds in the order of the site; one that nothing was found of has the number 0."""
        if not query_terms(self.words):
            return []
        return [self._products(), self._enterprises(), self._notices(), self._regions(), self._activities()]

    def _products(self) -> Kind:
        found = list_products(Question(self.reading.edition, self.reading.day, self.words))
        rows = product_rows(found.page(1, SHOWN), self.reading.edition, self.reading.day)
        hits = [
            Hit(
                self._link("products:detail", row.line.number),
                row.line.name,
                f"{row.line.enterprise_name}·清单编号 {row.line.number}",
            )
            for row in rows
        ]
        return Kind("产品清单", "项", found.total, hits, self._all("products:list"))

    def _enterprises(self) -> Kind:
        found = list_enterprises(Question(self.reading.edition, self.reading.day, self.words))
        hits = [
            Hit(self._link("enterprises:detail", line.uscc), line.name, line.division_name)
            for line in enterprise_lines(found.page(1, SHOWN))
        ]
        return Kind("企业名录", "家", found.total, hits, self._all("enterprises:list"))

    def _notices(self) -> Kind:
        found = board.Board(board.Question(self.reading.edition, self.reading.day, self.words))
        hits = [
            Hit(
                self._link("notices:detail", row.notice_id),
                row.title,
                f"{row.get_kind_display()}·{row.dated}",
            )
            for row in found.page(1, SHOWN)
        ]
        return Kind("通知公告", "条", found.total, hits, self._all("notices:list"))

    def _regions(self) -> Kind:
        """34 of them: compared here, by the same terms as everything else."""
        groups = query_terms(self.words)
        provinces = Division.objects.filter(level=Division.Level.PROVINCE).order_by("code")
        hits = []
        for division in provinces:
            terms = name_terms(division.name)
            if all(any(alternative <= terms for alternative in group) for group in groups):
                hits.append(Hit(self._link("regions:detail", division.code), division.name))
        return Kind("地区", "个", len(hits), hits)

    def _activities(self) -> Kind:
        visible = ActivityVersion.objects.visible(self.reading.edition, self.reading.day).standing()
        found = visible.matching(self.words)
        hits = [
            Hit(self._link("activities:detail", row.activity_id), row.title, row.place)
            for row in found.newest_first()[:SHOWN]
        ]
        return Kind("活动", "场", found.count(), hits, self._all("activities:list"))

    def _link(self, name: str, *args: object) -> str:
        return self._kept.link(reverse(name, args=args))

    def _all(self, name: str) -> str:
        return self._kept.put(q=self.words).link(reverse(name))
