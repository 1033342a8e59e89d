"""The charts of the page, each with its plot, its table, and the rows that it counts."""

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest

from django.utils.safestring import SafeString

from catalog.publication.models import Batch, ReasonCode
from catalog.publication.search.crossing import Crossing
from catalog.publication.search.listing import FoundLines
from catalog.publication.search.particulars import particulars
from catalog.standing.registers import CURRENT
from portal.core.editions import clock
from portal.core.pages.reading import ReadAt
from portal.core.pages.templatetags.pages import day_words
from portal.core.text.grown import grown

from . import plots
from .asking import Asked
from .plots import Mark

SHOWN = 9  # bars beside the rest
MONTHS = 12
Cell = str | int


class Change(int):
    """By how much a number grew."""

    def __str__(self) -> str:
        return grown(self)


@dataclass(frozen=True)
class Line:
    """A row of a table. `href`: the list with what it counts; `hrefs` where its cells count different things."""

    label: str
    cells: tuple[Cell, ...]
    href: str = ""
    hrefs: tuple[str, ...] = ()

    @property
    def shown(self) -> list[tuple[str, str]]:
        words = [f"{cell:,}" if type(cell) is int else str(cell) for cell in self.cells]
        return list(zip_longest(words, self.hrefs, fillvalue=""))


@dataclass(frozen=True)
class Chart:
    """`total` rows are behind it, at `rows_href`."""

    slug: str
    title: str
    note: str
    headings: tuple[str, ...]
    lines: Sequence[Line]
    plot: SafeString | str
    foot: str = ""
    total: int = 0
    rows_href: str = ""
    file: str = ""

    @property
    def is_wide(self) -> bool:
        """Whether it takes the breadth of the page."""
        return self.slug in ("months", "ends", "results")


