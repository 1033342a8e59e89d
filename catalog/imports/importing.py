"""One file, the whole way: read, checked, and where it is sound saved into a draft batch. Command and page call this."""

import hashlib
import logging
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction

from catalog.publication.compiling.numbering import check_publisher, current_draft, draft_named
from catalog.publication.models import Batch, BatchEntry
from catalog.publication.publishing.locks import lock_registers
from portal.core.accounts.models import User
from portal.core.audit.record import record
from portal.core.files.models import StoredFile
from portal.core.files.store import store
from portal.core.workflow import NoPermission, NotAllowed, Step, take

from .checking.file import Order, Outcome, check, register_stamp
from .models import ImportRun
from .reading.limits import Limits, limits_in_force
from .reading.refusals import Refused
from .reading.sheets import Reading, read
from .reporting.annotated import annotated
from .reporting.keeping import XLSX, keep_unless_redacted
from .reporting.report import report_of
from .saving.plans import SAVERS, Saver, chunks
from .saving.steps import go_on, halt, step

State = ImportRun.State
BEGIN = Step(
    "import.save_begun", "导入", "imports.run", (State.UPLOADED, State.CHECKED, State.SAVING), State.SAVING
)
SAVE = Step("import.saved", "导入", "imports.run", (State.SAVING,), State.SAVED)
TRIES = 3
BUSY = "名册正在被别人修改，检查结果对不上。请稍后再导入一次。"
logger = logging.getLogger(__name__)
MEDIA_TYPES = {
    "xlsx": XLSX,
    "xls": "application/vnd.ms-excel",
    "csv": "text/csv",
}


class RegisterMoved(Exception):
    """Somebody changed the registers between check and saving: check again."""


