"""What was done in the regions: activities and reported results, counted by the filters of their lists."""

from collections.abc import Iterable, Mapping

from django.urls import reverse

from catalog.regions.filters import PROVINCES
from events.activities.listing import Filters, ResultFilters
from events.activities.models import ActivityVersion, ResultVersion
from portal.core.pages.parameters import Query
from portal.core.pages.reading import ReadAt

from . import plots
from .charts import SHOWN, Chart, Line
from .plots import Mark

NATIONWIDE = "不分地区"


class Deeds:
    def __init__(self, reading: ReadAt, moment: Query):
        self.reading, self.moment = reading, moment
        held, stated = (
            model.objects.visible(reading.edition, reading.day).standing()
            for model in (ActivityVersion, ResultVersion)
        )
        self.held = Filters.read(moment, held, reading, more=())
        self.stated = ResultFilters.read(moment, stated, reading, more=())

    def regions(self) -> Chart | None:
        held, stated = self.held.counts("region"), self.stated.counts("region")
        lines = [self._line(code, name, held, stated) for code, name in PROVINCES]
        known = sorted((line for line in lines if any(line.cells)), key=_most_first)
        total, results = self.held.total, self.stated.total
        nationwide = (total - _sum(known, 0), results - _sum(known, 1))
        if any(nationwide):
            known.append(Line(NATIONWIDE, nationwide))
        if not known:
            return None
        return Chart(
            "regions",
            "各地的活动和成果",
            "活动按举办地，成果按所报地区",
            ("地区", "活动（场）", "成果（条）"),
            known,
            plots.bars("regions", "各地的活动", _told(known), _marks(known)),
            "取消的活动也在内，页上写明原因；成果是报来的数，各有出处。",
            total,
            self._href("activities:list"),
        )

    def results(self) -> Chart | None:
        """Sums within one indicator and one period, as their list has them."""
        lines = [
            Line(
                f"{one.indicator.name}（{one.indicator.unit}）",
                (one.period, one.amount, one.rows),
                self._href("activities:results", indicator=one.indicator.code, period=one.period_code),
            )
            for one in self.stated.totals
        ]
        if not lines:
            return None
        return Chart(
            "results",
            "成果合计",
            "只在同一指标、同一期间内相加",
            ("指标", "期间", "合计", "由几条"),
            lines,
            "",
            total=self.stated.total,
            rows_href=self._href("activities:results"),
        )

    def _line(self, code: str, name: str, held: Mapping[str, int], stated: Mapping[str, int]) -> Line:
        cells = held.get(code, 0), stated.get(code, 0)
        hrefs = [
            self._href(address, region=code) if count else ""
            for address, count in zip(("activities:list", "activities:results"), cells, strict=True)
        ]
        return Line(name, cells, hrefs=tuple(hrefs))

    def _href(self, address: str, **chosen: str) -> str:
        return self.moment.put(**chosen).link(reverse(address))


def _most_first(line: Line) -> tuple[int, int]:
    held, stated = line.cells
    return -int(held), -int(stated)


def _sum(lines: Iterable[Line], at: int) -> int:
    return sum(int(line.cells[at]) for line in lines)


def _marks(lines: list[Line]) -> list[Mark]:
    named = [line for line in lines if line.label != NATIONWIDE]
    marks = [Mark(line.label, int(line.cells[0]), line.hrefs[0]) for line in named[:SHOWN]]
    rest = _sum(named[SHOWN:], 0) + _sum(lines[len(named) :], 0)
    return [*marks, *([Mark("其余", rest, is_rest=True)] if rest else [])]


def _told(lines: list[Line]) -> str:
    return f"共 {_sum(lines, 0):,} 场活动、{_sum(lines, 1):,} 条成果。"
