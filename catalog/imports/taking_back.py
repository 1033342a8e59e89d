"""Takes an import back whole, while its batch is a draft: entries, new rows and changed values, as if it had not been."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Max

from catalog.enterprises.models import Enterprise, FormerName
from catalog.products.models import Certificate, CertificateCheck, Product
from catalog.publication.compose import in_chunks
from catalog.publication.locks import lock_registers
from catalog.publication.models import LINE_MODELS, Batch, BatchEntry, Hold
from portal.audit.changes import change_of, record_changes
from portal.audit.models import Change
from portal.editions.models import PublicRow
from portal.workflow import NotAllowed, Step, take

from .models import ImportRun
from .saving import upsert

State = ImportRun.State
TAKE_BACK = Step("import.taken_back", "撤回导入", "imports.run", (State.SAVED,), State.TAKEN_BACK)
MODELS: tuple[Any, ...] = (Product, Certificate, FormerName, Enterprise)  # in the order in which they may go
_PUBLIC_ROWS: tuple[type[PublicRow], ...] = (*LINE_MODELS, Hold, CertificateCheck)
SIZE = 900
NAMED = 3  # obstacles named in a sentence


def take_back(run: ImportRun, *, by: Any) -> ImportRun:
    """Raises NotAllowed, and changes nothing, where something else rests on what the import brought."""

    def undo(locked: ImportRun) -> dict[str, Any]:
        _lock_draft(locked)
        _check_nothing_followed(locked)
        created, changed = _ids(locked, is_created=True), _ids(locked, is_created=False)
        _check_nothing_rests_on(locked, created)
        entries, _ = BatchEntry.objects.filter(source=locked.source).delete()
        for model in MODELS:
            _restore(model, locked, changed[model], by)
        for model in MODELS:
            for ids in _parts(created[model]):
                model._base_manager.filter(pk__in=ids).delete()
        return {
            "entries": entries,
            "removed": sum(map(len, created.values())),
            "restored": sum(map(len, changed.values())),
        }

    return take(TAKE_BACK, run, by=by, effect=undo)


def files_that_rely_on(run: ImportRun) -> list[str]:
    """Later files of the draft that named something which only this import had brought in."""
    later = (
        ImportRun.objects.filter(batch=run.batch, state=State.SAVED).exclude(pk=run.pk).select_related("file")
    )
    return [other.file.name for other in later if run.source in other.report.get("relied_on", {})]


def _lock_draft(run: ImportRun) -> None:
    assert run.batch_id is not None  # noqa: S101 - saved runs have one
    batch = Batch.objects.select_for_update().get(pk=run.batch_id)
    if batch.state != Batch.State.DRAFT:
        state = batch.get_state_display()
        raise NotAllowed(
            "import.not_draft", f"批次 {batch.slug} 的状态是「{state}」，不能再撤回导入。请先退回编制。"
        )
    lock_registers()


def _ids(run: ImportRun, *, is_created: bool) -> dict[Any, list[int]]:
    found = {}
    for model in MODELS:
        changes = Change.objects.filter(
            source=run.source, target=model._meta.label_lower, is_created=is_created
        )
        found[model] = [int(pk) for pk in changes.order_by("pk").values_list("target_id", flat=True)]
    return found


def _check_nothing_followed(run: ImportRun) -> None:
    """Values that somebody changed after the import must not be lost with it."""
    last = Change.objects.filter(source=run.source).aggregate(last=Max("pk"))["last"]
    if last is None:
        return
    for model in MODELS:
        label = model._meta.label_lower
        ours = Change.objects.filter(source=run.source, target=label).values_list("target_id", flat=True)
        later = Change.objects.filter(target=label, pk__gt=last).exclude(source=run.source)
        names = []
        for change in in_chunks(later, "target_id", list(ours), size=SIZE):  # type: ignore[arg-type]
            row = model._base_manager.filter(pk=change.target_id).first()
            names.append(f"「{row}」（{change.actor_name or change.source}）")
        if names:
            listed = "、".join(names[:NAMED])
            raise NotAllowed(
                "import.changed_since", f"导入之后又有人改过 {listed} 等 {len(names)} 项，不能整体撤回。"
            )


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


def _restore(model: Any, run: ImportRun, ids: list[int], by: Any) -> None:
    label = model._meta.label_lower
    for part in _parts(ids):
        rows = {row.pk: row for row in model._base_manager.select_for_update().filter(pk__in=part)}
        images = {pk: row.image() for pk, row in rows.items()}
        columns: set[str] = set()
        # Newest first: the oldest before-image of a row, written last, is the one that stays.
        changes = Change.objects.filter(
            source=run.source, target=label, is_created=False, target_id__in=[str(pk) for pk in part]
        )
        for change in changes.order_by("-pk"):
            for name, value in _before(model, change).items():
                setattr(rows[int(change.target_id)], name, value)
                columns.add(name.removesuffix("_id"))
        for row in rows.values():
            row.derive_keys()  # type: ignore[attr-defined]
        if columns:
            upsert(model, list(rows.values()), columns | {"updated_at"})
        record_changes(
            change_of(row, images[pk], by=by, source=f"{run.source}:back") for pk, row in rows.items()
        )


def _before(model: Any, change: Change) -> dict[str, Any]:
    """The old values with their types: JSON knows no days."""
    values = change.before | (change.personal or {})
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return {name: fields[name].to_python(value) for name, value in values.items()}


def _parts(ids: list[int]) -> Iterable[list[int]]:
    return (ids[start : start + SIZE] for start in range(0, len(ids), SIZE))
