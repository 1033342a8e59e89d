"""Freezing in short transactions: the lines of a draft are made and sealed outside of any lock, laid into the tables some at
a time, and become those of the batch by one last short step, which looks whether anything they rest on has changed.

Until then, and after a batch was sent back or given up, lines are **loose**: of a batch that is not frozen. Nobody reads them;
a redaction empties them as all others; the next freezing begins by sweeping them away. So a kill leaves nothing to mend.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import TypeVar

from django.db import connection, models, transaction

from catalog.enterprises.models import Enterprise
from catalog.products.models import Certificate, Product
from portal.core import bulk
from portal.core.audit.models import Change
from portal.core.busy import Pace
from portal.core.editions import clock
from portal.core.editions.digest import tree_root
from portal.core.editions.models import Edition
from portal.core.jobs.terms import job
from portal.core.locks import Lock, named_lock, tried
from portal.core.text.numbers import format_number
from portal.core.workflow import NotAllowed

from ..compiling.compose import Composition, compose, in_chunks
from ..compiling.line_making import product_key
from ..models import Batch, BatchEntry, CertificateLine, EnterpriseLine, Line, ProductLine
from ..search.preparation import forget
from .locks import lock_registers

LINES_A_STEP = 2_000
DROPPED_A_STEP = 250  # each leaves hundreds of terms of the index
TRIES = 3
# A product is indexed with its certificate, so it goes first.
SWEPT: tuple[type[Line], ...] = (ProductLine, EnterpriseLine, CertificateLine)
# Editions that change lines, or what may be said in them.
MOVING = (Edition.Cause.BATCH, Edition.Cause.REDACTION)
WORKING = {
    "enterprise": Enterprise,
    "certificate": Certificate,
    "product__certificate": Certificate,
    "product": Product,
}
Done = TypeVar("Done")


class Moved(Exception):
    """What was looked at before the lock was taken is not so any more."""


def until_still(attempt: Callable[[], Done]) -> Done:
    """Look again where something moved between the look and the lock."""
    for _ in range(TRIES):
        try:
            return attempt()
        except Moved:
            continue
    raise NotAllowed(
        "batch.moved",
        "办理时这一批的条目、登记内容或公开内容又有改动，没有办成。请刷新页面看一遍，再办一次。",
    )


@contextmanager
def alone(batch: Batch, *, patience: int = 0) -> Iterator[None]:
    """One freezing or sweeping of a batch at a time; the lock ends with the process. Raises NotAllowed after so many seconds."""

    def lock() -> Lock:
        return named_lock(connection, f"freezing {batch.pk}", vanishes=True)

    with tried(lock, times=patience + 1, pause=1) as is_ours:
        if not is_ours:
            raise NotAllowed(
                "batch.freezing",
                "这一批正在冻结，或退回后还在清理旧行。不用再按，请过一会儿刷新页面查看。",
            )
        yield


@dataclass(frozen=True)
class Public:
    """What is public, as far as lines of a batch can depend on it."""

    day: datetime.date
    edition: int

    @classmethod
    def now(cls) -> "Public":
        return cls(clock.today(), Edition.objects.current_number())

    def refuse_moved(self) -> None:
        newer = Edition.objects.filter(number__gt=self.edition, cause__in=MOVING)
        if self.day != clock.today() or newer.exists():
            raise Moved


@dataclass(frozen=True)
class Basis:
    """What a composition rests on: read, and compared again, under the locks of batch and registers."""

    public: Public
    entries: tuple[int | None, ...]
    change: int  # the newest before-image: cases and imports write them under the lock of the registers

    @classmethod
    def of(cls, batch: Batch) -> "Basis":
        newest = Change.objects.aggregate(newest=models.Max("pk"))["newest"]
        return cls(Public.now(), _entries(batch), newest or 0)

    def refuse_moved(self, batch: Batch) -> None:
        self.public.refuse_moved()
        if self.entries != _entries(batch) or self._is_edited(batch):
            raise Moved

    def _is_edited(self, batch: Batch) -> bool:
        """Whether a working row of the entries was."""
        labels = {column: model._meta.label_lower for column, model in WORKING.items()}
        newer = Change.objects.filter(pk__gt=self.change, target__in=labels.values())
        edited: defaultdict[str, set[int]] = defaultdict(set)
        for target, pk in newer.values_list("target", "target_id"):
            edited[target].add(int(pk))
        entries = batch.entries.values_list("pk")
        return any(any(in_chunks(entries, column, edited[label])) for column, label in labels.items())


@dataclass(frozen=True)
class Laid:
    """The lines of one attempt; none are laid where there are problems."""

    basis: Basis
    composition: Composition

    @cached_property
    def root(self) -> str:
        ordered = sorted((line.key, line.digest) for line in self.composition.lines)
        return tree_root(digest for _key, digest in ordered)


def lay(batch: Batch, check: Callable[[Batch], object]) -> Laid:
    """Compose, number, seal and lay in. `check` may refuse the draft. Raises NotAllowed and Moved."""
    sweep(batch)
    with _held(batch) as locked:
        check(locked)
        basis = Basis.of(locked)
    laid = Laid(basis, compose(locked))
    if laid.composition.problems:
        return laid
    with _held(batch) as locked:
        basis.refuse_moved(locked)
        numbers = _give_serials(locked)
    for product in laid.composition.products:
        if (serial := numbers.get(product.product_id)) is not None:
            product.number = format_number(serial)
            product.key = product_key(product)
    for line in laid.composition.lines:
        line.seal()
    _lay_in(batch, laid)
    return laid


def sweep(batch: Batch) -> None:
    """Take loose lines out of index and tables, some at a time. Nothing is done to a batch that is frozen."""
    for model in SWEPT:
        pace = Pace(DROPPED_A_STEP)
        loose = model.objects.filter(batch=batch).order_by("pk")
        while loose.exists():
            with pace.step():
                Batch.objects.select_for_update().get(pk=batch.pk)
                if Batch.objects.frozen().filter(pk=batch.pk).exists():
                    return
                lock_registers()
                ids = list(loose.values_list("pk", flat=True)[: pace.rows])
                lines = model.objects.filter(pk__in=ids)
                forget(lines)
                lines.delete()


@contextmanager
def _held(batch: Batch) -> Iterator[Batch]:
    with transaction.atomic():
        locked = Batch.objects.select_for_update().get(pk=batch.pk)
        if locked.state != Batch.State.DRAFT:
            raise Moved
        lock_registers()
        yield locked


def _entries(batch: Batch) -> tuple[int | None, ...]:
    """Entries come and go and are not edited, but by a redaction, which makes an edition."""
    found = batch.entries.aggregate(count=models.Count("pk"), newest=models.Max("pk"), total=models.Sum("pk"))
    return found["count"], found["newest"], found["total"]


def _give_serials(batch: Batch) -> dict[int, int]:
    """Numbers for products that never had one, in their order. A number stays even when the batch is sent back."""
    counter = lock_registers()
    last = counter.last
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_SERIALS, [last, batch.pk])
    numbered = Product.objects.filter(serial__gt=last).values_list("pk", "serial")
    given = {pk: serial for pk, serial in numbered if serial is not None}
    if given:
        counter.last = max(given.values())
        counter.save()
    return given


_GIVE_SERIALS = f"""
UPDATE {Product._meta.db_table} SET serial = %s + numbered.place FROM (
    SELECT id, row_number() OVER (ORDER BY id) AS place FROM {Product._meta.db_table}
    WHERE serial IS NULL AND id IN (
        SELECT product_id FROM {BatchEntry._meta.db_table} WHERE batch_id = %s AND action IN ('list', 'relist')
    )
) AS numbered WHERE {Product._meta.db_table}.id = numbered.id
"""  # noqa: S608 - names of tables only


def _lay_in(batch: Batch, laid: Laid) -> None:
    for lines in (laid.composition.enterprises, laid.composition.certificates, laid.composition.products):
        pace, start = Pace(LINES_A_STEP), 0
        while part := lines[start : start + pace.rows]:
            with pace.step(), _held(batch):
                laid.basis.public.refuse_moved()
                _insert(part)
            start += len(part)


def _insert(lines: Sequence[Line]) -> None:
    model = type(lines[0])
    columns = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
    bulk.insert(model, columns, map(attrgetter(*columns), lines))


@job(seconds=1800)
def sweep_lines(batch_id: int) -> None:
    """For a batch that was sent back or given up. Where somebody freezes it anew already, that has swept it."""
    batch = Batch.objects.get(pk=batch_id)
    try:
        with alone(batch):
            sweep(batch)
    except NotAllowed:
        return
