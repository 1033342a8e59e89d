"""What the site signs: one log, with a key that no backup has, and never another one."""

import base64
import json
import os
import stat
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from catalog.publication.models import EnterpriseLine
from catalog.publication.publishing.rehearsing import as_published
from portal.core.checkpoints import keys, signing
from portal.core.checkpoints.keys import CannotSign
from portal.core.checkpoints.models import LogKey
from portal.core.checkpoints.notes import Checkpoint, Note
from portal.core.checkpoints.succession import known_keys, note_current
from portal.core.editions import protection
from portal.core.editions.digest import tree_root
from portal.core.editions.models import Edition
from portal.core.files.once import made_once
from portal.site.safekeeping.backup import backup
from tests.make import enter, make_batch, make_product, make_user, publish, publish_products

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_key(settings, tmp_path):
    settings.LOG_KEY_FILE = tmp_path / "log_key.pem"
    settings.LOG_SIGNED_FILE = tmp_path / "log_signed"


def said() -> Checkpoint:
    note = Note.read(signing.checkpoint().encode())
    assert note.signed_by(keys.current())
    return Checkpoint.read(note.text)


def rewrite(number: int) -> None:
    protection.remove()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE editions_edition SET head = %s WHERE number = %s", ["ab" * 32, number])


def test_an_empty_log_is_signed_as_well(settings):
    assert said() == Checkpoint(settings.LOG_ORIGIN, 0, bytes.fromhex(tree_root([])))


def test_every_edition_is_a_leaf(settings):
    for _ in range(3):
        publish_products()
        heads = Edition.objects.order_by("number").values_list("head", flat=True)
        assert said() == Checkpoint(settings.LOG_ORIGIN, len(heads), bytes.fromhex(tree_root(heads)))


def test_publication_asks_nothing_for_the_tree(django_assert_num_queries):
    publish_products()
    said()
    with django_assert_num_queries(1):
        said()
    for _ in range(4):
        publish_products()
    with django_assert_num_queries(3):  # the newest, whether what is known still stands, what came since
        said()


def test_the_key_is_a_file_of_its_owner_alone_and_no_backup_takes_it(settings, tmp_path):
    publish_products()
    said()
    file = Path(settings.LOG_KEY_FILE)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    folder = tmp_path / "backup"
    backup(folder)
    secret = file.read_bytes().splitlines()[1]
    assert [path for path in folder.rglob("*") if path.is_file() and secret in path.read_bytes()] == []


def test_a_key_is_on_the_disk_before_it_has_its_name(tmp_path, monkeypatch):
    """Where the power fails it is whole or not there: half a key would never sign again."""
    done = []
    for name in ("fsync", "link"):
        act = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *of, name=name, act=act: done.append(name) or act(*of))
    made_once(tmp_path / "key", keys.new_private_key)
    assert done == ["fsync", "link", "fsync"]


def test_a_log_that_was_rewritten_is_never_signed(settings, client):
    for _ in range(3):
        publish_products()
    before = signing.checkpoint()
    rewrite(1)
    signing._grown.__init__()
    publish_products()
    with pytest.raises(CannotSign, match="前3版与本站签过名的不同"):
        signing.checkpoint()
    assert Path(settings.LOG_SIGNED_FILE).read_text() == before
    answer = client.get("/log/checkpoint")
    assert (answer.status_code, "有一版被改写过" in answer.content.decode()) == (503, True)
    assert "日志现在没有签名" in client.get("/log/").content.decode()
    assert not signing.look_after().is_good
    assert "log not signed: 数据库里前3版与本站签过名的不同" in client.get("/readyz").content.decode()


def test_a_database_that_lost_editions_goes_on_saying_what_was_signed_and_says_so_aloud(settings, client):
    publish_products()
    publish_products()
    before = signing.checkpoint()
    forgotten = Edition.objects.current_number()
    Path(settings.LOG_SIGNED_FILE).write_text(before.replace(f"\n{forgotten}\n", f"\n{forgotten + 7}\n"))
    signing._signed.clear()
    assert Checkpoint.read(Note.read(signing.checkpoint().encode()).text).size == forgotten + 7
    told = f"已签名到第{forgotten + 7}版，数据库里只有{forgotten}版。"
    assert signing.trouble() == told
    assert f"log not signed: {told}" in client.get("/readyz").content.decode()
    client.force_login(make_user("administrator"))
    desk = client.get("/admin/").content.decode()
    assert ("公开日志与签过名的不符" in desk, told in desk) == (True, True)


