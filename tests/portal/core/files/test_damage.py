"""A stored file that was damaged is found and named, given to nobody, and mended by the same content."""

import datetime
import os
import time

import pytest
from django.apps import apps
from django.core.management import call_command

from portal.core.files import proven
from portal.core.files.folder import path_of
from portal.core.files.models import StoredFile
from portal.core.files.naming import naming_models
from portal.core.files.shown import Attachment, Picture, publish_files
from portal.core.files.store import DamagedFileError, erase, is_whole, make_public, opened, store
from portal.core.files.verify import file_faults, sampled_faults
from tests.events.notices.make import put
from tests.make import make_product, publish_products

from .uploads import pdf, photo

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.FILES_ROOT = tmp_path
    proven._proved.clear()
    return tmp_path


def published(title="附件") -> Attachment:
    attachment = Attachment.taken_in(pdf(), title=title, transcript="", by=None)
    publish_files([attachment])
    return attachment


def flip_last_byte(path, *, keeps_time: bool = False) -> None:
    was = path.stat()
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    if keeps_time:
        os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))


def test_a_damaged_public_file_is_answered_with_a_sentence_and_kept_by_nobody(client, caplog):
    shown = published()
    flip_last_byte(path_of("public", shown.sha256))
    response = client.get(shown.href)
    assert response.status_code == 503
    assert "文件已损坏" in response.content.decode()
    assert "immutable" not in response["Cache-Control"]
    assert "ETag" not in response
    assert response["Retry-After"]
    assert shown.sha256 in caplog.text


def test_what_is_damaged_after_it_was_served_once_is_not_served_again(client):
    shown = published()
    assert client.get(shown.href).status_code == 200
    flip_last_byte(path_of("public", shown.sha256))
    assert client.get(shown.href).status_code == 503


def test_a_proof_does_not_outlive_its_day(client, monkeypatch):
    shown = published()
    assert client.get(shown.href).status_code == 200
    flip_last_byte(path_of("public", shown.sha256), keeps_time=True)
    later = time.monotonic() + proven.PROVED_FOR_SECONDS + 1
    monkeypatch.setattr(proven.time, "monotonic", lambda: later)
    assert client.get(shown.href).status_code == 503


def test_a_file_is_hashed_once_and_not_at_each_request(client, monkeypatch):
    shown = published()
    first = b"".join(client.get(shown.href))
    monkeypatch.setattr(proven.hashlib, "file_digest", None)  # would fail if it were asked
    assert b"".join(client.get(shown.href)) == first


def test_what_is_remembered_has_an_end(monkeypatch):
    monkeypatch.setattr(proven, "MOST", 2)
    for number in range(4):
        opened(store(f"{number}".encode(), name="a", media_type="text/plain")).close()
    assert len(proven._proved) == 2


def test_a_lost_file_is_told_like_a_damaged_one_and_an_erased_one_otherwise(client):
    shown = published()
    path_of("public", shown.sha256).unlink()
    assert client.get(shown.href).status_code == 503
    StoredFile.objects.filter(root="public").update(erased_at=datetime.datetime.now(datetime.UTC))
    assert client.get(shown.href).status_code == 410


def test_uploading_the_same_content_anew_mends_both_copies(client):
    shown = published()
    for root in ("public", "private"):
        flip_last_byte(path_of(root, shown.sha256))
    published()
    assert is_whole(shown.sha256, "public")
    assert is_whole(shown.sha256, "private")
    assert client.get(shown.href).status_code == 200


def test_publishing_again_mends_a_public_copy_from_the_private_one():
    shown = published()
    flip_last_byte(path_of("public", shown.sha256))
    make_public(shown.sha256)
    assert is_whole(shown.sha256, "public")
    assert StoredFile.objects.filter(root="public").count() == 1


def test_a_content_that_was_erased_can_be_stored_and_published_again(
    client, django_capture_on_commit_callbacks
):
    shown = published()
    with django_capture_on_commit_callbacks(execute=True):
        for file in StoredFile.objects.all():
            erase(file)
    assert client.get(shown.href).status_code == 410
    published()
    assert client.get(shown.href).status_code == 200


