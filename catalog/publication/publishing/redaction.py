"""Lawful redaction: takes one personal value out of everything that is kept, and leaves the chain whole.

The value and its salt go; the salted hash stays, so the digests of the lines still hold while nobody can guess the value
back. What says the same of the same enterprise elsewhere goes with it: other lines, frozen ones too, working rows, draft
entries, before-images, the index, and what other rooms keep (the setting REDACTING_ROOMS). What was taken away is remembered
as a mark (`restating`), so that nobody publishes it again by mistake.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import Any, Protocol, cast

from django.conf import settings
from django.db import connection, models, transaction

from portal.core import bulk
from portal.core.audit.record import record
from portal.core.busy import breathe
from portal.core.editions.digest import tree_root
from portal.core.editions.models import Edition
from portal.core.editions.release import announce, lock_editions
from portal.core.pages import cache
from portal.core.text.normalise import clean
from portal.core.workflow import NotAllowed

from ..compiling.redactable import REDACTABLE
from ..compiling.restating import owners_told, refuse_incomparable, remember, told_before
from ..compiling.under_way import REDACTED, end, under_way
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
STEP = "step"  # in the header of an edition that says a part of a redaction


class Room(Protocol):
    """What a module named in REDACTING_ROOMS offers. It reads outside any transaction, which takes its time, and then locks the
    rows that it changes, in the order of their keys.
    """

    def redact_matters(self, reach: Reach) -> None: ...

    def redact_files(self, reach: Reach) -> int:
        """Erase files in which one of the values stands; how many."""


@dataclass
class Redaction:
    """What was done: the values that went, the lines that lost them, the newest edition that says so. Without an edition the
    lines had lost them before, by a redaction that was ended before it was through with the rest. `files` came in meanwhile."""

    reach: Reach
    lines: list[tuple[str, str]] = field(default_factory=list)
    edition: Edition | None = None
    files: int = 0
    is_cut: bool = False  # more lines follow

    @property
    def values(self) -> list[str]:
        return self.reach.values


def redact(
    key: str,
    field_name: str,
    *,
    basis: str,
    by=None,
    told: Callable[[Redaction], object] = lambda _done: None,
) -> Redaction:
    """Take the value of one field of a line, and of all lines of that key, out of the whole record.

    What is public goes first, the rest behind it in steps; ordered again, it ends what was broken off. `told` hears after
    each step but the last what is done by then. Raises NotAllowed for an unknown key, a field that may not be redacted, an
    empty value or a missing basis.
    """
    order = _Order(_model_of(key, field_name), key, field_name, basis, by)
    _refuse_without_basis(basis)
    begun = order.begun()
    reach = order.meant(begun)
    if begun is None:
        _refuse_nothing(reach, key, field_name)
    _redact_matters(reach)
    done = _through_the_door(order, reach, is_rest=begun is not None, told=told)
    reach = done.reach
    _redact_matters(reach)  # what came in between the first look at the matters and the door
    files = _redact_files(reach)  # before the rows, too: who orders it again finds the value in them
    redact_working_rows(reach)
    files += _redact_files(reach)
    if order.begun() is not None:
        end(key, field_name)
    return replace(done, files=files)


def _through_the_door(
    order: "_Order", reach: Reach, *, is_rest: bool, told: Callable[[Redaction], object]
) -> Redaction:
    """All that is public, by an edition for each so many lines. From the first one on nobody can publish the value again."""
    done = _step(order, reach, is_rest=is_rest)
    while done.is_cut:
        told(done)
        breathe()
        step = _step(order, done.reach, is_rest=True)
        done = replace(step, lines=done.lines + step.lines, edition=step.edition or done.edition)
    return done


def _step(order: "_Order", reach: Reach, *, is_rest: bool) -> Redaction:
    """Looked at without a lock, and again where anything moved meanwhile; the third time under the lock, which is slow."""
    for is_last_try in (False, False, True):
        emptying = Emptying.of(reach, beside=0 if is_rest else len(reach.owners) - 1)
        with transaction.atomic():
            lock_editions()
            lock_registers()
            begun = order.begun()
            is_rest = (
                is_rest or begun is not None
            )  # what was a rest stays one: another process may have ended it
            reach = order.renewed(reach, is_rest)
            is_still = emptying.is_still(reach)
            if is_still or is_last_try:
                done = _written(order, emptying if is_still else Emptying.of(reach), is_rest, begun)
                break
    cache.clear()
    return done


def _written(order: "_Order", emptying: Emptying, is_rest: bool, begun: int | None) -> Redaction:
    done = Redaction(emptying.reach, emptying.fields, is_cut=emptying.is_cut)
    said: dict[str, Any] = {
        "by": order.by,
        "reason": order.basis,
        "key": order.key,
        "field": order.field_name,
    }
    if not (done.lines or (is_rest and order.is_said_to_go_on())):
        record(REDACTED, **said, is_rest=True)
        return done
    emptying.write()
    header = order.header(done, is_rest)
    done.edition = announce(
        cause=Edition.Cause.REDACTION, subject=order.key, root=tree_root([]), header=header
    )
    owners = set(done.reach.owners) - (owners_told(order.name, begun) if begun is not None else set())
    remember(done.values, sorted(owners), redacted_as=order.name, edition=done.edition)
    record(REDACTED, **said, edition=done.edition.number, is_begun=not is_rest)
    return done


@dataclass(frozen=True)
class _Order:
    """What somebody wants redacted, and why."""

    model: type[Line]
    key: str
    field_name: str
    basis: str
    by: Any

    @property
    def name(self) -> str:
        return f"{self.key} {self.field_name}"

    def begun(self) -> int | None:
        """The edition that began it, while it is under way."""
        return under_way().get((self.key, self.field_name))

    def meant(self, begun: int | None) -> Reach:
        """What is to go: what the lines say, or of a redaction that was begun what is left of its own values. What a line
        says since then is another matter."""
        reach = Reach.of(self.model, self.key, self.field_name)
        if begun is not None:
            refuse_incomparable(self.name, begun)
            reach = reach.reaching(owners_told(self.name, begun))
        elif reach.values:
            return reach
        return replace(reach, values=still_said(reach, told_before(self.name, begun or 0)))

    def renewed(self, reach: Reach, is_rest: bool) -> Reach:
        """As the lines stand now; values that were found elsewhere stay meant. Of a rest only those, of all its owners."""
        now = Reach.of(self.model, self.key, self.field_name)
        if is_rest:
            return replace(now.reaching(reach.owners), values=reach.values)
        return replace(now, values=list(dict.fromkeys([*now.values, *reach.values])))

    def is_said_to_go_on(self) -> bool:
        """Whether its newest edition says that others follow."""
        steps = Edition.objects.filter(cause=Edition.Cause.REDACTION, subject=self.key, header__has_key=STEP)
        said = steps.order_by("-number").values_list(f"header__{STEP}", flat=True)
        return next((step["goes_on"] for step in said if step["field"] == self.field_name), False)

    def header(self, done: Redaction, is_rest: bool) -> dict[str, Any]:
        header: dict[str, Any] = {"redacted": sorted(set(done.lines)), "basis": clean(self.basis)}
        if done.is_cut or is_rest:
            header[STEP] = {"field": self.field_name, "goes_on": done.is_cut}
        return header


def _refuse_nothing(reach: Reach, key: str, field_name: str) -> None:
    if not reach.values:
        raise NotAllowed("redaction.nothing", f"「{key}」的 {field_name} 没有内容，或早已隐去。")


def redact_files(key: str, field_name: str, *, basis: str) -> int:
    """Erase the files that hold the value. Before `redact`: a command that was killed in between is run again."""
    order = _Order(_model_of(key, field_name), key, field_name, basis, None)
    _refuse_without_basis(basis)
    return _redact_files(order.meant(order.begun()))


def _redact_files(reach: Reach) -> int:
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
    is_known = model is not None and model.objects.filter(key=key).exists()
    # Of one that was begun the line may be gone: it was frozen only, and its batch was sent back.
    if model is None or not (is_known or (key, field_name) in under_way()):
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
