"""Lawful redaction: takes one personal value out of everything that is kept, and leaves the chain whole.

The value and its salt go; the salted hash stays, so the digests of the lines still hold while nobody can guess the value
back. What says the same of the same enterprise elsewhere goes with it: other lines, frozen ones too, working rows, draft
entries, before-images, the index, and what other rooms keep (the setting REDACTING_ROOMS). What was taken away is remembered
as a mark (`restating`), so that nobody publishes it again by mistake.
"""

from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Protocol, cast

from django.conf import settings
from django.db import connection, models, transaction

from catalog.enterprises.models import Enterprise, FormerName
from catalog.products.models import Certificate, Product
from portal.core.audit.changes import WorkingRow
from portal.core.audit.models import Change
from portal.core.audit.record import record
from portal.core.editions.digest import tree_root
from portal.core.editions.models import Edition
from portal.core.editions.release import announce, lock_editions
from portal.core.pages import cache
from portal.core.text.normalise import clean
from portal.core.workflow import NotAllowed

from ..compiling.redactable import PLACEHOLDER, REDACTABLE, texts_in
from ..compiling.restating import remember
from ..models import Batch, BatchEntry, CertificateLine, EnterpriseLine, Line, ProductLine
from ..search.preparation import REGISTERS, discard_documents, index_again
from .locks import lock_registers
from .reach import Reach

LINE_OF_KEY: dict[str, type[Line]] = {
    "enterprise": EnterpriseLine,
    "certificate": CertificateLine,
    "product": ProductLine,
}
ENTRY_TEXTS = ("reason", "authority", "document")


class Room(Protocol):
    """What a module named in REDACTING_ROOMS offers; a room locks the rows that it changes, in the order of their keys."""

    def redact_matters(self, reach: Reach) -> None: ...

    def redact_files(self, reach: Reach) -> int:
        """Erase files in which one of the values stands; how many. Outside any transaction: reading takes its time."""


@dataclass
class Redaction:
    """What was done: the values that went, the lines that lost them, the edition that says so."""

    values: list[str]
    lines: list[tuple[str, str]] = field(default_factory=list)
    edition: Edition | None = None


def redact(key: str, field_name: str, *, basis: str, by=None) -> Redaction:
    """Take the value of one field of a line, and of all lines of that key, out of the whole record.

    Raises NotAllowed for an unknown key, a field that may not be redacted, an empty value or a missing basis.
    """
    model = _model_of(key, field_name)
    _refuse_without_basis(basis)
    with transaction.atomic():
        _redact_matters(Reach.of(model, key, field_name))
        lock_editions()
        lock_registers()
        reach = Reach.of(model, key, field_name)
        if not reach.values:
            raise NotAllowed("redaction.nothing", f"「{key}」的 {field_name} 没有内容，或早已隐去。")
        done = Redaction(reach.values)
        _redact_working_rows(reach)
        for row, names in _redact_lines(reach):
            done.lines += [(row.key, name) for name in names]
        header = {"redacted": sorted({(key, name) for key, name in done.lines}), "basis": clean(basis)}
        done.edition = announce(cause=Edition.Cause.REDACTION, subject=key, root=tree_root([]), header=header)
        remember(reach.values, reach.owners, redacted_as=f"{key} {field_name}", edition=done.edition)
        record("line.redacted", by=by, reason=basis, key=key, field=field_name, edition=done.edition.number)
    with transaction.atomic():
        _redact_matters(reach)  # what came in between the look at the matters and the door
    cache.clear()
    return done


def redact_files(key: str, field_name: str, *, basis: str) -> int:
    """Erase the files that hold the value. Before `redact`: a command that was killed in between is run again."""
    model = _model_of(key, field_name)
    _refuse_without_basis(basis)
    reach = Reach.of(model, key, field_name)
    return sum(room.redact_files(reach) for room in _rooms()) if reach.values else 0