@contextmanager
def checked(
    path: Path,
    name: str,
    order: Order,
    *,
    limits: Limits | None = None,
    mended: Mapping[str, str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[tuple[Reading, Outcome]]:
    """Read and check; the plan and the rows live as long as the context. Raises Refused."""
    limits = limits or limits_in_force()
    with read(path, name, limits) as reading, tempfile.TemporaryDirectory(prefix="plan-") as folder:
        reading.write_over(mended or {})
        yield reading, check(reading, order, Path(folder), limits=limits, progress=progress)


def check_may_import(by: User, publisher: str) -> None:
    """Raises NotAllowed unless `by` may import for that publisher."""
    check_publisher(publisher)
    if not by.may("imports.run", "" if publisher == "national" else publisher):
        raise NoPermission("step.permission", "您的账号没有为这个发布方导入的权限，请联系管理员授权。")


def draft_for(publisher: str, slug: str) -> Batch | None:
    """The draft that an import would go into, if it is open already. Raises NotAllowed for a batch that is no draft."""
    if not slug:
        return Batch.objects.filter(
            publisher=publisher, kind=Batch.Kind.BATCH, state=Batch.State.DRAFT
        ).first()
    batch = Batch.objects.filter(slug=slug).first()
    if batch is None:
        return None
    if batch.publisher != publisher:
        raise NotAllowed("batch.publisher", f"批次 {slug} 属于另一个发布方，请换用本发布方的批次。")
    if batch.state != Batch.State.DRAFT:
        state = batch.get_state_display()
        raise NotAllowed(
            "batch.state", f"批次 {slug} 的状态是「{state}」，不能再放入内容。请换一个编制中的批次。"
        )
    return batch


@dataclass(frozen=True)
class ImportRequest:
    """What is asked for: which file into which register, for whom, and how far to go."""

    register: str
    publisher: str
    by: User
    slug: str = ""
    is_complete: bool = False
    is_valid_only: bool = False
    is_dry: bool = False
    answers: Mapping[str, str] = field(default_factory=dict)

    @property
    def scope(self) -> ImportRun.Scope:
        return ImportRun.Scope.COMPLETE if self.is_complete else ImportRun.Scope.ADDITIONS

    def order(self) -> Order:
        draft = draft_for(self.publisher, self.slug)
        return Order(self.register, self.publisher, draft, is_complete=self.is_complete, answers=self.answers)


@dataclass(frozen=True)
class Imported:
    """What came of it; `run` is None for a dry run."""

    outcome: Outcome
    run: ImportRun | None = None

    @property
    def is_saved(self) -> bool:
        return self.run is not None and self.run.state == State.SAVED


def order_of(run: ImportRun) -> Order:
    """The order of an upload whose file waits for its check."""
    batch = draft_for(run.publisher, run.batch_slug)
    is_complete = run.scope == ImportRun.Scope.COMPLETE
    return Order(run.register, run.publisher, batch, is_complete=is_complete, answers=run.answers)


def import_file(path: Path, import_request: ImportRequest, name: str = "") -> Imported:
    """Check a file and, where it is sound or only its sound rows are wanted, save it. Raises Refused and NotAllowed.

    A refused file leaves nothing behind but an audit event.
    """
    name = name or path.name
    check_may_import(import_request.by, import_request.publisher)
    try:
        return _import_file(path, import_request, name)
    except Refused as refused:
        record(
            "import.refused",
            by=import_request.by,
            reason=refused.sentence,
            is_success=False,
            rule=refused.rule,
            file=name,
        )
        raise


def _import_file(path: Path, import_request: ImportRequest, name: str) -> Imported:
    if import_request.is_dry:
        with checked(path, name, import_request.order()) as (_reading, outcome):
            return Imported(outcome)
    with checked(path, name, import_request.order()) as (
        reading,
        outcome,
    ):  # a file that is refused leaves no run behind
        with transaction.atomic():  # a workbook that no run names would be looked into by no redaction
            run = begun_before(import_request, path) or create_run(
                import_request, keep_file(path, name, import_request.by)
            )
        try:
            return Imported(outcome, conclude(run, reading, outcome, by=import_request.by))
        except RegisterMoved:
            run.refresh_from_db()
    return _import_again(path, import_request, name, run)


def _import_again(path: Path, import_request: ImportRequest, name: str, run: ImportRun) -> Imported:
    def attempt() -> Imported:
        with checked(path, name, order_of(run)) as (reading, outcome):
            return Imported(outcome, conclude(run, reading, outcome, by=import_request.by))

    try:
        return go_on(attempt, run, RegisterMoved, TRIES - 1)
    except RegisterMoved as moved:
        refusal = NotAllowed("import.busy", BUSY)
        halt(run, State.CHECKED, refusal)
        raise refusal from moved


def begun_before(import_request: ImportRequest, path: Path) -> ImportRun | None:
    """The run of the same file that was cut off while it was saved: this one goes on with it."""
    runs = ImportRun.objects.filter(
        state=State.SAVING,
        file__sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        register=import_request.register,
        publisher=import_request.publisher,
        scope=import_request.scope,
        created_by=import_request.by,
        is_valid_only=import_request.is_valid_only,
    )
    return runs.first()


def create_run(import_request: ImportRequest, file: StoredFile) -> ImportRun:
    return ImportRun.objects.create(
        register=import_request.register,
        publisher=import_request.publisher,
        scope=import_request.scope,
        is_valid_only=import_request.is_valid_only,
        batch_slug=import_request.slug,
        answers=dict(import_request.answers),
        file=file,
        created_by=import_request.by,
    )


def conclude(
    run: ImportRun, reading: Reading, outcome: Outcome, *, by: User, wants_save: bool = True
) -> ImportRun:
    """Keep what the check found, and save where that is wanted and possible. Raises RegisterMoved."""
    is_sound = run.is_valid_only or not outcome.faults
    may_save = wants_save and is_sound and not outcome.open_questions
    if run.done and may_save:  # the rest of a file whose report stands
        return save(run, outcome, by=by)
    run.report = report_of(outcome, run.register, reading.kind, reading.encoding)
    marked = annotated(reading, outcome.faults) if outcome.faults else b""
    run.progress = run.total = outcome.rows
    run.state = State.CHECKED
    if not keep_unless_redacted(run, marked, since=outcome.stamp[-1]):
        raise RegisterMoved
    has_work = bool(outcome.preview.counts["new"] or outcome.preview.counts["changed"])
    return save(run, outcome, by=by) if may_save and has_work else run


def keep_file(path: Path, name: str, by: User) -> StoredFile:
    """The uploaded file among the private ones, as it came."""
    kind = Path(name).suffix.lstrip(".").lower()
    return store(
        path.read_bytes(), name=name, media_type=MEDIA_TYPES.get(kind, "application/octet-stream"), by=by
    )


def save(run: ImportRun, outcome: Outcome, *, by: User) -> ImportRun:
    """Save the sound rows, step by step; until the last one the run is being saved, and its draft cannot go on.

    Raises RegisterMoved when the check no longer holds: what was saved so far stays, the next check passes over it.
    """
    run = take(BEGIN, run, by=by, effect=lambda locked: _carry(run, locked))
    try:
        _save_steps(run, outcome, by=by)
    except IntegrityError as error:  # somebody else wrote the same code or certificate in this moment
        logger.warning("Import %s met a constraint: %s", run.pk, error)
        raise RegisterMoved from error
    return take(SAVE, run, by=by, effect=_tally)


def _carry(run: ImportRun, locked: ImportRun) -> None:
    """What the check found, without what stopped an earlier try."""
    locked.report = {name: value for name, value in run.report.items() if name != "refusal"}
    locked.is_valid_only = run.is_valid_only


def _save_steps(run: ImportRun, outcome: Outcome, *, by: User) -> None:
    saver: Saver | None = None
    stamp = outcome.stamp
    for chunk in chunks(iter(outcome.plan), run):
        with step(run, State.SAVING, len(chunk)) as locked:
            batch = locked.batch = batch_of(locked, by=by)
            if _comparable(register_stamp(), batch) != _comparable(stamp, batch):
                raise RegisterMoved
            saver = saver or SAVERS[run.register](batch, run.source, by)
            saver.save(chunk)
            stamp = register_stamp()


def _tally(run: ImportRun) -> dict[str, Any]:
    counts = {name: run.report[name] for name in ("new", "changed", "unchanged")}
    entries = BatchEntry.objects.filter(source=run.source)
    return {"batch": run.batch.slug if run.batch else "", "entered": entries.count(), **counts}


def batch_of(run: ImportRun, *, by: User) -> Batch:
    """The draft that a run goes into, opened when it is not there, and locked. Raises NotAllowed."""
    slug = run.batch.slug if run.batch else run.batch_slug
    batch = draft_named(slug, by=by) if slug else current_draft(run.publisher, Batch.Kind.BATCH, by=by)
    if batch.publisher != run.publisher:
        raise NotAllowed("batch.publisher", f"批次 {batch.slug} 属于另一个发布方，请换用本发布方的批次。")
    locked = Batch.objects.select_for_update().get(pk=batch.pk)
    lock_registers()  # before any working row: see the order of locks in portal.core.editions
    return locked


def _comparable(stamp: tuple[Any, ...], batch: Batch) -> tuple[Any, ...]:
    """A stamp without the draft that this import itself has just opened."""
    changes, last_entry, entries, batches, edition = stamp
    return changes, last_entry, entries, tuple(pair for pair in batches if pair[0] != batch.pk), edition
