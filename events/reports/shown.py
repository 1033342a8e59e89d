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

    @property
    def hides_rows(self) -> bool:
        """Whether something of it has no rows that are public."""
        return any(line.now and not line.now.address for line in self.lines)


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
            Group(label, note, [line for line in self.version.figures if line.group == code])
            for code, (label, note) in GROUPS.items()
        ]
        return [group for group in found if group.lines]

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
        """While the year goes on, it stands beside the whole of the one before."""
        return f"{self.version.year - 1}年{'' if self.version.is_whole_year else '（全年）'}"

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
