"""The lines of a batch as the desk shows them: composed anew from a draft, or exactly those that were frozen."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count

from catalog.publication.compiling.compose import Composition, compose
from catalog.publication.compiling.endings import Endings, endings_of_draft, endings_of_frozen
from catalog.publication.models import Action, Batch, CertificateLine, EnterpriseLine, Line, ProductLine
from catalog.publication.showing.difference import COMPARED, Change, differences, label_of, words

REGISTERS: dict[str, tuple[str, type[Line]]] = {
    "products": ("产品", ProductLine),
    "enterprises": ("企业", EnterpriseLine),
    "certificates": ("证书", CertificateLine),
}
SUMMARY: dict[type[Line], tuple[str, ...]] = {
    ProductLine: (
        "enterprise_name",
        "category_name",
        "certificate_number",
        "requirement_title",
        "models_text",
    ),
    EnterpriseLine: ("uscc", "division_name", "phone"),
    CertificateLine: ("body_name", "star", "maker_name", "valid_until", "status"),
}
TAGS = {Action.LIST: "new", Action.RELIST: "new", Action.SUSPEND: "out", Action.REMOVE: "out"}


@dataclass(frozen=True)
class ShownLine:
    """One line: what it is called, what it changes, and everything that the public would read of it."""

    line: Any
    name: str
    summary: str
    changes: list[Change]
    facts: list[tuple[str, str]]

    @property
    def tag(self) -> str:
        return TAGS.get(Action(self.line.action), "")


class DeskLines:
    """Lines by register and action. A draft is composed once, however many questions are asked."""

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

    def count(self, register: str, action: str = "") -> int:
        counts = self.counts[register]
        return counts[action] if action else counts.total()

    def first_register(self) -> str:
        return next((register for register in REGISTERS if self.count(register)), "products")

    def rows(self, register: str, action: str, start: int, stop: int) -> list[ShownLine]:
        return [row_of(line) for line in self._lines(register, action)[start:stop]]

    def _lines(self, register: str, action: str) -> Sequence[Any]:
        if self.is_draft:
            lines = getattr(self.composition, register)
            return [line for line in lines if not action or line.action == action]
        frozen = REGISTERS[register][1].objects.filter(batch=self.batch).select_related("replaces")
        return (frozen.filter(action=action) if action else frozen).order_by("position", "id")  # type: ignore[return-value]


def row_of(line: Any) -> ShownLine:
    facts = [
        (label_of(line, name), words(name, getattr(line, name)))
        for name in COMPARED[type(line)]
        if getattr(line, name)
    ]
    summary = "　".join(words(name, value) for name in SUMMARY[type(line)] if (value := getattr(line, name)))
    return ShownLine(line, getattr(line, "name", "") or line.number, summary, differences(line), facts)
