"""The page of figures: what of it is drawn for the parameters asked, and its files."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.urls import reverse

from catalog.publication.search.listing import Question, list_enterprises
from portal.core.pages.reading import ReadAt
from portal.site.home_figures import pilots

from .asking import Asked
from .charts import Change, Chart, Charts, Line
from .crossed import CrossTable
from .deeds import Deeds


@dataclass(frozen=True)
class Total:
    """One of the numbers at the top; `was` is the compared edition's."""

    label: str
    unit: str
    count: int
    href: str
    was: int | None = None

    @property
    def grew(self) -> str:
        return (
            ""
            if self.was is None
            else str(Change(self.count - self.was))
            if self.count != self.was
            else "相同"
        )


class Page:
    def __init__(self, asked: Asked):
        self.asked, self.charts = asked, Charts(asked)
        self.crossed = CrossTable(asked, self.charts.found)

    # -- the numbers at the top --------------------------------------------------------------------------------
    def totals(self) -> list[Total]:
        """Of the whole lists; of chosen products only what is counted of them."""
        if self.asked.count == "enterprises":
            return [Total("名录企业", "家", *self._two(self._listed, self.asked.list_href()))]
        lists = [
            Total("产品", "项", *self._two(self._listed, self.asked.list_href())),
            Total("所依据的证书", "张", *self._two(self.charts.certificates, self._certified)),
        ]
        if self.asked.is_narrowed:
            return lists
        moment = self.asked.query.moment
        return [
            Total("现行有效产品", *_but_label(lists[0])),
            Total("名录企业", "家", *self._two(_enterprises, moment.link(reverse("enterprises:list")))),
            Total("有效证书", *_but_label(lists[1])),
            Total("试点地区", "个", *self._two(_pilots, moment.link(reverse("regions:list")))),
        ]

    def _two(self, count: Callable[[ReadAt], int], href: str) -> tuple[int, str, int | None]:
        versus = self.asked.versus
        return count(self.asked.reading), href, count(versus) if versus else None

    def _listed(self, reading: ReadAt) -> int:
        if reading is self.asked.reading:
            return self.charts.found.total
        return self.asked.filters.find(reading, facets={}).total

    @property
    def _certified(self) -> str:
        basis = self.asked.query.all("basis") or ("certificate",)
        return self.asked.list_href(basis=basis)

    # -- the charts --------------------------------------------------------------------------------------------
    @cached_property
    def deeds(self) -> Deeds:
        return Deeds(self.asked.reading, self.asked.query.moment)

    def makers(self) -> dict[str, Callable[[], Chart | None]]:
        """By name of its file, what makes each chart that belongs to this page."""
        charts = self.charts
        if self.asked.count == "enterprises":
            return {}
        if self.asked.count == "certificates":
            return {"ends": charts.ends}
        of_products = {
            "kinds": charts.kinds,
            "removals": charts.removals,
            "batches": charts.by_batch,
            **({} if self.asked.is_narrowed else {"regions": self.deeds.regions}),
            "months": charts.months,
            "ends": charts.ends,
        }
        return of_products if self.asked.is_narrowed else {**of_products, "results": self.deeds.results}

    def drawn(self) -> list[Chart]:
        made = (chart for make in self.makers().values() if (chart := make()))
        return [replace(chart, file=self.asked.file_href(chart.slug)) for chart in made]

    # -- the files ---------------------------------------------------------------------------------------------
    def cross_lines(self) -> tuple[tuple[str, ...], list[Line]]:
        table = self.crossed
        headings = (table.row_label, *(column.label for column in table.columns), "合计")
        rows = [Line(row.label, (*(one.count for one in row.numbers), row.total.count)) for row in table.rows]
        sums = Line("合计", (*(column.total.count for column in table.columns), table.total.count))
        return headings, [*rows, sums]

    def tables(self, slug: str = "") -> Iterator[tuple[str, str, tuple[str, ...], list[Line]]]:
        """Name, title, headings and lines of one chart, or of all."""
        if slug in ("", "cross"):
            yield "cross", self.crossed.title, *self.cross_lines()
        for name, make in self.makers().items():
            if slug in ("", name) and (chart := make()):
                yield name, chart.title, chart.headings, list(chart.lines)

    def said(self) -> list[dict[str, Any]]:
        """All of them for programs."""
        return [
            {
                "name": name,
                "title": title,
                "headings": list(headings),
                "rows": [plain(line) for line in lines],
            }
            for name, title, headings, lines in self.tables()
        ]


def plain(line: Line) -> list[str | int]:
    return [str(line.label), *(int(cell) if isinstance(cell, int) else str(cell) for cell in line.cells)]


def _but_label(total: Total) -> tuple[str, int, str, int | None]:
    return total.unit, total.count, total.href, total.was


def _enterprises(reading: ReadAt) -> int:
    return list_enterprises(Question(reading.edition, reading.day)).total


def _pilots(reading: ReadAt) -> int:
    return pilots(reading).count
