"""That what becomes public passed the judge of its fields, however long ago and by whatever way it came into the registers.

Lines that only copy what is public already are not judged again: a removal is never held up by an old name.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from catalog.fields.catalogue import CERTIFICATE, ENTERPRISE, PRODUCT
from catalog.fields.field import Field
from catalog.fields.invalid import InvalidValue

from ..models import Batch, CertificateLine, EnterpriseLine, Line, ProductLine
from .line_making import COPYING
from .problems import Problem

_JUDGED: dict[type[Line], tuple[Mapping[str, Field], tuple[str, ...]]] = {
    EnterpriseLine: (ENTERPRISE, ("name", "phone", "website")),
    CertificateLine: (
        CERTIFICATE,
        ("number", "applicant_name", "maker_name", "factory_name", "standard", "status_reason"),
    ),
    ProductLine: (PRODUCT, ("name", "brand", "models_text")),
}


def unfit_lines(lines: Iterable[Line]) -> Iterator[Problem]:
    """A problem for every field of a line that no door would take."""
    for line in lines:
        if line.action not in COPYING:
            for fault in _faults(line):
                yield _problem(line, fault)


def unfit_frozen_lines(batch: Batch) -> list[Problem]:
    """The same of lines that were frozen before a rule was there."""
    return list(unfit_lines(chain.from_iterable(_frozen(model, batch) for model in _JUDGED)))


def _frozen(model: type[Line], batch: Batch) -> Iterator[Line]:
    _fields, names = _JUDGED[model]
    extra = ("former_names",) if model is EnterpriseLine else ()
    lines = model._default_manager.filter(batch=batch).exclude(action__in=COPYING)
    yield from lines.only("action", *names, *extra).iterator(chunk_size=2000)


def _faults(line: Line) -> Iterator[InvalidValue]:
    fields, names = _JUDGED[type(line)]
    for name in names:
        if (stored := getattr(line, name)) and (fault := fields[name].fault_of(stored)):
            yield fault
    for former in getattr(line, "former_names", ()):
        if fault := ENTERPRISE["former_name"].fault_of(former["name"]):
            yield fault


def _problem(line: Line, fault: InvalidValue) -> Problem:
    name = getattr(line, "name", "") or getattr(line, "number", "")
    return Problem("line.unfit", name, f"不能公布：{fault.sentence}请在登记中改正，再提交本批次。")
