"""What a batch does, grouped and page by page: the lines that were frozen; those that a draft would make, composed whole; or its
entries, of which a page composes those that it shows.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, QuerySet

from catalog.publication.compiling.compose import Composition, compose
from catalog.publication.compiling.endings import Endings, endings_of_draft, endings_of_frozen
from catalog.publication.compiling.part import Part, compose_part
from catalog.publication.compiling.problems import Problem
from catalog.publication.differences.comparing import differences
from catalog.publication.models import Action, Batch, BatchEntry, CertificateLine

from .shown import REGISTERS, Lineless, Row, ShownEntry, ShownLine, kind_of

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


class BatchLines:
    """Counted by action and register, and cut into pages."""

    unit = "行"

    def __init__(self, batch: Batch):
        self.batch = batch
        self._problems: Sequence[Problem] = ()

    @cached_property
    def counts(self) -> dict[str, Counter]:
        raise NotImplementedError

    @property
    def problems(self) -> Sequence[Problem]:
        """What stands in the way of the rows that were asked for; frozen lines have nothing in their way."""
        return self._problems

    @property
    def is_draft(self) -> bool:
        return self.batch.state == Batch.State.DRAFT

    @cached_property
    def endings(self) -> Endings:
        return endings_of_draft(self.batch) if self.is_draft else endings_of_frozen(self.batch)

    @property
    def total(self) -> int:
        return sum(counts.total() for counts in self.counts.values())

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

    def rows(self, register: str, action: str, start: int, stop: int) -> list[Row]:
        return self._shown(list(self._between(register, action, start, stop)), start)

    def _between(self, register: str, action: str, start: int, stop: int) -> Iterator[tuple[str, Any]]:
        before = 0
        for part in self.segments(register, action):
            first, last = max(start - before, 0), min(stop - before, part.count)
            if first < last:
                yield from ((part.register, one) for one in self._of(part)[first:last])
            before += part.count

    def _of(self, part: Segment) -> Any:
        """Everything of a segment, to be cut."""
        raise NotImplementedError

    def _shown(self, found: list[tuple[str, Any]], start: int) -> list[Row]:
        """Lines, each with the entry behind it; a query a register."""
        entries = {}
        for register in {name for name, _line in found}:
            column = f"{kind_of(register)}_id"
            ids = [getattr(line, column) for name, line in found if name == register]
            for entry in self.batch.entries.filter(**{f"{column}__in": ids}):
                entries[target_of(register, entry)] = entry
        return [
            ShownLine(place, line, name, entries.get(target_of(name, line)))
            for place, (name, line) in enumerate(found, start=start + 1)
        ]


class FrozenLines(BatchLines):
    @cached_property
    def counts(self) -> dict[str, Counter]:
        return {
            register: Counter(dict(_by_action(model.objects.filter(batch=self.batch), "pk")))
            for register, (_label, model) in REGISTERS.items()
        }

    def _of(self, part: Segment) -> QuerySet:
        frozen = REGISTERS[part.register][1].objects.filter(batch=self.batch, action=part.action)
        return frozen.select_related("replaces").order_by("position", "id")


class ComposedLines(BatchLines):
    """All that a draft would make, with what comes along: as long as it is, so long it takes."""

    @cached_property
    def composition(self) -> Composition:
        return compose(self.batch)

    @property
    def problems(self) -> Sequence[Problem]:
        """Of all of it."""
        return self.composition.problems

    @cached_property
    def counts(self) -> dict[str, Counter]:
        return {
            register: Counter(line.action for line in getattr(self.composition, register))
            for register in REGISTERS
        }

    def _of(self, part: Segment) -> list[Any]:
        return [line for line in getattr(self.composition, part.register) if line.action == part.action]


class EnteredLines(BatchLines):
    """The entries of a draft, counted by the database; each is shown with the line that it would make, and with what comes along."""

    unit = "项"

    @cached_property
    def counts(self) -> dict[str, Counter]:
        kinds = [kind_of(register) for register in REGISTERS]
        rows = list(_by_action(self.batch.entries.all(), *kinds))
        return {
            register: Counter({row[0]: row[place] for row in rows})
            for place, register in enumerate(REGISTERS, start=1)
        }

    def _of(self, part: Segment) -> QuerySet[BatchEntry]:
        targets = {f"{kind_of(part.register)}__isnull": False}
        return self.batch.entries.filter(action=part.action, **targets).order_by("id")

    def _shown(self, found: list[tuple[str, Any]], start: int) -> list[Row]:
        part = compose_part(self.batch, [entry for _name, entry in found])
        self._problems = part.composition.problems
        shown = _Shown(part)
        return [
            shown.row(place, register, entry)
            for place, (register, entry) in enumerate(found, start=start + 1)
        ]


class _Shown:
    """Rows of entries, out of what was composed of them."""

    def __init__(self, part: Part):
        self.part = part
        composition = part.composition
        self.hindrances = {one.entry: one.sentence.removeprefix("的") for one in composition.problems}
        self.lines = {
            target_of(register, line): line
            for register in REGISTERS
            for line in getattr(composition, register)
        }

    def row(self, place: int, register: str, entry: BatchEntry) -> Row:
        line = self.lines.get(target_of(register, entry))
        if line is not None:
            return ShownEntry(place, line, register, entry, along=self._along(register, line))
        if entry.pk in self.part.composition.unchanged:
            return Lineless(place, register, entry, "与公开的相同，不会成行", is_stopped=False)
        why = self.hindrances.get(entry.pk, "有障碍，不能成行")
        return Lineless(place, register, entry, why, is_stopped=True)

    def _along(self, register: str, line: Any) -> str:
        said, kind = [], kind_of(register)
        certificate = register == "products" and self.lines.get(("certificates", line.certificate_id, ""))
        if certificate:
            said, kind = [_brought(certificate)], "certificate"
        if count := self.part.follow[kind, getattr(certificate or line, f"{kind}_id")]:
            said.append(f"公开的 {count:,} 行随之更新")
        return "；".join(said)


def _brought(certificate: CertificateLine) -> str:
    changed = "，".join(change.label for change in differences(certificate))
    return (
        f"证书 {certificate.number} 一并{Action(certificate.action).label}{f'：{changed}' if changed else ''}"
    )


def _by_action(rows: QuerySet, *counted: str) -> QuerySet:
    return rows.order_by().values_list("action").annotate(*map(Count, counted))


def target_of(register: str, row: Any) -> tuple[str, int, str]:
    """What an entry and its line have in common. A certificate is entered once for all publishers."""
    publisher = "" if register == "certificates" else row.publisher
    return register, getattr(row, f"{kind_of(register)}_id"), publisher


def whole(batch: Batch) -> BatchLines:
    """Every line of it."""
    return ComposedLines(batch) if batch.state == Batch.State.DRAFT else FrozenLines(batch)


def in_pages(batch: Batch) -> BatchLines:
    """To be looked through; a draft by its entries."""
    return EnteredLines(batch) if batch.state == Batch.State.DRAFT else FrozenLines(batch)
