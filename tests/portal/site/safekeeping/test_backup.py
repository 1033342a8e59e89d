"""A backup comes back whole, mends what is damaged, and nothing else is taken for one."""

import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection

from catalog.publication.models import ProductLine
from catalog.publication.publishing.verify import all_faults
from events.notices.models import NoticeVersion
from portal.core.editions.models import Edition
from portal.core.files.folder import path_of
from portal.core.files.models import StoredFile
from portal.core.files.store import load, store
from portal.core.files.verify import file_faults
from portal.core.workflow import NotAllowed
from portal.site.safekeeping import database, manifest
from portal.site.safekeeping.backup import backup
from portal.site.safekeeping.restoring import prove, restore
from portal.site.sheets.models import Sheet
from tests.events.notices.make import put
from tests.make import make_product, publish_products

pytestmark = pytest.mark.django_db(transaction=True)
ELSEWHERE = "files/private/ab/" + "cd" * 31


@pytest.fixture
def saved(tmp_path, settings):
    settings.FILES_ROOT = tmp_path / "files"
    publish_products(make_product(name="备份里的产品"))
    store(b"scan", name="a.pdf", media_type="application/pdf")
    folder = tmp_path / "backup"
    backup(folder)
    return folder


def stored_copy(folder: Path) -> Path:
    return next(path for path in (folder / "files").rglob("*") if path.is_file())


def rewritten(folder: Path, **changes) -> None:
    """A manifest that says something else, with a guard that fits."""
    said = json.loads((folder / manifest.NAME).read_text())
    said.pop("sha256")
    said |= changes
    (folder / manifest.NAME).write_text(json.dumps(said | {"sha256": manifest._guard(said)}))


def refusal(folder: Path, *, replacing: bool = True) -> NotAllowed:
    """Why a backup was refused; nothing at all was changed."""
    files = {path: path.read_bytes() for path in _all_files()}
    heads = list(Edition.objects.values_list("head", flat=True))
    with pytest.raises(NotAllowed) as refused:
        restore(folder, replacing=replacing)
    assert list(Edition.objects.values_list("head", flat=True)) == heads
    assert {path: path.read_bytes() for path in _all_files()} == files
    return refused.value


def _all_files() -> list[Path]:
    return [path for path in path_of("private", "0" * 64).parents[2].rglob("*") if path.is_file()]


