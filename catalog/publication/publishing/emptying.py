"""The lines that a redaction empties: made anew before any lock is taken, and written by one short step.

What is sealed is changed by redactions alone, and lines come and go under the lock of the registers. So under that lock their
number and ids, with the editions, tell whether all is as it was. Of a maker with many thousands of lines only so many are
emptied at once: to write each is what a redaction holds the door for.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import models

from portal.core import bulk
from portal.core.index.documents import rows_in_steps

from ..compiling.redactable import REDACTABLE, texts_in
from ..models import Line
from ..search.losing import Loss, lose, loss_of
from ..search.preparation import REGISTERS, Register
from .freezing import Moved, Public
from .reach import Reach, lines_within

LINES_A_LOOK = 2_000
LINES_AT_ONCE = 10_000  # half a second of the write lock of SQLite
PROOF = ("salts", "hashes", "redacted")
REGISTER_OF: dict[type[Line], Register] = {register.lines: register for register in REGISTERS}


@dataclass
class EmptiedLines:
    """Those of one model that say a value: as `bulk.update` takes them, by key and field, and what the index loses."""

    model: type[Line]
    rows: list[list[Any]] = field(default_factory=list)
    fields: list[tuple[str, str]] = field(default_factory=list)
    texts: dict[int, dict[str, Any]] = field(default_factory=dict)  # by primary key, as they will be
    loss: Loss = field(default_factory=Loss)

    @property
    def columns(self) -> tuple[str, ...]:
        return *REDACTABLE[self.model], *PROOF

    def add(self, line: Any, names: list[str]) -> None:
        self.texts[line.pk] = _empty(line, names)
        values = (line.pk, *(getattr(line, name) for name in self.columns))
        self.rows += bulk.ready(self.model, self.columns, [values])
        self.fields += [(line.key, name) for name in names]

    def look_into_the_index(self) -> None:
        if register := REGISTER_OF.get(self.model):
            self.loss = loss_of(register, self.texts)

    def write(self) -> None:
        bulk.update(self.model, self.columns, self.rows)
        if register := REGISTER_OF.get(self.model):
            lose(register, self.loss)


@dataclass(frozen=True)
class Emptying:
    """The lines within reach that say one of the values, public or frozen or loose, and what that rests on; `is_cut` where
    there are more of them than are emptied at once."""

    reach: Reach
    public: Public
    counted: list[dict[str, int | None]]
    emptied: list[EmptiedLines]
    is_cut: bool

    @classmethod
    def of(cls, reach: Reach, *, beside: int = 0) -> "Emptying":
        """`beside` is how many rows else are written with them: the marks of a redaction that begins."""
        public, counted = Public.now(), _counted(reach)  # first: what comes while the lines are read is seen
        emptied = {lines.model: EmptiedLines(lines.model) for lines in lines_within(reach)}
        saying = _saying(reach)
        for line, names in islice(saying, max(LINES_AT_ONCE // 10, LINES_AT_ONCE - beside) or 1):
            emptied[type(line)].add(line, names)
        is_cut = next(saying, None) is not None
        for lines in emptied.values():
            lines.look_into_the_index()
        return cls(reach, public, counted, list(emptied.values()), is_cut)

    def is_still(self, reach: Reach) -> bool:
        """Whether nothing has moved since, asked under the lock of the registers."""
        try:
            self.public.refuse_moved()
        except Moved:
            return False
        return (self.reach, self.counted) == (reach, _counted(reach))

    @property
    def fields(self) -> list[tuple[str, str]]:
        return [said for lines in self.emptied for said in lines.fields]

    def write(self) -> None:
        for lines in self.emptied:
            lines.write()


def _counted(reach: Reach) -> list[dict[str, int | None]]:
    wanted = {"count": models.Count("pk"), "newest": models.Max("pk"), "total": models.Sum("pk")}
    return [lines.aggregate(**wanted) for lines in lines_within(reach)]


def _saying(reach: Reach) -> Iterator[tuple[Any, list[str]]]:
    """Lines with the fields that say one of the values."""
    for lines in lines_within(reach) if reach.values else ():
        names = REDACTABLE[lines.model]
        for chunk in rows_in_steps(lines, LINES_A_LOOK):
            _give_replaced(chunk)
            for line in chunk:
                if saying := [name for name in names if any(map(reach.names, texts_in(line, name)))]:
                    yield line, saying


def _give_replaced(lines: list[Any]) -> None:
    """A row is sealed over the digest of the one that it replaces. Prefetching would ask by an OR a row, past what SQLite takes."""
    wanted = [line.replaces_id for line in lines if line.replaces_id]
    replaced = {line.pk: line for line in type(lines[0]).objects.filter(pk__in=wanted).only("digest")}
    for line in lines:
        if line.replaces_id:
            line.replaces = replaced[line.replaces_id]


def _empty(line: Any, names: list[str]) -> dict[str, Any]:
    """Empty the fields, drop their salts, keep their hashes. What they say now."""
    line.give_up(names)
    nothing = {name: [] if isinstance(getattr(line, name), list) else "" for name in names}
    for name, value in nothing.items():
        setattr(line, name, value)
    return nothing
