"""Takes an import back whole, while its batch is a draft: entries, new rows and changed values, as if it had not been.

In steps, the draft held shut until the last: what was brought last goes first, and each step looks again whether something
rests on its rows.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.models import Max, ProtectedError

from catalog.enterprises.models import Enterprise, FormerName
from catalog.products.models import Certificate, CertificateCheck, Product
from catalog.publication.compiling.compose import in_chunks
from catalog.publication.models import LINE_MODELS, BatchEntry, Hold
from portal.core.accounts.models import User
from portal.core.audit.changes import change_of, record_changes
from portal.core.audit.models import Change
from portal.core.audit.record import record
from portal.core.editions.models import PublicRow
from portal.core.workflow import NotAllowed, Step, take

from ..models import ImportRun
from .plans import upsert
from .steps import halt, lock_draft, parts, step

State = ImportRun.State
BEGIN = Step(
    "import.take_back_begun",
    "撤回导入",
    "imports.run",
    (State.SAVED, State.CHECKED, State.FAILED, State.UNDOING),
    State.UNDOING,
)
TAKE_BACK = Step("import.taken_back", "撤回导入", "imports.run", (State.UNDOING,), State.TAKEN_BACK)
MODELS: tuple[Any, ...] = (Product, Certificate, FormerName, Enterprise)  # in the order in which they may go
_PUBLIC_ROWS: tuple[type[PublicRow], ...] = (*LINE_MODELS, Hold, CertificateCheck)
SIZE = 900
NAMED = 3  # obstacles named in a sentence
UNDONE_FROM = "undone_from"  # in the report: the state to go back to where nothing could be taken back


def revert(run: ImportRun, *, by: User) -> ImportRun:
    """Raises NotAllowed where something else rests on what the import brought: before the first step if it does then."""
    return continue_reverting(begin(run, by=by), by=by)


def begin(run: ImportRun, *, by: User) -> ImportRun:
    """Close the draft for it."""

    def close(locked: ImportRun) -> None:
        if locked.batch_id is None:
            raise _nothing_saved()
        lock_draft(locked)
        if locked.state != State.UNDOING:
            locked.report = locked.report | {UNDONE_FROM: locked.state}
            locked.report.pop("refusal", None)
            locked.done = 0

    return take(BEGIN, run, by=by, effect=close)


def continue_reverting(run: ImportRun, *, by: User) -> ImportRun:
    """The steps, also those that a killed job left over."""
    try:
        created, changed = _ids(run, is_created=True), _ids(run, is_created=False)
        if not run.done:
            _check(run, created, {model: created[model] + changed[model] for model in MODELS})
        _undo(run, created, changed, by)
    except NotAllowed as refusal:
        run.refresh_from_db()
        halt(run, State.FAILED if run.done else run.report[UNDONE_FROM], refusal)
        record(TAKE_BACK.code, run, by=by, is_success=False, rule=refusal.rule)
        raise
    counts = {"removed": sum(map(len, created.values())), "restored": sum(map(len, changed.values()))}
    return take(TAKE_BACK, run, by=by, effect=lambda _locked: counts)


def refusal_of(run: ImportRun, by: User) -> NotAllowed | None:
    """Why it cannot be begun, for the page that asks."""
    return BEGIN.refusal(run, by) or (_nothing_saved() if run.batch_id is None else None)


def _nothing_saved() -> NotAllowed:
    return NotAllowed("import.nothing_saved", "这次导入没有放入任何内容，不用撤回。")


def may_begin(run: ImportRun) -> bool:
    """Whether something of it lies in a draft."""
    return run.batch is not None and run.batch.state == "draft" and run.state in BEGIN.sources


def files_that_rely_on(run: ImportRun) -> list[str]:
    """Later files of the draft that named something which only this import had brought in."""
    later = (
        ImportRun.objects.filter(batch=run.batch, state=State.SAVED).exclude(pk=run.pk).select_related("file")
    )
    return [other.file.name for other in later if run.source in other.report.get("relied_on", {})]


def _ids(run: ImportRun, *, is_created: bool) -> dict[Any, list[int]]:
    found = {}
    for model in MODELS:
        changes = Change.objects.filter(
            source=run.source, target=model._meta.label_lower, is_created=is_created
        )
        found[model] = [int(pk) for pk in changes.order_by("pk").values_list("target_id", flat=True)]
    return found


def _check(run: ImportRun, created: dict[Any, list[int]], ours: dict[Any, list[int]]) -> None:
    for model in MODELS:
        _check_nothing_followed(run, model, ours[model])
    _check_nothing_rests_on(run, created)


def _check_nothing_followed(run: ImportRun, model: Any, ids: list[int]) -> None:
    """Values that somebody changed after the import must not be lost with it."""
    names = []
    for start in range(0, len(ids), SIZE):
        targets = [str(pk) for pk in ids[start : start + SIZE]]
        changes = Change.objects.filter(target=model._meta.label_lower, target_id__in=targets)
        last = dict(changes.filter(source=run.source).values_list("target_id").annotate(Max("pk")).order_by())
        for change in changes.exclude(source__in=[run.source, _back(run)]).order_by("pk"):
            if change.pk > last.get(change.target_id, change.pk):
                row = model._base_manager.filter(pk=change.target_id).first()
                names.append(f"「{row}」（{change.actor_name or change.source}）")
    if names:
        listed = "、".join(names[:NAMED])
        raise NotAllowed(
            "import.changed_since", f"导入之后又有人改过 {listed} 等 {len(names)} 项，不能整体撤回。"
        )


def _back(run: ImportRun) -> str:
    """The source of the changes that restore values."""
    return f"{run.source}:back"


def _check_nothing_rests_on(run: ImportRun, created: dict[Any, list[int]]) -> None:
    products, certificates, makers = created[Product], created[Certificate], created[Enterprise]
    ours = set(products)
    rests = [
        row
        for field, ids in (("certificate", certificates), ("enterprise", makers))
        for row in in_chunks(Product.objects.all(), field, ids, size=SIZE)
        if row.pk not in ours
    ]
    for name, ids in (("product", products), ("certificate", certificates), ("enterprise", makers)):
        others = BatchEntry.objects.exclude(source=run.source).select_related("batch")
        rests += [entry.batch for entry in in_chunks(others, name, ids, size=SIZE)]
        for model in _PUBLIC_ROWS:
            if any(field.name == name for field in model._meta.concrete_fields):
                rests += in_chunks(model._base_manager.all(), name, ids, size=SIZE)
    rests += list(in_chunks(Certificate.objects.all(), "renews", certificates, size=SIZE))
    if rests:
        listed = "、".join(f"「{name}」" for name in dict.fromkeys(str(row) for row in rests[:NAMED]))
        raise NotAllowed(
            "import.in_use", f"{listed}等 {len(rests)} 项用到了这次导入的内容，请先撤回或移去它们。"
        )


@contextmanager
def _step(run: ImportRun, rows: int) -> Iterator[None]:
    with step(run, State.UNDOING, rows) as locked:
        lock_draft(locked)
        yield


def _undo(run: ImportRun, created: dict[Any, list[int]], changed: dict[Any, list[int]], by: User) -> None:
    _take_entries_out(run)
    for model in MODELS:
        for ids in parts(_not_yet_restored(run, model, changed[model]), run):
            with _step(run, len(ids)):
                _check_nothing_followed(run, model, ids)
                _restore(model, run, ids, by)
    for model in MODELS:
        present = set(model._base_manager.values_list("pk", flat=True))
        for ids in parts([pk for pk in created[model] if pk in present], run):
            with _step(run, len(ids)):
                _remove(model, run, ids)


def _not_yet_restored(run: ImportRun, model: Any, ids: list[int]) -> list[int]:
    """Without those that a killed job restored; their own last change is the one that put them back."""
    changes = Change.objects.filter(target=model._meta.label_lower, source__in=[run.source, _back(run)])
    newest = dict(changes.order_by("pk").values_list("target_id", "source"))
    return [pk for pk in dict.fromkeys(ids) if newest[str(pk)] == run.source]


def _remove(model: Any, run: ImportRun, ids: list[int]) -> None:
    only = {other: ids if other is model else [] for other in MODELS}
    _check(run, only, only)
    try:
        model._base_manager.filter(pk__in=ids).delete()
    except ProtectedError as error:
        named = "、".join(f"「{row}」" for row in list(error.protected_objects)[:NAMED])
        raise NotAllowed("import.in_use", f"{named}用到了这次导入的内容，请先撤回或移去它们。") from error


def _take_entries_out(run: ImportRun) -> None:
    entries = BatchEntry.objects.filter(source=run.source).order_by("pk")
    while ids := list(entries.values_list("pk", flat=True)[: run.step_rows]):
        with _step(run, len(ids)):
            entries.filter(pk__lte=ids[-1]).delete()


def _restore(model: Any, run: ImportRun, ids: list[int], by: User) -> None:
    rows = {row.pk: row for row in model._base_manager.select_for_update().filter(pk__in=ids)}
    images = {pk: row.image() for pk, row in rows.items()}
    columns: set[str] = set()
    # Newest first: the oldest before-image of a row, written last, is the one that stays.
    changes = Change.objects.filter(
        source=run.source,
        target=model._meta.label_lower,
        is_created=False,
        target_id__in=[str(pk) for pk in ids],
    )
    for change in changes.order_by("-pk"):
        for name, value in _before(model, change).items():
            setattr(rows[int(change.target_id)], name, value)
            columns.add(name.removesuffix("_id"))
    for row in rows.values():
        row.derive_keys()  # type: ignore[attr-defined]
    if columns:
        upsert(model, list(rows.values()), columns | {"updated_at"})
    record_changes(change_of(row, images[pk], by=by, source=_back(run)) for pk, row in rows.items())


def _before(model: Any, change: Change) -> dict[str, Any]:
    """The old values with their types: JSON knows no days."""
    values = change.before | (change.personal or {})
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return {name: fields[name].to_python(value) for name, value in values.items()}
