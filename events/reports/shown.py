"""A report as its pages, its paper and its files show it: figures in their groups, the campaign's by region."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from catalog.regions.filters import PROVINCES
from portal.core.pages.templatetags.pages import day_words

from .asked import GROUPS
from .counted import Line
from .models import ReportVersion

TEXTS = ("summary", "work", "problems", "plans")


@dataclass(frozen=True)
class Group:
    label: str
    note: str
    lines: Sequence[Line]


@dataclass(frozen=True)
class RegionRow:
    name: str
    cells: Sequence[tuple[int, str]]  # number, and where its rows are


@dataclass(frozen=True)
class Shown:
    version: ReportVersion

    @cached_property
    def groups(self) -> list[Group]:
        found = [
            Group(label, self._note(code), [line for line in self.version.figures if line.group == code])
            for code, label in GROUPS.items()
        ]
        return [group for group in found if group.lines]

    def _note(self, code: str) -> str:
        """Of which days the numbers are: while a year goes on, it stands beside the whole of the one before."""
        whole = self.version.is_whole_year
        at_end = "年末的情况" if whole else "统计那天的情况，上一年是年末的"
        is_region = bool(self.version.report.scope)
        placed = "产品和企业按企业所在地，批次按发布方；" if is_region else ""
        signed = "" if is_region else "承诺书是这一年签的；采信规定是"
        return {
            "lists": f"{placed}{at_end}",
            "deeds": "全年" if whole else "到统计那天为止，上一年是全年",
            "promises": f"{signed}{at_end}",
            "enquiries": "来信涉及个人，不公开：受理和答复的件数没有可点开的行",
        }[code]

    @cached_property
    def region_rows(self) -> list[RegionRow]:
        rows = [
            RegionRow(name, [column.cell(code) for column in self.version.columns])
            for code, name in PROVINCES
        ]
        return [row for row in rows if any(count for count, _href in row.cells)]

    @property
    def now_heading(self) -> str:
        return f"{self.version.year}年"

    @property
    def before_heading(self) -> str:
        return f"{self.version.year - 1}年"

    @property
    def counted_words(self) -> str:
        version = self.version
        if version.counted_on is None:
            return ""
        until = "" if version.is_whole_year else "，这一年还没有过完"
        return f"数字于 {day_words(version.counted_on)}从第{version.counted_edition}版统计{until}"

    @property
    def texts(self) -> list[tuple[str, str]]:
        """Label and text of what was written."""
        fields = ReportVersion._meta
        found = [(str(fields.get_field(name).verbose_name), getattr(self.version, name)) for name in TEXTS]  # type: ignore[union-attr]
        return [(label, text) for label, text in found if text]
