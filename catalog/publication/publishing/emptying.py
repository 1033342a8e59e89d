"""The lines that a redaction empties: made anew before any lock is taken, and written by one short step.

What is sealed is changed by redactions alone, and lines come and go under the lock of the registers. So under that lock their
number and ids, with the editions, tell whether all is as it was; where it is not, it is looked at again there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models

from portal.core import bulk
from portal.core.index.documents import rows_in_steps

from ..compiling.redactable import REDACTABLE, texts_in
from ..models import CertificateLine, EnterpriseLine, Line, ProductLine
from ..search.losing import Loss, lose, loss_of
from ..search.preparation import REGISTERS, Register
from .freezing import Moved, Public
from .reach import Reach

LINES_A_STEP = 2_000
PROOF = ("salts", "hashes", "redacted")
REGISTER_OF: dict[type[Line], Register] = {register.lines: register for register in REGISTERS}


@dataclass(frozen=True)
class EmptiedLines:
    """Those of one model that say a value: as `bulk.update` takes them, by key and field, and what the index loses."""

    model: type[Line]
    rows: list[list[Any]]
    fields: list[tuple[str, str]]
    loss: Loss

    @classmethod
    def of(cls, lines: models.QuerySet, reach: Reach) -> "EmptiedLines":
        model: type[Line] = lines.model
        columns = (*REDACTABLE[model], *PROOF)
        rows, fields, emptied = [], [], {}
        for line, names in _saying(lines, reach):
            emptied[line.pk] = _empty(line, names)
            rows += bulk.ready(model, columns, [(line.pk, *(getattr(line, name) for name in columns))])
            fields += [(line.key, name) for name in names]
        register = REGISTER_OF.get(model)
        return cls(model, rows, fields, loss_of(register, emptied) if register else Loss())

    def write(self) -> None:
        bulk.update(self.model, (*REDACTABLE[self.model], *PROOF), self.rows)
        if register := REGISTER_OF.get(self.model):
            lose(register, self.loss)


@dataclass(frozen=True)
class Emptying:
    """Every line within reach that says one of the values, public or frozen or loose, and what that rests on."""

    reach: Reach
    public: Public
    counted: list[dict[str, int | None]]
    emptied: list[EmptiedLines]

    @classmethod
    def of(cls, reach: Reach) -> "Emptying":
        public, counted = Public.now(), _counted(reach)  # first: what comes while the lines are read is seen
        return cls(reach, public, counted, [EmptiedLines.of(lines, reach) for lines in _lines(reach)])

    def renewed(self, reach: Reach) -> "Emptying":
        """Under the lock of the registers: the same, or looked at again where anything moved."""
        try:
            self.public.refuse_moved()
        except Moved:
            return Emptying.of(reach)
        return self if (self.reach, self.counted) == (reach, _counted(reach)) else Emptying.of(reach)

    @property
    def fields(self) -> list[tuple[str, str]]:
        return [said for lines in self.emptied for said in lines.fields]

    def write(self) -> None:
        for lines in self.emptied:
            lines.write()


def _lines(reach: Reach) -> list[models.QuerySet]:
    """In the order in which the index is held."""
    return [
        EnterpriseLine.objects.filter(enterprise__in=reach.enterprises),
        CertificateLine.objects.filter(certificate__in=reach.certificates),
        ProductLine.objects.filter(enterprise__in=reach.enterprises),
    ]


def _counted(reach: Reach) -> list[dict[str, int | None]]:
    wanted = {"count": models.Count("pk"), "newest": models.Max("pk"), "total": models.Sum("pk")}
    return [lines.aggregate(**wanted) for lines in _lines(reach)]


def _saying(lines: models.QuerySet, reach: Reach) -> Iterator[tuple[Any, list[str]]]:
    """With the fields that say one of the values."""
    names = REDACTABLE[lines.model]
    for chunk in rows_in_steps(lines if reach.values else lines.none(), LINES_A_STEP):
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