def databases_beside() -> list[str]:
    """What lies beside the database in use: copies that a restore made."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return [path.name for path in Path(name).parent.glob(f"{Path(name).name}_*")]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE datname IN (%s, %s, %s)",
            [name + database.RESTORING, name + database.PROVING, name + database.REPLACED],
        )
        return [row[0] for row in cursor.fetchall()]


def test_what_was_lost_after_the_backup_comes_back(saved, settings, tmp_path):
    call_command("flush", interactive=False, verbosity=0)
    settings.FILES_ROOT = tmp_path / "elsewhere"
    assert restore(saved).manifest.edition == 1
    assert ProductLine.objects.public(1).get().name == "备份里的产品"
    assert load(StoredFile.objects.get()) == b"scan"
    assert list(all_faults()) == list(file_faults()) == []


def test_what_was_published_since_is_replaced_only_when_told(saved):
    publish_products(make_product(name="备份以后的产品"))
    assert refusal(saved, replacing=False).rule == "restore.not_empty"
    assert Edition.objects.count() == 2
    restore(saved, replacing=True)
    assert [line.name for line in ProductLine.objects.all()] == ["备份里的产品"]


def test_a_damaged_stored_file_is_mended_and_a_newer_one_is_kept(saved):
    newer = store(b"newer", name="b.pdf", media_type="application/pdf")
    file = StoredFile.objects.get(name="a.pdf")
    path_of(file.root, file.sha256).write_bytes(b"scam")  # as long as it was
    done = restore(saved, replacing=True)
    assert (done.mended, done.lost) == (1, ())
    assert load(file) == b"scan"
    assert path_of(newer.root, newer.sha256).read_bytes() == b"newer"


def test_a_link_in_the_place_of_a_stored_file_is_replaced(saved, tmp_path):
    file = StoredFile.objects.get()
    place = path_of(file.root, file.sha256)
    outside = tmp_path / "outside"
    outside.write_bytes(b"scan")
    place.unlink()
    place.symlink_to(outside)
    assert restore(saved, replacing=True).mended == 1
    assert not place.is_symlink()


def test_a_damaged_stored_file_is_named_by_the_backup_and_never_mends_anything(saved, tmp_path, capsys):
    file = StoredFile.objects.get()
    path_of(file.root, file.sha256).write_bytes(b"scam")
    with pytest.raises(SystemExit) as stopped:
        call_command("backup", str(tmp_path / "second"))
    assert stopped.value.code == 2
    assert file.sha256[2:] in capsys.readouterr().out
    path_of(file.root, file.sha256).unlink()
    assert restore(tmp_path / "second", replacing=True).lost == (str(path_of(file.root, file.sha256)),)
    assert restore(saved, replacing=True).lost == ()


def test_a_used_folder_is_not_written_into(saved):
    with pytest.raises(NotAllowed) as refused:
        backup(saved)
    assert refused.value.rule == "backup.folder"


def test_the_manifest_names_everything_with_its_digest(saved):
    said = manifest.read(saved)
    there = {path.relative_to(saved).as_posix() for path in saved.rglob("*") if path.is_file()}
    assert {entry.path for entry in said.entries} == there - {manifest.NAME}
    assert all((saved / entry.path).stat().st_size == entry.size for entry in said.entries)


@pytest.mark.parametrize(
    "damage", ["no manifest", "torn manifest", "altered manifest", "empty folder", "no folder"]
)
def test_a_folder_without_a_whole_manifest_is_no_backup(saved, damage):
    text = saved / manifest.NAME
    if damage == "no manifest":
        text.unlink()
    elif damage == "torn manifest":
        text.write_text(text.read_text()[:20])
    elif damage == "altered manifest":
        text.write_text(text.read_text().replace('"edition": 1', '"edition": 2'))
    else:
        shutil.rmtree(saved)
        if damage == "empty folder":
            saved.mkdir()
    assert refusal(saved).rule == "restore.manifest"


@pytest.mark.parametrize("which", ["database", "stored file"])
@pytest.mark.parametrize("damage", ["one bit", "one byte less", "missing", "a link"])
def test_every_byte_is_checked_and_the_damaged_path_is_named(saved, which, damage, tmp_path):
    path = saved / database.file_name() if which == "database" else stored_copy(saved)
    content = path.read_bytes()
    if damage == "one bit":
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    elif damage == "one byte less":
        path.write_bytes(content[:-1])
    else:
        path.unlink()
    if damage == "a link":
        (tmp_path / "outside").write_bytes(content)
        path.symlink_to(tmp_path / "outside")
    refused = refusal(saved)
    assert refused.rule == "restore.damaged"
    assert path.relative_to(saved).as_posix() in refused.sentence


@pytest.mark.parametrize(
    "path", ["../../outside", "/etc/passwd", "files/../../outside", "files/private/ab/../x", ELSEWHERE, "", 7]
)
def test_a_manifest_that_leads_elsewhere_is_refused(saved, path):
    entries = json.loads((saved / manifest.NAME).read_text())["entries"]
    rewritten(saved, entries=[*entries, {"path": path, "size": 1, "sha256": "0" * 64}])
    assert refusal(saved).rule in {"restore.path", "restore.manifest"}


def test_a_file_that_lies_under_another_digest_is_refused(saved):
    entries = json.loads((saved / manifest.NAME).read_text())["entries"]
    entries[-1]["sha256"] = "0" * 64
    rewritten(saved, entries=entries)
    assert refusal(saved).rule == "restore.path"


def test_a_backup_that_was_falsified_is_found_by_the_chain(saved):
    rewritten(saved, head="0" * 64)
    assert refusal(saved).rule == "restore.chain"


def test_a_backup_of_the_other_kind_of_database_is_refused_by_name(saved):
    other = next(name for name in manifest.DATABASES if name != database.file_name())
    (saved / database.file_name()).rename(saved / other)
    said = json.loads((saved / manifest.NAME).read_text())
    said["entries"][0]["path"] = other
    rewritten(saved, database=other, entries=said["entries"])
    refused = refusal(saved)
    assert refused.rule == "restore.database"
    assert manifest.DATABASES[other] in refused.sentence


def test_an_older_backup_gets_the_newer_tables(saved, tmp_path):
    """A table, a column of rows that are there, and an index of a public table, which stays as it was protected."""
    put()
    shutil.rmtree(saved)
    for room, before in (("sheets", "zero"), ("files", "0002"), ("notices", "0002")):
        call_command("migrate", room, before, verbosity=0)
    try:
        backup(saved)
    finally:
        call_command("migrate", verbosity=0)
    restore(saved, replacing=True)
    assert not Sheet.objects.exists()
    assert StoredFile.objects.get().opens_on is None
    with pytest.raises(DatabaseError):
        NoticeVersion._base_manager.update(title="x")
    assert ProductLine.objects.get().name == "备份里的产品"
    assert [fault.field for fault in all_faults()] == []


def test_a_backup_of_a_newer_release_is_refused(saved):
    shutil.rmtree(saved)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('publication', '9999_later', '2030-01-01 00:00:00+00:00')"
        )
    try:
        backup(saved)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE name = '9999_later'")
    refused = refusal(saved)
    assert refused.rule == "restore.newer"
    assert "9999_later" in refused.sentence


def test_a_backup_of_before_the_manifest_named_its_files_still_comes_back(saved):
    said = manifest.read(saved)
    old = {"at": said.at, "database": said.database, "sha256": said.entries[0].sha256}
    old |= {"edition": said.edition, "head": said.head, "files": len(said.files)}
    (saved / manifest.NAME).write_text(json.dumps(old))
    file = StoredFile.objects.get()
    path_of(file.root, file.sha256).unlink()
    assert restore(saved, replacing=True).mended == 1
    stored_copy(saved).write_bytes(b"scam")
    assert refusal(saved).rule == "restore.damaged"
    stored_copy(saved).unlink()
    assert refusal(saved).rule == "restore.damaged"


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="the file of another program is a question of SQLite"
)
@pytest.mark.parametrize("content", ["another database", "no database"])
def test_a_file_that_is_no_database_of_the_portal_is_refused(saved, content):
    copy = saved / database.file_name()
    copy.unlink()
    if content == "no database":
        copy.write_bytes(b"SQLite format 3\0" + b"x" * 4096)
    else:
        with closing(sqlite3.connect(copy)) as other:
            other.execute("CREATE TABLE photos (id integer)")
            other.commit()
    entries = json.loads((saved / manifest.NAME).read_text())["entries"]
    entries[0] |= {"size": copy.stat().st_size, "sha256": manifest.sha256_of(copy)}
    rewritten(saved, entries=entries)
    assert refusal(saved).rule in {"restore.foreign", "restore.damaged"}
    assert databases_beside() == []


def test_what_an_interrupted_restore_left_beside_is_removed(saved):
    database.load_beside(saved / database.file_name())
    assert databases_beside() != []
    restore(saved, replacing=True)
    assert databases_beside() == []
    assert list(all_faults()) == []


def test_a_full_disk_is_told_and_changes_nothing(saved, monkeypatch):
    file = StoredFile.objects.get()
    path_of(file.root, file.sha256).unlink()

    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("portal.core.files.folder.write_whole", full)
    refused = refusal(saved)
    assert refused.rule == "restore.disk"
    assert os.strerror(28) in refused.sentence


def test_a_second_restore_waits_for_its_turn(saved, monkeypatch):
    """It would take away what the first has beside the database in use."""
    swap, refused = database.swap, []

    def meanwhile(beside):
        for other in (lambda: restore(saved, replacing=True), lambda: prove(saved)):
            try:
                other()
            except NotAllowed as refusal:
                refused.append(refusal.rule)
        swap(beside)

    monkeypatch.setattr(database, "swap", meanwhile)
    restore(saved, replacing=True)
    assert refused == ["restore.under_way"], "a proof has a database of its own"
    monkeypatch.undo()
    restore(saved, replacing=True)
    assert list(all_faults()) == []
    assert databases_beside() == []
