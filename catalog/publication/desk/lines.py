"""The lines of a batch as the desk shows them, grouped by what they do: composed anew from a draft, or exactly those that were
frozen."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count
from django.urls import reverse

from catalog.publication.compiling.compose import Composition, compose
from catalog.publication.compiling.endings import Endings, endings_of_draft, endings_of_frozen
from catalog.publication.differences.comparing import COMPARED, Change, differences, label_of, words
from catalog.publication.differences.reasons import circumstances_of, reason_of
from catalog.publication.models import (
    Action,
    Batch,
    BatchEntry,
    CertificateLine,
    EnterpriseLine,
    Line,
    ProductLine,
)
from portal.core.text.clauses import in_one

REGISTERS: dict[str, tuple[str, type[Line]]] = {
    "products": ("产品", ProductLine),
    "enterprises": ("企业", EnterpriseLine),
    "certificates": ("证书", CertificateLine),
}
GROUPS = {  # in this order, with what the public will notice
    Action.CHANGE: "公开的内容会改，划去的是现在公开的",
    Action.CORRECT: "改正公开过的文字差错",
    Action.LIST: "公众第一次看到",
    Action.RELIST: "移出过，重新列入",
    Action.SUSPEND: "仍看得到，标明暂停和原因",
    Action.RESUME: "不再标暂停",
    Action.REMOVE: "公开页面保留，写明何时移出、为何",
    Action.FOLLOW: "只随企业或证书更新，不算产品变更",
}
FRESH: dict[type[Line], tuple[str, ...]] = {  # what is said of a line that is new
    ProductLine: ("brand", "category_name", "certificate_number", "requirement_title", "models_text"),
    EnterpriseLine: ("uscc", "phone"),
    CertificateLine: ("body_name", "star", "valid_until", "status"),
}


PROVINCE = re.compile(r"(?:壮族|回族|维吾尔)?自治区$|特别行政区$|省$|市$")


@dataclass(frozen=True)
class Segment:
    """Lines of one register that do the same; they stand together."""

    action: Action
    register: str
    count: int


@dataclass(frozen=True)
class Group:
    action: Action
    count: int

    @property
    def told(self) -> str:
        return GROUPS[self.action]


@dataclass(frozen=True)
class ShownLine:
    """One line of the page; `place` counts through the whole batch as it is filtered."""

    place: int
    line: Any
    register: str
    entry: BatchEntry | None = None

    @property
    def label(self) -> str:
        return REGISTERS[self.register][0]

    @property
    def action(self) -> Action:
        return Action(self.line.action)

    @property
    def name(self) -> str:
        return getattr(self.line, "name", "") or getattr(self.line, "number", "") or "（已依法隐去）"

    @property
    def enterprise(self) -> str:
        """Whose it is: of an enterprise itself nothing."""
        return getattr(self.line, "enterprise_name", "") or getattr(self.line, "maker_name", "")

    @property
    def province(self) -> str:
        """In short, as people say it: 广西."""
        return PROVINCE.sub("", getattr(self.line, "division_name", "").partition(" ")[0])

    @property
    def number(self) -> str:
        """Under which the public finds it; a product that was never frozen has none yet."""
        return getattr(self.line, "number", "") or getattr(self.line, "uscc", "")

    @cached_property
    def changes(self) -> list[Change]:
        return differences(self.line)

    @property
    def why(self) -> str:
        return in_one(reason_of(self.line), circumstances_of(self.line))

    @property
    def fresh(self) -> str:
        """What the public will read of a line that is new, in short."""
        if self.line.replaces_id:
            return ""
        return "，".join(
            words(name, value) for name in FRESH[type(self.line)] if (value := getattr(self.line, name))
        )

    @property
    def content(self) -> str:
        """Everything that the public would read of it."""
        said = ((name, getattr(self.line, name)) for name in COMPARED[type(self.line)])
        return "；".join(
            f"{label_of(self.line, name)}：{words(name, value)}" for name, value in said if value
        )

    @property
    def origin(self) -> str:
        """What put it into the batch; what came along with another line says so."""
        return self.entry.origin if self.entry else "随其他行带入"

    @property
    def href(self) -> str:
        """The frozen line with everything that is sealed; of a draft the working row that it is made of."""
        if self.line.pk:
            return reverse(f"admin:publication_{self.line._meta.model_name}_change", args=[self.line.pk])
        kind = self.register.removesuffix("s")
        app = "enterprises" if kind == "enterprise" else "products"
        return reverse(f"admin:{app}_{kind}_change", args=[getattr(self.line, f"{kind}_id")])


class DeskLines:
    """A draft is composed once, however many questions are asked."""

    def __init__(self, batch: Batch):
        self.batch = batch

    @property
    def is_draft(self) -> bool:
        return self.batch.state == Batch.State.DRAFT

    @cached_property
    def composition(self) -> Composition:
        return compose(self.batch) if self.is_draft else Composition()

    @cached_property
    def counts(self) -> dict[str, Counter]:
        if self.is_draft:
            return {
                register: Counter(line.action for line in getattr(self.composition, register))
                for register in REGISTERS
            }
        return {
            register: Counter(
                dict(
                    model.objects.filter(batch=self.batch)
                    .order_by()
                    .values_list("action")
                    .annotate(count=Count("pk"))
                )
            )
            for register, (_label, model) in REGISTERS.items()
        }

    @property
    def total(self) -> int:
        return sum(counts.total() for counts in self.counts.values())

    @cached_property
    def endings(self) -> Endings:
        return endings_of_draft(self.composition) if self.is_draft else endings_of_frozen(self.batch)

    def count(self, register: str = "", action: str = "") -> int:
        return sum(part.count for part in self.segments(register, action))

    def groups(self, register: str = "") -> list[Group]:
        """The actions that occur, with their numbers."""
        counted = ((action, self.count(register, action)) for action in GROUPS)
        return [Group(action, count) for action, count in counted if count]

    def segments(self, register: str = "", action: str = "") -> list[Segment]:
        """In the order of the page."""
        return [
            Segment(one, name, count)
            for one in GROUPS
            if not action or one == action
            for name in REGISTERS
            if not register or name == register
            if (count := self.counts[name][one])
        ]

    def rows(self, register: str, action: str, start: int, stop: int) -> list[ShownLine]:
        found = list(self._between(register, action, start, stop))
        entries = self._entries_of(found)
        return [
            ShownLine(place, line, name, entries.get(_target(name, line)))
            for place, (name, line) in enumerate(found, start=start + 1)
        ]

    def _between(self, register: str, action: str, start: int, stop: int) -> Iterator[tuple[str, Any]]:
        before = 0
        for part in self.segments(register, action):
            first, last = max(start - before, 0), min(stop - before, part.count)
            if first < last:
                yield from ((part.register, line) for line in self._lines(part)[first:last])
            before += part.count

    def _lines(self, part: Segment) -> Sequence[Any]:
        if self.is_draft:
            return [line for line in getattr(self.composition, part.register) if line.action == part.action]
        frozen = REGISTERS[part.register][1].objects.filter(batch=self.batch, action=part.action)
        return frozen.select_related("replaces").order_by("position", "id")  # type: ignore[return-value]

    def _entries_of(self, found: list[tuple[str, Any]]) -> dict[tuple, BatchEntry]:
        """The entries behind these lines, in a query a register."""
        entries = {}
        for register in {name for name, _line in found}:
            column = f"{register.removesuffix('s')}_id"
            ids = [getattr(line, column) for name, line in found if name == register]
            for entry in self.batch.entries.filter(**{f"{column}__in": ids}):
                publisher = "" if register == "certificates" else entry.publisher
                entries[register, getattr(entry, column), publisher] = entry
        return entries


def _target(register: str, line: Any) -> tuple[str, int, str]:
    """What an entry and its line have in common. A certificate is entered once for all publishers."""
    publisher = "" if register == "certificates" else line.publisher
    return register, getattr(line, f"{register.removesuffix('s')}_id"), publisher
