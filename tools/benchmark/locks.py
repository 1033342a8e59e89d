"""How long each act holds the write lock: `manage.py benchmark locks`. On SQLite nobody else writes for that long.

A hold begins when the transaction has the lock and ends when it is committed or rolled back; a statement outside of any
transaction is one of its own.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection

from catalog.imports.ending import end_missing
from catalog.imports.importing import Wish, import_file
from catalog.imports.models import ImportRun
from catalog.imports.saving.taking_back import take_back
from catalog.publication.compiling.compile import Reason, enter_missing_enterprises, take_out
from catalog.publication.models import NATIONAL, Batch, ReasonCode
from catalog.publication.publishing import workflow
from catalog.publication.search.preparation import ensure_prepared
from portal.core.accounts.models import User

from .imports import prepare, register_makers, write_list

WRITES = ("INSERT", "UPDATE", "DELETE")
HEADINGS = (
    f"{'act':<34} {'rows':>8} {'transactions':>13} {'longest hold, s':>16} {'held, s':>9} {'total, s':>9}"
)


@dataclass
class Held:
    """One act, and the seconds of each of its holds: by the clock, and of this process's own work on a busy machine."""

    act: str
    rows: int
    seconds: float = 0.0
    holds: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        longest = max(self.holds, default=0.0)
        return (
            f"{self.act:<24} {self.rows:>8,} {len(self.holds):>13,} {longest:>16.2f} "
            f"{max(self.worked, default=0.0):>13.2f} {sum(self.holds):>9.2f} {self.seconds:>9.2f}"
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
        inner(autocommit, *args, **kwargs)
        if autocommit:
            note(began[0])
        else:
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


def measure_locks(rows: int, path: Path) -> Iterator[Held]:
    """The life of one list, act by act, in an empty database."""
    editor, approver = prepare(), User.objects.create(username="approver", is_superuser=True)
    register_makers(rows)

    def timed(act: str, work: Callable[[], Any]) -> tuple[Held, Any]:
        held, began = Held(act, rows), time.perf_counter()
        with watched(held):
            result = work()
        held.seconds = time.perf_counter() - began
        return held, result

    wish = Wish("products", NATIONAL, editor)
    held, imported = timed("import saved", lambda: import_file(path, wish))
    yield held
    yield timed("import taken back", lambda: take_back(_run(imported), by=editor))[0]
    batch = _run(import_file(path, wish)).batch
    assert batch is not None  # noqa: S101 - it was saved
    Batch.objects.filter(pk=batch.pk).update(notice_days=0, notice_waiver="测速用")
    batch.refresh_from_db()
    yield timed("missing makers entered", lambda: enter_missing_enterprises(batch, by=editor))[0]
    held, frozen = timed("batch submitted", lambda: workflow.submit(batch, by=editor))
    yield held
    yield timed("index prepared", lambda: ensure_prepared(frozen))[0]
    held, approved = timed(
        "batch approved", lambda: workflow.approve(frozen, by=approver, digest=frozen.digest)
    )
    yield held
    yield timed("batch published", lambda: workflow.publish(approved, by=approver))[0]
    yield from _endings(timed, path.with_name("one.xlsx"), editor)


def _endings(timed: Callable[..., tuple[Held, Any]], path: Path, editor: User) -> Iterator[Held]:
    """Everything but one product is taken off the list, and then the entries out of the draft again."""
    run = _run(import_file(write_list(path, 1), Wish("products", NATIONAL, editor, is_complete=True)))
    ids = run.report["missing_ids"]
    reason = Reason(ReasonCode.values[0], "测速用")
    yield timed(
        "missing products ended", lambda: end_missing(run, ids, reason=reason, by=editor, typed=len(ids))
    )[0]
    run.refresh_from_db()
    batch = run.batch
    assert batch is not None  # noqa: S101 - it was entered
    yield timed("entries taken out", lambda: take_out(batch, batch.entries.all(), by=editor))[0]


def _run(imported: Any) -> ImportRun:
    if imported.run is None or imported.outcome.faults:
        raise RuntimeError(f"The benchmark's own list was not saved: {imported.outcome.faults[:3]}")
    imported.run.refresh_from_db()
    return imported.run