class Charts:
    """What is drawn of the products that the parameters choose. Whoever asks for one chart pays for one."""

    def __init__(self, asked: Asked):
        self.asked, self.reading = asked, asked.reading
        self.particulars = particulars(self.reading.edition)

    @cached_property
    def found(self) -> FoundLines:
        return self.asked.filters.find(self.reading, facets={})

    @cached_property
    def crossing(self) -> Crossing:
        values = {name: self.asked.filters.choices[name].ordered for name in ("category", "batch", "ends")}
        leaves = [code for code in values["category"] if code in self.asked.known.groups]
        months = [f"{month:%Y-%m}" for month in self.coming_months]
        return Crossing(self.found, values | {"category": leaves, "ends": months}, self.particulars.given)

    def certificates(self, reading: ReadAt) -> int:
        """On which the products rest."""
        if reading is self.reading:
            return self.particulars.certificates_of(self.found.rows)
        return particulars(reading.edition).certificates_of(self.asked.filters.find(reading, facets={}).rows)

    # -- kinds -------------------------------------------------------------------------------------------------
    def kinds(self) -> Chart | None:
        counts = self.crossing.one_by_one("category")
        if not counts:
            return None
        was = self._kinds_then()
        names = dict(self.asked.known.categories)
        codes = sorted(counts.keys() | was.keys(), key=lambda code: (-counts.get(code, 0), code))
        versus = self.asked.versus
        lines = [
            Line(names[code], self._compared(counts.get(code, 0), was.get(code, 0)), self._kind_href(code))
            for code in codes
        ]
        then = {code: was.get(code, 0) if versus else None for code in codes}
        marks = [
            Mark(names[code], counts.get(code, 0), self._kind_href(code), then[code])
            for code in codes[:SHOWN]
        ]
        if rest := codes[SHOWN:]:
            before = sum(was.get(code, 0) for code in rest) if versus else None
            marks.append(
                Mark("其余各类", sum(counts.get(code, 0) for code in rest), "", before, is_rest=True)
            )
        first = marks[0]
        told = f"{first.label}最多，{first.value:,} 项；共 {len(counts)} 类，{sum(counts.values()):,} 项。"
        return Chart(
            "kinds",
            "按品类",
            f"产品，项；前 {SHOWN} 类",
            ("品类", "项数", *((f"第{versus.edition}版", "增减") if versus else ())),
            lines,
            plots.bars("kinds", "按品类的产品数", told, marks),
            f"黑色竖线是第{versus.edition}版（{day_words(versus.day)}）的数。" if versus else "",
            self.found.total,
            self.asked.list_href(),
        )

    def _kinds_then(self) -> dict[str, int]:
        if self.asked.versus is None:
            return {}
        found = self.asked.filters.find(self.asked.versus, facets={})
        return Crossing(found, {"category": self.crossing.values["category"]}).one_by_one("category")

    def _kind_href(self, code: str) -> str:
        return self.asked.list_href(category=code)

    def _compared(self, now: int, then: int) -> tuple[Cell, ...]:
        return (now, then, Change(now - then)) if self.asked.versus else (now,)

    # -- removals ----------------------------------------------------------------------------------------------
    def removals(self) -> Chart | None:
        """Of what is removed today and was not listed anew, so that its rows are a list."""
        found = self.asked.filters.find(self.reading, facets={}, validity="removed")
        crossing = Crossing(found, {"reason": ReasonCode.values}, self.particulars.given)
        counts = crossing.one_by_one("reason")
        if not counts:
            return None
        labels = dict(ReasonCode.choices)
        ordered = sorted(counts, key=lambda code: (code == ReasonCode.OTHER, -counts[code], code))
        hrefs = {code: self.asked.list_href(validity="removed", reason=code) for code in ordered}
        marks = [
            Mark(str(labels[code]), counts[code], hrefs[code], is_rest=code == ReasonCode.OTHER)
            for code in ordered
        ]
        told = "，".join(f"{mark.label} {mark.value:,} 项" for mark in marks) + "。"
        return Chart(
            "removals",
            "移出的原因",
            f"至 {day_words(self.reading.day)}，共 {found.total:,} 项",
            ("原因", "项数"),
            [Line(mark.label, (mark.value,), mark.href) for mark in marks],
            plots.bars("removals", "移出的原因", told, marks, plots.BAD),
            "已经移出、没有重新列入的产品。「企业申请退出」不是处罚；每项移出都有批次和日期。",
            found.total,
            self.asked.list_href(validity="removed"),
        )

    # -- by month and batch ------------------------------------------------------------------------------------
    @cached_property
    def batches(self) -> list[tuple[str, str, datetime.date]]:
        """Slug, title and day of publication, oldest first."""
        rows = Batch.objects.published(self.reading.edition).order_by("edition_id")
        titles = dict(self.asked.known.batches)
        return [
            (slug, titles.get(slug, slug), clock.day_of(at))
            for slug, at in rows.values_list("slug", "edition__at")
        ]

    def months(self) -> Chart | None:
        """The products of today by the month in which they were listed, added up."""
        parts = self.crossing.once("batch")
        listed: Counter[tuple[int, int]] = Counter()
        for slug, _title, day in self.batches:
            listed[day.year, day.month] += parts.get(slug, 0)
        came = {month: count for month, count in listed.items() if count}
        last = (self.reading.day.year, self.reading.day.month)
        if not came or max(came) > last or sum(came.values()) != self.found.total:
            return None  # a sum that differs is not drawn, nor an edition that is judged on a day before it
        months = _months_from(min(came), last)
        marks, lines, total = [], [], 0
        for year, month in months:
            total += came.get((year, month), 0)
            marks.append(Mark(str(month), total))
            lines.append(Line(f"{year}年{month}月", (came.get((year, month), 0), total)))
        told = f"从 {months[0][0]}年{months[0][1]}月的 {marks[0].value:,} 项，到 {day_words(self.reading.day)}的 {total:,} 项。"
        return Chart(
            "months",
            "逐月列入",
            "这些产品是哪个月列入的，逐月累计，项",
            ("月份", "当月列入", "累计"),
            lines,
            plots.steps("months", "产品按列入的月份累计", told, marks, _years(months))
            if len(months) > 1
            else "",
            "只数这一天还有效的；后来移出的、到期的不在内。某一天当时有多少，请选那一天或那一版。",
            total,
            self.asked.list_href(),
        )

    def by_batch(self) -> Chart | None:
        counts = self.crossing.one_by_one("batch")
        known = [(slug, title, day) for slug, title, day in reversed(self.batches) if counts.get(slug)]
        if not known:
            return None
        lines = [
            Line(title, (day_words(day), counts[slug]), self.asked.list_href(batch=slug))
            for slug, title, day in known
        ]
        marks = [
            Mark(line.label, counts[slug], line.href) for line, (slug, *_) in zip(lines, known, strict=True)
        ]
        rest = sum(mark.value for mark in marks[SHOWN:])
        marks = [*marks[:SHOWN], *([Mark("其余各批", rest, is_rest=True)] if rest else [])]
        told = f"共 {len(known)} 批；最近的一批 {marks[0].label}，{marks[0].value:,} 项。"
        return Chart(
            "batches",
            "按列入的批次",
            f"产品，项；最近 {SHOWN} 批",
            ("批次", "公布日期", "项数"),
            lines,
            plots.bars("batches", "按列入批次的产品数", told, marks),
            "同一产品在两张清单上的，两批各数一次。",
            self.found.total,
            self.asked.list_href(),
        )

    # -- ends --------------------------------------------------------------------------------------------------
    @property
    def coming_months(self) -> list[datetime.date]:
        """The month of the day read, and those after it."""
        first = self.reading.day.year * 12 + self.reading.day.month - 1
        return [datetime.date(at // 12, at % 12 + 1, 1) for at in range(first, first + MONTHS)]

    def ends(self) -> Chart | None:
        if self.asked.filters.validity not in (CURRENT, "ending") or not self.found.total:
            return None
        products = self.crossing.one_by_one("ends")
        papers = Crossing(
            self.found,
            {"ends": self.crossing.values["ends"]},
            self.particulars.given,
            self.particulars.certificates_of,
        ).one_by_one("ends")
        months = self.coming_months
        lines = [
            Line(f"{month.year}年{month.month}月", (papers.get(code, 0), products.get(code, 0)), href)
            for month in months
            for code in [f"{month:%Y-%m}"]
            for href in [self.asked.list_href(ends=code)]
        ]
        marks = [
            Mark(str(month.month), papers.get(f"{month:%Y-%m}", 0), line.href)
            for month, line in zip(months, lines, strict=True)
        ]
        total = sum(papers.values())
        told = f"共 {total:,} 张，其中 {months[0].year}年 {_of_year(marks, months):,} 张。"
        breaks = _years([(month.year, month.month) for month in months])
        return Chart(
            "ends",
            "今后十二个月到期的证书",
            "张；到期不等于移出，换证后继续",
            ("月份", "证书（张）", "产品（项）"),
            lines,
            plots.columns("ends", "今后十二个月到期的证书", told, marks, breaks),
            f"实心的今年到期，斜线的明年到期。{told}一张证书可以有几项产品，点月份看是哪些。",
            sum(products.values()),
            self.asked.list_href(ends=[f"{month:%Y-%m}" for month in months]),
        )


def _of_year(marks: Sequence[Mark], months: Sequence[datetime.date]) -> int:
    return sum(mark.value for mark, month in zip(marks, months, strict=True) if month.year == months[0].year)


def _months_from(first: tuple[int, int], last: tuple[int, int]) -> list[tuple[int, int]]:
    start, end = (year * 12 + month - 1 for year, month in (first, last))
    return [(at // 12, at % 12 + 1) for at in range(start, end + 1)]


def _years(months: Sequence[tuple[int, int]]) -> list[str]:
    """The year under the first month and under each January."""
    return [str(year) if not place or month == 1 else "" for place, (year, month) in enumerate(months)]