def wipe_freed_space() -> None:
    """Overwrite what a database keeps of deleted values; outside any transaction. PostgreSQL does it by VACUUM FULL."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute("VACUUM FULL")


def _model_of(key: str, field_name: str) -> type[Line]:
    model = LINE_OF_KEY.get(key.split("/", 1)[0])
    if model is None or not model.objects.filter(key=key).exists():
        raise NotAllowed(
            "redaction.key", f"没有「{key}」这个键。键见批次页和导出文件，如 product/0000001-3/national。"
        )
    if field_name not in REDACTABLE[model]:
        allowed = "、".join(REDACTABLE[model])
        raise NotAllowed("redaction.field", f"「{field_name}」不能隐去。可以隐去的字段：{allowed}。")
    return model


def _refuse_without_basis(basis: str) -> None:
    if not clean(basis):
        raise NotAllowed("redaction.basis", "请写明依据：法律条文、当事人申请或文书编号。")


def _rooms() -> list[Room]:
    return [cast(Room, import_module(path)) for path in settings.REDACTING_ROOMS]


def _redact_matters(reach: Reach) -> None:
    """What comes before the door in the order of locks: what the rooms keep, then batches with their entries."""
    if reach.values:
        for room in _rooms():
            room.redact_matters(reach)
        _redact_entries(reach)


def _redact_entries(reach: Reach) -> None:
    """The reasons of drafts and of batches that were frozen: an entry stays when its batch is sent back."""
    of_them = models.Q(enterprise__in=reach.enterprises) | models.Q(certificate__in=reach.certificates)
    entries = BatchEntry.objects.filter(of_them | models.Q(product__enterprise__in=reach.enterprises))
    batches = {entry.batch_id for entry in entries if _emptied(entry, reach)}
    list(Batch.objects.select_for_update().filter(pk__in=batches).order_by("pk"))
    for entry in entries.filter(batch__in=batches):
        if emptied := _emptied(entry, reach):
            BatchEntry.objects.filter(pk=entry.pk).update(**emptied)


def _emptied(entry: BatchEntry, reach: Reach) -> dict[str, str]:
    return {name: "" for name in ENTRY_TEXTS if reach.names(getattr(entry, name))}


# -- lines -----------------------------------------------------------------------------------------------------------------


def _redact_lines(reach: Reach) -> list[tuple[Any, list[str]]]:
    """Every line within reach that says one of the values, public or frozen, with the fields that lost it."""
    scopes: tuple[tuple[type[Line], models.Q], ...] = (
        (EnterpriseLine, models.Q(enterprise__in=reach.enterprises)),
        (CertificateLine, models.Q(certificate__in=reach.certificates)),
        (ProductLine, models.Q(enterprise__in=reach.enterprises)),
    )
    found: list[tuple[Any, list[str]]] = []
    for model, scope in scopes:
        saying = [(row, _fields_saying(row, reach)) for row in model.objects.filter(scope).order_by("pk")]
        saying = [(row, names) for row, names in saying if names]
        _empty(model, saying)
        found += saying
    return found


def _fields_saying(row: Any, reach: Reach) -> list[str]:
    return [name for name in REDACTABLE[type(row)] if any(map(reach.names, texts_in(row, name)))]


def _empty(model: type[Line], saying: list[tuple[Any, list[str]]]) -> None:
    """Empty the fields, drop their salts, keep their hashes; the index forgets the old words first."""
    register = next((register for register in REGISTERS if register.lines is model), None)
    these = model.objects.filter(pk__in=[row.pk for row, _names in saying])
    if register is not None and saying:
        discard_documents(register, these)
    for row, names in saying:
        emptied: dict[str, Any] = {name: [] if isinstance(getattr(row, name), list) else "" for name in names}
        salts, hashes = row.proof()  # the row's secret would give the salts back, so it goes with them
        model.objects.filter(pk=row.pk).stamp(
            **emptied,
            salts={name: salt for name, salt in salts.items() if name not in names},
            hashes=hashes,
            redacted=[*row.redacted, *names],
        )
    if register is not None and saying:
        index_again(register, these)


# -- what was never public -------------------------------------------------------------------------------------------------


def _redact_working_rows(reach: Reach) -> None:
    """Enterprises, certificates, products, in this order and each by number: see the order of locks."""
    rows: list[WorkingRow] = [
        *Enterprise.objects.select_for_update().filter(pk__in=reach.enterprises).order_by("pk"),
        *Certificate.objects.select_for_update().filter(pk__in=reach.certificates).order_by("pk"),
        *Product.objects.select_for_update().filter(enterprise__in=reach.enterprises).order_by("pk"),
    ]
    for former in FormerName.objects.filter(enterprise__in=reach.enterprises).order_by("pk"):
        if reach.names(former.name):
            former.delete()
    for row in rows:
        _redact_working_row(row, reach)
        _redact_changes(Change.objects.filter(target=row._meta.label_lower, target_id=str(row.pk)), reach)
    # Rows of former names may be gone while their before-images stand; their words are looked for in all of these.
    _redact_changes(Change.objects.filter(target=FormerName._meta.label_lower), reach)


def _redact_working_row(row: WorkingRow, reach: Reach) -> None:
    """Without a before-image: it would keep the value."""
    names = [name for name in row.tracked_fields() if reach.names(getattr(row, name))]
    for name in names:
        setattr(row, name, PLACEHOLDER if not row._meta.get_field(name).blank else "")  # type: ignore[union-attr]
    if names:
        row.save()


def _redact_changes(changes: models.QuerySet[Change], reach: Reach) -> None:
    for change in changes.select_for_update().order_by("pk"):
        names = [name for name, value in change.before.items() if reach.names(value)]
        derived = [name for name in change.before if name.endswith("_key")] if names else []
        if names:
            before = {name: value for name, value in change.before.items() if name not in [*names, *derived]}
            Change.objects.filter(pk=change.pk).update(
                before=before, redacted=[*change.redacted, *names, *derived]
            )
