"""How long each act holds the write lock, and what freezing and publishing cost: `manage.py benchmark locks`.

A hold begins when the transaction has the lock and ends when it is committed or rolled back; a statement outside of any
transaction is one of its own. On SQLite nobody else writes for that long. The bare cost is that of the lines of the batch, built
and inserted with `bulk_create`, their keys and digests ready made, in the same run. A goal is judged by this process's own work
while it holds the lock; the clock counts what others do on the machine besides.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.db import connection, transaction

from catalog.enterprises.models import Enterprise
from catalog.imports.ending import end_missing
from catalog.imports.importing import ImportRequest, import_file
from catalog.imports.models import ImportRun
from catalog.imports.saving.reverting import revert
from catalog.publication.compiling.compile import Reason, act_on, enter_missing_enterprises, take_out
from catalog.publication.compiling.numbering import current_draft
from catalog.publication.models import LINE_MODELS, NATIONAL, Action, Batch, EnterpriseLine, ReasonCode
from catalog.publication.publishing import freezing, workflow
from catalog.publication.publishing.redaction import redact
from catalog.publication.search.preparation import ensure_prepared
from portal.core.accounts.models import User

from .imports import insert, prepare, register, register_makers, write_list
from .reader import Reader, reading

WRITES = ("INSERT", "UPDATE", "DELETE")
LONGEST = 1.0  # seconds of the write lock
SLOWEST = 3.0  # times what a reader's page takes while nobody writes
MOST = {"batch submitted": 3.0, "batch published": 2.0}  # times the bare cost
HEADINGS = (
    f"{'act':<24} {'rows':>7} {'holds':>6} {'longest, s':>11} {'own work, s':>12} {'CPU, s':>8} "
    f"{'bare, s':>8} {'ratio':>6} {'reader':>7} {'goal':>12}  held"
)


@dataclass
class Held:
    """One act, and the seconds of each of its holds: by the clock, and of this process's own work on a busy machine.

    `bare` is what the same rows cost when they are only inserted.
    """

    act: str
    rows: int
    seconds: float = 0.0
    bare: float | None = None
    reader: float | None = None  # times the idle time of a page
    holds: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)

    @property
    def longest_work(self) -> float:
        return max(self.worked, default=0.0)

    @property
    def ratio(self) -> float | None:
        return self.seconds / self.bare if self.bare and self.act in MOST else None

    @property
    def is_held(self) -> bool:
        is_read = (self.reader or 0) <= SLOWEST
        return is_read and self.longest_work <= LONGEST and (self.ratio or 0) <= MOST.get(self.act, 0)

    def __str__(self) -> str:
        is_compared = self.ratio is not None
        goal = f"{LONGEST:.0f} s" + (f", {MOST[self.act]:.0f} x" if is_compared else "")
        bare, ratio = (f"{self.bare:.2f}", f"{self.ratio:.2f}") if is_compared else ("", "")
        reader = "" if self.reader is None else f"{self.reader:.1f} x"
        return (
            f"{self.act:<24} {self.rows:>7,} {len(self.holds):>6,} {max(self.holds, default=0.0):>11.2f} "
            f"{self.longest_work:>12.2f} {self.seconds:>8.2f} {bare:>8} {ratio:>6} {reader:>7} {goal:>12}  "
            f"{'yes' if self.is_held else 'NO'}"
        )


@contextmanager
def watched(held: Held) -> Iterator[None]:
    """Note every hold of this process's connection. `atomic` takes and gives the lock through `set_autocommit`."""
    inner, began = connection.set_autocommit, [_now()]

    def note(start: tuple[float, float]) -> None:
        end = _now()
        held.holds.append(end[0] - start[0])
        held.worked.append(end[1] - start[1])

    def set_autocommit(autocommit: bool, *args: Any, **kwargs: Any) -> None:
        if autocommit:  # it is committed by now, and what waits for that begins holds of its own
            note(began[0])
        inner(autocommit, *args, **kwargs)
        if not autocommit:
            began[0] = _now()

    def alone(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        if not (connection.get_autocommit() and sql.lstrip().upper().startswith(WRITES)):
            return execute(sql, *args)
        start = _now()
        try:
            return execute(sql, *args)
        finally:
            note(start)

    connection.set_autocommit = set_autocommit  # type: ignore[method-assign]
    try:
        with connection.execute_wrapper(alone):
            yield
    finally:
        del connection.set_autocommit  # the class's own again


def _now() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def fill(rows: int) -> tuple[User, User]:
    """A list of so many products is public; who compiles and who decides."""
    editor, approver = prepare(), User.objects.create(username="approver", is_superuser=True)
    register_makers(rows)
    insert(rows, editor)
    batch = _without_notice(Batch.objects.get())
    enter_missing_enterprises(batch, by=editor)
    batch = workflow.submit(batch, by=editor)
    ensure_prepared(batch)
    workflow.publish(workflow.approve(batch, by=approver), by=approver)
    return editor, approver


@dataclass
class Life:
    """A batch of `rows` new products of one maker, which begin at `start`, act by act; and the maker's removal."""

    rows: int
    start: int
    folder: Path
    editor: User
    approver: User
    reader: Reader

    def measured(self) -> Iterator[Held]:
        maker = self.start
        register([maker])
        self.path = write_list(self.folder / f"{self.rows}.xlsx", self.rows, start=self.start, maker=maker)
        self.enterprise = Enterprise.objects.latest("pk")
        yield from self._imported()
        yield from self._frozen()
        yield from self._published("batch")
        yield from self._removed()
        yield from self._ended()
        yield self._redacted()

    def act(self, name: str, work: Callable[[], Any], bare: float | None = None) -> Held:
        held, began, moment = Held(name, self.rows, bare=bare), time.process_time(), time.monotonic()
        with watched(held):
            self.result = work()
        held.seconds, held.reader = time.process_time() - began, self.reader.slower(moment)
        return held

    def _imported(self) -> Iterator[Held]:
        import_request = ImportRequest("products", NATIONAL, self.editor)
        yield self.act("import saved", lambda: import_file(self.path, import_request))
        yield self.act("import taken back", lambda: revert(_run(self.result), by=self.editor))
        batch = _run(import_file(self.path, import_request)).batch
        assert batch is not None  # noqa: S101 - it was saved
        self.batch = _without_notice(batch)
        yield self.act("makers entered", lambda: enter_missing_enterprises(self.batch, by=self.editor))

    def _frozen(self) -> Iterator[Held]:
        """It goes forth and back once: what is sent back has to be swept."""
        workflow.submit(self.batch, by=self.editor)
        self.bare = _bare_cost(self.batch)
        ensure_prepared(Batch.objects.get(pk=self.batch.pk))
        back: dict[str, Any] = {"by": self.approver, "reason": "测速用"}
        with patch.object(freezing, "sweep"):  # the job is an act of its own
            yield self.act("batch sent back", lambda: workflow.send_back(self.batch, **back))
        yield self.act("lines swept", lambda: freezing.sweep(self.batch))
        yield self.act("batch submitted", lambda: workflow.submit(self.batch, by=self.editor), bare=self.bare)

    def _published(self, what: str) -> Iterator[Held]:
        batch = self.result
        yield self.act(f"{what} indexed", lambda: ensure_prepared(batch))
        yield self.act(
            f"{what} approved", lambda: workflow.approve(batch, by=self.approver, digest=batch.digest)
        )
        approved = self.result
        yield self.act(
            f"{what} published", lambda: workflow.publish(approved, by=self.approver), bare=self.bare
        )

    def _removed(self) -> Iterator[Held]:
        draft = _without_notice(current_draft(NATIONAL, Batch.Kind.ADJUSTMENT, by=self.editor))
        order: dict[str, Any] = {"by": self.editor, "reason": REASON}
        yield self.act("maker entered to go", lambda: act_on(draft, self.enterprise, Action.REMOVE, **order))
        yield self.act("removal submitted", lambda: workflow.submit(draft, by=self.editor))
        yield from self._published("removal")

    def _ended(self) -> Iterator[Held]:
        """As many products as the batch had are missing in a complete list; and then their entries are taken out."""
        path = write_list(self.folder / "one.xlsx", 1)
        run = _run(import_file(path, ImportRequest("products", NATIONAL, self.editor, is_complete=True)))
        ids = run.report["missing_ids"][: self.rows]
        order: dict[str, Any] = {"reason": REASON, "by": self.editor, "typed": len(ids)}
        yield self.act("missing products ended", lambda: end_missing(run, ids, **order))
        run.refresh_from_db()
        batch = run.batch
        assert batch is not None  # noqa: S101 - it was entered
        yield self.act("entries taken out", lambda: take_out(batch, batch.entries.all(), by=self.editor))
        workflow.cancel(batch, by=self.editor, reason="测速用")

    def _redacted(self) -> Held:
        """The name of the maker, in every line that it ever had."""
        key = EnterpriseLine.objects.filter(enterprise=self.enterprise).latest("pk").key
        return self.act("maker redacted", lambda: redact(key, "name", basis="测速用"))


REASON = Reason(ReasonCode.values[0], "测速用")


def measure_locks(listed: int, batches: list[int], folder: Path) -> Iterator[Held]:
    """Batches of these sizes beside a list of so many lines, in an empty database."""
    editor, approver = fill(listed)
    start = listed + listed % 2  # two products share a certificate
    with reading(folder) as reader:
        for rows in batches:
            yield from Life(rows, start, folder, editor, approver, reader).measured()
            start += rows + rows % 2


def _without_notice(batch: Batch) -> Batch:
    Batch.objects.filter(pk=batch.pk).update(notice_days=0, notice_waiver="测速用")
    batch.refresh_from_db()
    return batch


def _bare_cost(batch: Batch) -> float:
    """Seconds of CPU for building and inserting the lines of the batch; they are gone again afterwards."""
    stored: list[tuple[Any, list[dict[str, Any]]]] = [
        (model, list(_plain(model).filter(batch=batch).values())) for model in LINE_MODELS
    ]
    with transaction.atomic():
        other = current_draft(NATIONAL, Batch.Kind.ERRATUM, by=batch.created_by)
        began = time.process_time()
        for model, rows in stored:
            built = [model(**row | {"id": None, "batch_id": other.pk}) for row in rows]
            _plain(model).bulk_create(built, batch_size=1000)
        seconds = time.process_time() - began
        transaction.set_rollback(True)
    return seconds


def _plain(model: Any) -> Any:
    return model._base_manager


def _run(imported: Any) -> ImportRun:
    if imported.run is None or imported.outcome.faults:
        raise RuntimeError(f"The benchmark's own list was not saved: {imported.outcome.faults[:3]}")
    imported.run.refresh_from_db()
    return imported.run