def test_faults_are_named_by_their_records():
    picture = Picture.taken_in(photo(), alt="会场", caption="会场", by=None)
    attachment = Attachment.taken_in(pdf(), title="附件", transcript="", by=None)
    publish_files([picture, attachment])
    version = put(pictures=[picture.as_value()], attachments=[attachment.as_value()])
    assert list(file_faults()) == []
    flip_last_byte(path_of("public", attachment.sha256))
    path_of("public", picture.largest.sha256).unlink()
    found = {(fault.kind, fault.records) for fault in file_faults()}
    named = f"notices.noticeversion {version.pk}"
    assert found == {("damaged", (f"{named} attachments",)), ("missing", (f"{named} pictures",))}


def test_a_record_whose_file_was_never_registered_is_a_fault():
    attachment = Attachment.taken_in(pdf(), title="附件", transcript="", by=None)
    put(attachments=[attachment.as_value()])  # public, but its bytes were not opened to the public
    assert [(fault.kind, fault.root) for fault in file_faults()] == [("unregistered", "public")]


def test_erased_bytes_that_are_still_there_are_a_fault():
    file = store(b"personal", name="a", media_type="text/plain")
    StoredFile.objects.update(erased_at=datetime.datetime.now(datetime.UTC))
    assert [fault.kind for fault in file_faults()] == ["not_erased"]
    assert [fault.kind for fault in sampled_faults(1)] == ["not_erased"], "the nightly look finds it, too"
    path_of(file.root, file.sha256).unlink()
    assert list(file_faults()) == []


def test_bytes_that_nothing_names_are_told_and_lose_nobody_anything(capsys):
    stray = path_of("private", "ab" * 32)
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"stray")
    assert list(file_faults()) == []  # perhaps an upload that is not through yet
    os.utime(stray, (0, 0))
    assert [fault.kind for fault in file_faults()] == ["orphaned"]
    call_command("verify_chain", files=True)
    assert "没有记录指向它" in capsys.readouterr().out


def test_the_command_reads_files_only_when_it_is_told_and_ends_with_1(capsys):
    publish_products(make_product())
    shown = published()
    call_command("verify_chain", files=True)
    flip_last_byte(path_of("public", shown.sha256))
    call_command("verify_chain")
    with pytest.raises(SystemExit) as stopped:
        call_command("verify_chain", files=True)
    assert stopped.value.code == 1
    assert f"损坏：public/{shown.sha256[:2]}/{shown.sha256[2:]}" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        call_command("verify_chain", files_sample=10)


def test_a_sample_is_the_same_all_day_and_reads_everything_in_turn(monkeypatch):
    for number in range(7):
        file = store(f"{number}".encode(), name="a", media_type="text/plain")
        path_of(file.root, file.sha256).write_bytes(b"damaged")
    day = datetime.date(2026, 1, 1)

    def turn(after: int) -> list[str]:
        return [fault.sha256 for fault in sampled_faults(3, on=day + datetime.timedelta(days=after))]

    assert len(turn(0)) == 3
    assert turn(0) == turn(0)
    assert {*turn(0), *turn(1), *turn(2)} == set(StoredFile.objects.values_list("sha256", flat=True))
    assert list(sampled_faults(0)) == []


def test_a_damaged_private_file_is_opened_for_nobody():
    file = store(b"scan", name="a.pdf", media_type="application/pdf")
    flip_last_byte(path_of(file.root, file.sha256))
    with pytest.raises(DamagedFileError):
        opened(file)


def test_every_model_that_shows_files_says_in_which_columns():
    """Whoever reads a picture or an attachment out of a column keeps digests there."""
    import inspect

    reading = ("Picture.read(", "Attachment.read(", "Photograph.read(")
    showing = {
        model for model in apps.get_models() if any(word in inspect.getsource(model) for word in reading)
    }
    assert showing
    assert showing <= set(naming_models())
    for model in naming_models():
        assert {field.name for field in model._meta.concrete_fields} >= set(model.NAMES_FILES)