def test_whoever_only_asks_whether_it_fits_makes_neither_key_nor_signature(settings, client):
    publish_products()
    assert client.get("/readyz").content == b"ok\n"
    assert not Path(settings.LOG_KEY_FILE).exists()
    assert not Path(settings.LOG_SIGNED_FILE).exists()


def test_another_name_and_a_file_that_cannot_be_read_stop_the_signing(settings):
    publish_products()
    said()
    settings.LOG_ORIGIN = "other.example/log"
    with pytest.raises(CannotSign, match="LOG_ORIGIN"):
        signing.checkpoint()
    Path(settings.LOG_SIGNED_FILE).write_text("nonsense")
    with pytest.raises(CannotSign, match="读不懂"):
        signing.checkpoint()


def test_a_program_signs_instead_of_the_file_and_a_false_signature_is_not_given_out(
    settings, tmp_path, client
):
    publish_products()
    program = tmp_path / "sign.py"
    program.write_text(
        "import sys\nfrom cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey as Key\n"
        "key = Key.from_private_bytes(b'\\x05' * 32)\n"
        "sys.stdout.buffer.write(key.sign(sys.stdin.buffer.read()))\n"
    )
    public = keys.Ed25519PrivateKey.from_private_bytes(b"\x05" * 32).public_key().public_bytes_raw()
    settings.LOG_SIGN_COMMAND, settings.LOG_PUBLIC_KEY = f"{sys.executable} {program}", public
    assert said().size == Edition.objects.current_number()
    assert not Path(settings.LOG_KEY_FILE).exists()
    publish_products()
    settings.LOG_PUBLIC_KEY = bytes(32)
    with pytest.raises(CannotSign, match="不符"):
        signing.checkpoint()
    settings.LOG_SIGN_COMMAND = "false --pin 987654"
    with pytest.raises(CannotSign, match="没有签成"):
        signing.checkpoint()
    assert [
        address
        for address in ("/log/", "/log/checkpoint")
        if "987654" in client.get(address).content.decode()
    ] == []


@pytest.mark.parametrize("setting", ["LOG_KEY_FILE", "LOG_SIGNED_FILE"])
def test_a_folder_that_cannot_be_written_is_a_sentence_and_no_fault(settings, tmp_path, client, setting):
    publish_products()
    note_current()
    (tmp_path / "file").touch()
    setattr(settings, setting, tmp_path / "file" / "log")
    answers = {
        address: client.get(address) for address in ("/log/", "/log/checkpoint", "/log/keys.jsonl", "/")
    }
    assert [answer.status_code for answer in answers.values()] == [200, 503, 200, 200]
    assert "日志现在没有签名" in answers["/log/"].content.decode()
    assert len(answers["/log/keys.jsonl"].content.splitlines()) == 1
    assert not signing.look_after().is_good
    key = EnterpriseLine.objects.first().key
    assert "log" not in client.get(f"/proof/{key}").json()


def test_a_key_is_replaced_and_the_old_one_signs_its_successor(settings, client, capsys):
    publish_products()
    call_command("log_key", note=True)
    old = keys.current()
    said()
    call_command("log_key", replace="机器更换")
    new = keys.current()
    assert new.public != old.public
    assert said().size == 1
    rows = known_keys()
    assert [(row.key, row.size, row.reason) for row in rows] == [(str(old), 0, ""), (str(new), 1, "机器更换")]
    endorsement = Note.read(rows[1].endorsement.encode())
    assert endorsement.signed_by(old)
    assert base64.b64encode(b"\x01" + new.public).decode() in endorsement.text
    listed = [json.loads(line) for line in client.get("/log/keys.jsonl").content.splitlines()]
    assert [row["fingerprint"] for row in listed] == [old.fingerprint, new.fingerprint]
    page = client.get("/log/").content.decode()
    assert "机器更换，由原钥匙签署" in page
    assert not note_current()
    assert LogKey.objects.count() == 2


def test_the_key_of_a_program_is_not_replaced_here(settings):
    settings.LOG_SIGN_COMMAND = "true"
    with pytest.raises(CommandError, match="LOG_PUBLIC_KEY"):
        call_command("log_key", replace="试试")


def test_what_is_only_rehearsed_is_never_signed(settings):
    publish_products()
    draft = enter(make_batch(kind="adjustment"), make_product())
    with as_published(draft):
        assert Edition.objects.current_number() == 2
        with pytest.raises(CannotSign, match="预演"):
            signing.checkpoint()
    assert not settings.LOG_SIGNED_FILE.exists()
    publish(draft)
    assert said().size == 2
