"""The way back from a backup: everything is checked, brought up to date and proved beside what is here, then put in its place.

Until the last step what is here stays as it was, but for stored files that were missing or damaged; the last step is one
transaction. Whatever ends the command in between leaves the old or the new whole, and running it again ends it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from catalog.publication.publishing.verify import all_faults
from portal.core.editions.models import Edition
from portal.core.files.depot import depot
from portal.core.files.models import StoredFile
from portal.core.files.store import is_whole
from portal.core.pages import cache
from portal.core.workflow import NotAllowed

from . import database, manifest
from .manifest import DATABASES, Entry, Manifest

FIRST = ("editions", "0001_initial")  # a database without it is not one of the portal
OWN = ("portal.", "catalog.", "events.")


@dataclass(frozen=True)
class Restored:
    """`mended` stored files were missing or damaged here; `lost` are named by the database and are nowhere."""

    manifest: Manifest
    mended: int
    lost: tuple[str, ...]


def restore(folder: Path, *, replacing: bool = False) -> Restored:
    """Bring a backup back.

    Raises NotAllowed, and changes nothing, for a folder that is no whole backup, one of the other kind of database or of a
    newer release, and where something is published here already and `replacing` was not said.
    """
    said = manifest.read(folder)
    _refuse_other_kind(said)
    if not replacing and _has_editions():
        raise NotAllowed("restore.not_empty", "本数据库已有公布的内容。确要用备份替换，请加 --replace。")
    manifest.refuse_damaged(folder, said)
    try:
        with database.alone(database.RESTORING):
            return _restored(folder, said)
    except OSError as error:
        raise NotAllowed(
            "restore.disk", f"恢复没有做完（{error}），原来的内容没有变。请排除后再运行一次。"
        ) from error


def prove(folder: Path) -> Manifest:
    """Restore a backup into a database beside the one in use, prove it there, and take it away again.

    Raises NotAllowed where `restore` would refuse it; stored files are compared with the manifest, none is written.
    """
    said = manifest.read(folder)
    _refuse_other_kind(said)
    manifest.refuse_damaged(folder, said)
    with database.alone(database.PROVING):
        try:
            _load_and_prove(folder, said, database.PROVING)
        finally:
            database.remove_beside(database.PROVING)
    return said


def _load_and_prove(folder: Path, said: Manifest, ending: str) -> tuple[str, set[tuple[str, str]]]:
    """The database beside, and the stored files that it names."""
    beside = database.load_beside(folder / said.database, ending)
    with database.pointed_at(beside):
        _refuse_foreign()
        call_command("migrate", verbosity=0, interactive=False)  # an older backup gets the newer tables
        _prove(said)
        return beside, set(StoredFile.objects.kept().values_list("root", "sha256"))


def _restored(folder: Path, said: Manifest) -> Restored:
    try:
        beside, wanted = _load_and_prove(folder, said, database.RESTORING)
        mended = sum(_mended(folder, entry) for entry in said.files)
        database.swap(beside)
    finally:
        database.remove_beside()
    cache.clear()
    return Restored(said, mended, tuple(_lost(wanted)))


def _refuse_other_kind(said: Manifest) -> None:
    if said.database != database.file_name():
        kind, here = DATABASES[said.database], DATABASES[database.file_name()]
        raise NotAllowed(
            "restore.database",
            f"这是 {kind} 的备份，本处的数据库是 {here}，两种之间不能恢复。请把 DATABASE_URL 指向 {kind} 再来。",
        )


def _has_editions() -> bool:
    """A new machine has no tables yet."""
    return Edition._meta.db_table in connection.introspection.table_names() and Edition.objects.exists()


def _refuse_foreign() -> None:
    applied = set(MigrationRecorder(connection).applied_migrations())
    if FIRST not in applied:
        raise NotAllowed("restore.foreign", "备份里的数据库不是本门户的，请换一份备份。")
    loader = MigrationLoader(None, ignore_no_migrations=True)
    own = {migration.app_label for migration in loader.disk_migrations.values() if _is_own(migration)}
    newer = sorted(f"{app}.{name}" for app, name in applied - set(loader.disk_migrations) if app in own)
    if newer:
        raise NotAllowed(
            "restore.newer",
            f"备份来自更新的程序（{'、'.join(newer[:3])}），这里的程序读不了。请先升级程序，再恢复。",
        )


def _is_own(migration: object) -> bool:
    return type(migration).__module__.startswith(OWN)


def _prove(said: Manifest) -> None:
    kept = Edition.objects.filter(pk=said.edition).values_list("head", flat=True).first() or ""
    faults = list(islice(all_faults(), 5))
    if kept != said.head or faults:
        named = "；".join(str(fault) for fault in faults) or "链头不同"
        raise NotAllowed("restore.chain", f"备份的内容与它的清单不符：{named}。这里没有改动，请换一份备份。")


def _mended(folder: Path, entry: Entry) -> bool:
    """Put a stored file in its place unless it is there and sound; what is newer than the backup is not touched."""
    root, sha256 = entry.stored_as or ("", "")
    if is_whole(sha256, root):
        return False
    depot().write(root, sha256, (folder / entry.path).read_bytes())
    if not is_whole(sha256, root):
        raise OSError(f"{depot().place(root, sha256)} 写入后与校验值不符")
    return True


def _lost(wanted: Iterable[tuple[str, str]]) -> list[str]:
    return [depot().place(root, sha256) for root, sha256 in sorted(wanted) if not is_whole(sha256, root)]
