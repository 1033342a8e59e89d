"""Lawful redaction: takes one personal value out of everything that is kept, and leaves the chain whole.

The value and its salt go; the salted hash stays, so the digests of the lines still hold while nobody can guess the value
back. What says the same of the same enterprise elsewhere goes with it: other lines, frozen ones too, working rows, draft
entries, before-images, the index, and what other rooms keep (the setting REDACTING_ROOMS). What was taken away is remembered
as a mark (`restating`), so that nobody publishes it again by mistake.
"""

from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import Any, Protocol, cast

from django.conf import settings
from django.db import connection, models, transaction

from portal.core import bulk
from portal.core.audit.record import record
from portal.core.editions.digest import tree_root
from portal.core.editions.models import Edition
from portal.core.editions.release import announce, lock_editions
from portal.core.pages import cache
from portal.core.text.normalise import clean
from portal.core.workflow import NotAllowed

from ..compiling.redactable import REDACTABLE
from ..compiling.restating import remember, told_before
from ..models import Batch, BatchEntry, CertificateLine, EnterpriseLine, Line, ProductLine
from .emptying import Emptying
from .locks import lock_registers
from .reach import Reach
from .unsaying import redact_working_rows, still_said

LINE_OF_KEY: dict[str, type[Line]] = {
    "enterprise": EnterpriseLine,
    "certificate": CertificateLine,
    "product": ProductLine,
}
ENTRY_TEXTS = ("reason", "authority", "document")


class Room(Protocol):
    """What a module named in REDACTING_ROOMS offers. It reads outside any transaction, which takes its time, and then locks the
    rows that it changes, in the order of their keys.
    """

    def redact_matters(self, reach: Reach) -> None: ...

    def redact_files(self, reach: Reach) -> int:
        """Erase files in which one of the values stands; how many."""


@dataclass
class Redaction:
    """What was done: the values that went, the lines that lost them, the edition that says so. Without an edition the lines
    had lost them before, by a redaction that was ended before it was through with the rest. `files` came in meanwhile."""

    values: list[str]
    lines: list[tuple[str, str]] = field(default_factory=list)
    edition: Edition | None = None
    files: int = 0


def redact(key: str, field_name: str, *, basis: str, by=None) -> Redaction:
    """Take the value of one field of a line, and of all lines of that key, out of the whole record.

    What is public goes at once, the rest behind it in steps; ordered again, it ends what was broken off.
    Raises NotAllowed for an unknown key, a field that may not be redacted, an empty value or a missing basis.
    """
    model = _model_of(key, field_name)
    _refuse_without_basis(basis)
    reach = Reach.of(model, key, field_name)
    done = Redaction([])
    if reach.values:
        done, reach = _through_the_door(reach, model, key, field_name, basis=basis, by=by)
    else:
        reach = replace(reach, values=still_said(reach, told_before(f"{key} {field_name}")))
        _refuse_nothing(reach, key, field_name)
        record("line.redacted", by=by, reason=basis, key=key, field=field_name, is_rest=True)
    _redact_matters(reach)  # what came in between the first look at the matters and the door
    redact_working_rows(reach)
    return replace(done, values=reach.values, files=sum(room.redact_files(reach) for room in _rooms()))


def _through_the_door(
    reach: Reach, model: type[Line], key: str, field_name: str, *, basis: str, by: Any
) -> tuple["Redaction", Reach]:
    """All that is public, by one edition."""
    _redact_matters(reach)
    emptying = Emptying.of(reach)
    with transaction.atomic():
        lock_editions()
        lock_registers()
        emptying = emptying.renewed(Reach.of(model, key, field_name))
        reach = emptying.reach
        _refuse_nothing(reach, key, field_name)
        done = Redaction(reach.values, emptying.fields)
        emptying.write()
        header = {"redacted": sorted({(key, name) for key, name in done.lines}), "basis": clean(basis)}
        done.edition = announce(cause=Edition.Cause.REDACTION, subject=key, root=tree_root([]), header=header)
        remember(reach.values, reach.owners, redacted_as=f"{key} {field_name}", edition=done.edition)
        record("line.redacted", by=by, reason=basis, key=key, field=field_name, edition=done.edition.number)
    cache.clear()
    return done, reach


def _refuse_nothing(reach: Reach, key: str, field_name: str) -> None:
    if not reach.values:
        raise NotAllowed("redaction.nothing", f"「{key}」的 {field_name} 没有内容，或早已隐去。")


def redact_files(key: str, field_name: str, *, basis: str) -> int:
    """Erase the files that hold the value. Before `redact`: a command that was killed in between is run again."""
    model = _model_of(key, field_name)
    _refuse_without_basis(basis)
    reach = Reach.of(model, key, field_name)
    return sum(room.redact_files(reach) for room in _rooms()) if reach.values else 0


def wipe_freed_space() -> None:
    """Overwrite what a database keeps of deleted values; outside any transaction. PostgreSQL does it by VACUUM FULL.

    Raises NotAllowed while a reader keeps SQLite from emptying its log.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("VACUUM")
            is_busy, *_pages = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if is_busy:
                raise NotAllowed(
                    "redaction.not_wiped",
                    "内容已隐去，但有人正在读数据库，删去的旧值还可能留在数据库文件里。请过几分钟把同一条命令再运行一遍。",
                )
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
    """What the rooms keep, then batches with their entries. Nobody's public page shows it: it needs no door."""
    for room in _rooms():
        room.redact_matters(reach)
    _redact_entries(reach)


def _redact_entries(reach: Reach) -> None:
    """The reasons of drafts and of batches that were frozen: an entry stays when its batch is sent back."""
    of_them = models.Q(enterprise__in=reach.enterprises) | models.Q(certificate__in=reach.certificates)
    entries = BatchEntry.objects.filter(of_them | models.Q(product__enterprise__in=reach.enterprises))
    told = entries.exclude(**dict.fromkeys(ENTRY_TEXTS, "")).values_list("pk", *ENTRY_TEXTS, "batch_id")
    saying = {pk: batch for pk, *texts, batch in told if any(map(reach.names, texts))}
    with transaction.atomic():
        list(Batch.objects.select_for_update().filter(pk__in=set(saying.values())).order_by("pk"))
        emptied = [
            (pk, *("" if reach.names(text) else text for text in texts))
            for pk, *texts in BatchEntry.objects.filter(pk__in=saying).values_list("pk", *ENTRY_TEXTS)
        ]
        bulk.update(BatchEntry, ENTRY_TEXTS, emptied)
