"""The cross table: what is counted, by the values of two filters, with a link to the rows of each number."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.safestring import SafeString

from catalog.publication.search.crossing import Crossing
from catalog.publication.search.listing import OWN_LISTS, FoundLines
from catalog.publication.search.particulars import particulars

from . import plots
from .asking import DIMENSIONS, PAIRS, THINGS, Asked

REST = {"star": "无星级", "province": "未写明所在地"}  # of what has no value of a filter


@dataclass(frozen=True)
class Number:
    count: int
    href: str = ""


@dataclass(frozen=True)
class Column:
    label: str
    swatch: SafeString | str
    total: Number


@dataclass(frozen=True)
class Row:
    label: str
    href: str
    numbers: Sequence[Number]
    total: Number
    bar: SafeString


class CrossTable:
    """Rows and columns without a number are left out. Certificates lead to their products."""

    def __init__(self, asked: Asked, found: FoundLines):
        self.asked, self.found = asked, found

    @cached_property
    def crossing(self) -> Crossing:
        asked, extra = self.asked, particulars(self.asked.reading.edition)
        values = {
            name: [value for value, _label in self._choices(name)] for name in (asked.rows, asked.columns)
        }
        count = extra.certificates_of if asked.count == "certificates" else len
        return Crossing(self.found, values, extra.given, count)

    def _choices(self, name: str) -> list[tuple[str, str]]:
        return [pair for pair in self.asked.filters.choices[name].pairs if self._is_offered(name, pair[0])]

    def _is_offered(self, name: str, value: str) -> bool:
        """Kinds as rows; as columns their groups, which are fewer. Of a filter that is chosen what is chosen: a link to another
        value would take the choice away.
        """
        chosen, groups = self.asked.query.all(name), self.asked.known.groups
        if name != "category":
            return not chosen or value in chosen
        if name == self.asked.rows:
            return value in groups and (not chosen or value in chosen or groups[value] in chosen)
        return value in chosen if chosen else value not in groups

    # -- what it says ------------------------------------------------------------------------------------------
    @cached_property
    def _cells(self) -> dict[tuple[str, str], int]:
        return self.crossing.cells(self.asked.rows, self.asked.columns)

    @cached_property
    def _row_totals(self) -> dict[str, int]:
        return self.crossing.one_by_one(self.asked.rows)

    @cached_property
    def _columns(self) -> list[tuple[str, str]]:
        totals = self.crossing.one_by_one(self.asked.columns)
        return [pair for pair in self._choices(self.asked.columns) if pair[0] in totals]

    @cached_property
    def columns(self) -> list[Column]:
        totals = self.crossing.one_by_one(self.asked.columns)
        told = [
            (label, Number(totals[value], self.asked.list_href(**{self.asked.columns: value})))
            for value, label in self._columns
        ]
        if self._rest:
            told.append((REST[self.asked.columns], Number(sum(self._rest.values()))))
        fills = [*plots.FILLS, *[""] * len(told)] if self.is_shared_out else [""] * len(told)
        return [
            Column(label, plots.swatch(fill) if fill else "", total)
            for (label, total), fill in zip(told, fills, strict=False)
        ]

    @cached_property
    def rows(self) -> list[Row]:
        totals = self._row_totals
        chosen = [pair for pair in self._choices(self.asked.rows) if pair[0] in totals]
        if self.asked.rows != "batch":  # newest first already
            chosen.sort(key=lambda pair: (-totals[pair[0]], pair[0]))
        most = max(totals.values(), default=1)
        return [self._row(value, label, most) for value, label in chosen]

    def _row(self, value: str, label: str, most: int) -> Row:
        rows, columns = self.asked.rows, self.asked.columns
        counts = [self._cells.get((value, other), 0) for other, _label in self._columns]
        numbers = [
            Number(count, self.asked.list_href(**{rows: value, columns: other}) if count else "")
            for count, (other, _label) in zip(counts, self._columns, strict=True)
        ]
        if self._rest:
            counts.append(self._rest.get(value, 0))
            numbers.append(Number(counts[-1]))
        total = self._row_totals[value]
        href = self.asked.list_href(**{rows: value})
        parts = counts if self.is_shared_out else [total]
        return Row(label, href, numbers, Number(total, href), plots.shares(parts, most))

    @cached_property
    def total(self) -> Number:
        return Number(self.crossing.total, self.asked.list_href())

    @cached_property
    def _sums(self) -> Counter[str]:
        sums: Counter[str] = Counter()
        for (row, _column), count in self._cells.items():
            sums[row] += count
        return sums

    @cached_property
    def _rest(self) -> dict[str, int]:
        """By row, what no column has, where each thing has one value of the columns or none."""
        if self.asked.columns not in REST or self.asked.count == "enterprises":
            return {}
        left = {row: total - self._sums[row] for row, total in self._row_totals.items()}
        return left if any(left.values()) and min(left.values()) >= 0 else {}

    @cached_property
    def is_shared_out(self) -> bool:
        """Whether the columns make up each row and are few enough to be told apart by a pattern."""
        made_up = self._sums == self._row_totals or bool(self._rest)
        return len(self._columns) + bool(self._rest) <= len(plots.FILLS) and made_up

    @property
    def has_bars(self) -> bool:
        """Beside many columns there is no room."""
        return len(self.columns) <= len(plots.FILLS)

    # -- what is said about it ---------------------------------------------------------------------------------
    @property
    def title(self) -> str:
        return f"{DIMENSIONS[self.asked.rows]}与{DIMENSIONS[self.asked.columns]}"

    @property
    def row_label(self) -> str:
        return DIMENSIONS[self.asked.rows]

    @property
    def note(self) -> str:
        place = "，按企业所在地" if "province" in (self.asked.rows, self.asked.columns) else ""
        return f"{self.asked.thing.label}{place}，{self.asked.thing.unit}"

    @property
    def foot(self) -> list[str]:
        """What a reader must know to add up."""
        said, names = [], {self.asked.rows, self.asked.columns}
        if self.asked.columns == "star" and self._rest:
            said.append("「无星级」只有地方技术要求，没有认证证书。")
        elif self.asked.rows == "star" and self._lacks_stars:
            said.append("没有认证证书的产品没有星级，只进合计。")
        if self.asked.count == "enterprises":
            said.append("一家企业有几种产品的，各数一次，合计只数一次。")
        elif names & set(OWN_LISTS):
            said.append("同一产品在几张清单上的，各清单各数一次，合计只数一次。")
        if self.asked.count == "certificates":
            said.append("数的是这些产品所依据的证书，点数字看证书下的产品。")
        return said

    @property
    def _lacks_stars(self) -> bool:
        return sum(self.crossing.one_by_one("star").values()) < self.crossing.total

    # -- ways on -----------------------------------------------------------------------------------------------
    @property
    def pairs(self) -> list[tuple[str, str, bool]]:
        asked = (self.asked.rows, self.asked.columns)
        return [
            (
                f"{DIMENSIONS[rows]}×{DIMENSIONS[columns]}",
                self._here(rows=rows, columns=columns),
                (rows, columns) == asked,
            )
            for rows, columns in PAIRS
        ]

    @property
    def things(self) -> list[tuple[str, str, bool]]:
        return [
            (thing.label, self._here(count=code), code == self.asked.count) for code, thing in THINGS.items()
        ]

    def _here(self, **changes: str) -> str:
        query = self.asked.query.put(**changes)
        if changes.get("count") == "enterprises":  # the directory knows fewer filters
            query = query.drop("part", "ends", "reason", "validity", "place", "sort")
        return query.link(reverse("figures:page"))
