"""Stored files in a bucket of a real server that speaks S3: everything that files promise holds there, too."""

import hashlib
import json
import logging
import urllib.error
import urllib.request

import pytest
import xlsxwriter
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from moto.server import ThreadedMotoServer

from catalog.imports import jobs
from catalog.imports.importing import ImportRequest, create_run
from catalog.imports.models import ImportRun
from catalog.publication.publishing.verify import all_faults, by_itself
from portal import checks, environment
from portal.core.busy import FilesAway
from portal.core.editions.models import Installation
from portal.core.files import verify
from portal.core.files.bucket import Bucket
from portal.core.files.depot import depot
from portal.core.files.intake.attachments import PDF
from portal.core.files.models import StoredFile
from portal.core.files.private import serve_private
from portal.core.files.removing import remove_erased
from portal.core.files.shown import Attachment, publish_files
from portal.core.files.store import DamagedFileError, erase, is_whole, load, store
from portal.core.files.verify import file_faults, sampled_faults
from portal.core.jobs.queue import Failure
from portal.core.workflow import NotAllowed
from portal.site.demonstration.removal import remove
from portal.site.safekeeping.backup import backup
from portal.site.safekeeping.restoring import restore
from tests.make import make_enterprise, make_product, make_user, publish_products

from .uploads import pdf

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(scope="module")
def server():
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    yield f"http://127.0.0.1:{server.get_host_and_port()[1]}"
    server.stop()


@pytest.fixture(autouse=True)
def bucket(server, settings, monkeypatch, tmp_path):
    """An empty bucket that keeps versions, as careful operators set theirs up."""
    urllib.request.urlopen(urllib.request.Request(f"{server}/moto-api/reset", method="POST"))  # noqa: S310
    settings.FILES_ROOT = tmp_path / "nothing-comes-here"
    address = server.replace("://", "://key:s%2Fecret@")
    monkeypatch.setenv("FILES_BUCKET", f"{address}/portal/files?region=cn-x")
    settings.FILES_BUCKET = environment.bucket("FILES_BUCKET")
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "portal.core.files.bucket.BucketStorage",
            "OPTIONS": settings.FILES_BUCKET,
        }
    }
    bucket = Bucket().storage.bucket
    bucket.create(CreateBucketConfiguration={"LocationConstraint": "cn-x"})
    bucket.Versioning().enable()
    yield bucket
    assert not settings.FILES_ROOT.exists()


def put(bucket, file: StoredFile, content: bytes) -> None:
    bucket.Object(f"files/{file.root}/{file.sha256[:2]}/{file.sha256[2:]}").put(Body=content)


def kept(content: bytes = b"licence", **changes) -> StoredFile:
    return store(content, **({"name": "执照.pdf", "media_type": PDF} | changes))


def without_a_key(server: str, place: str) -> int:
    address = place.replace("s3://", f"{server}/")
    try:
        with urllib.request.urlopen(address) as answer:  # noqa: S310
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def test_what_was_stored_is_there_once_and_whole(bucket):
    file = kept()
    kept(name="又一次.pdf")
    assert load(file) == b"licence"
    assert [found.key for found in bucket.object_versions.all()] == [
        f"files/private/{file.sha256[:2]}/{file.sha256[2:]}"
    ]


def test_what_is_damaged_or_missing_is_given_to_nobody_and_mended_by_the_same_content(client, bucket, rf):
    shown = Attachment.taken_in(pdf(), title="附件", transcript="", by=None)
    publish_files([shown])
    assert hashlib.sha256(b"".join(client.get(shown.href))).hexdigest() == shown.sha256
    public = StoredFile.objects.get(root="public")
    put(bucket, public, b"damaged")
    response = client.get(shown.href)
    assert response.status_code == 503
    assert "文件已损坏" in response.content.decode()
    assert [fault.kind for fault in file_faults()] == ["damaged"]
    publish_files([shown])
    assert client.get(shown.href).status_code == 200
    private = kept()
    put(bucket, private, b"damaged")
    with pytest.raises(DamagedFileError):
        load(private)
    seen = serve_private(
        rf.get("/"),
        private,
        name="执照",
        by=make_user("reviewer"),
        step="document.viewed",
        target=make_enterprise(),
    )
    assert seen.status_code == 404


def test_no_reader_and_no_stranger_gets_a_private_paper_or_the_address_of_the_bucket(client, server):
    shown = Attachment.taken_in(pdf(), title="附件", transcript="", by=None)
    assert client.get(shown.href).status_code == 404
    assert without_a_key(server, depot().place("private", shown.sha256)) == 403
    publish_files([shown])
    response = client.get(shown.href)
    assert response.status_code == 200
    assert server not in str(response.headers)
    assert without_a_key(server, depot().place("public", shown.sha256)) == 403


def test_a_bucket_that_gives_private_papers_to_everybody_is_told_each_night_and_does_not_serve(bucket):
    file = kept()
    assert list(sampled_faults(1)) == checks.bucket_is_closed(None) == []
    rule = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": "*",
    }
    bucket.Policy().put(Policy=json.dumps({"Version": "2012-10-17", "Statement": [rule]}))
    assert [(fault.kind, fault.sha256) for fault in sampled_faults(1)] == [("exposed", file.sha256)]
    assert [fault.kind for fault in file_faults()] == ["exposed"]
    assert [fault.id for fault in checks.bucket_is_closed(None)] == ["portal.E009"]


def test_an_erased_content_is_gone_with_its_former_versions(bucket, django_capture_on_commit_callbacks):
    file = kept()
    put(bucket, file, b"overwritten once")
    with django_capture_on_commit_callbacks(execute=True):
        erase(file)
    assert list(bucket.object_versions.all()) == []
    assert list(file_faults()) == []
    put(bucket, file, b"licence")
    bucket.Object(f"files/private/{file.sha256[:2]}/{file.sha256[2:]}").delete()  # its former version stays
    assert [fault.kind for fault in file_faults()] == ["not_erased"]


def test_the_verification_reads_every_file_and_tells_what_nothing_names(bucket, monkeypatch):
    file = kept()
    bucket.Object("files/private/ab/" + "cd" * 31).put(Body=b"stray")
    bucket.Object("files/private/notes.txt").put(Body=b"none of ours")
    assert list(file_faults()) == []  # young: its row may be on its way
    monkeypatch.setattr(verify, "YOUNG_SECONDS", -60)
    assert [(fault.kind, fault.sha256) for fault in file_faults()] == [("orphaned", "ab" + "cd" * 31)]
    bucket.object_versions.filter(Prefix="files/private/" + file.sha256[:2]).delete()
    assert [fault.kind for fault in sampled_faults(1)] == ["missing"]


@pytest.mark.django_db(transaction=True)
def test_a_backup_of_a_bucket_comes_back_into_another_and_into_a_folder(bucket, tmp_path, settings):
    publish_products(make_product())
    file = kept(b"scan")
    assert len(backup(tmp_path / "backup").files) == 1
    bucket.object_versions.delete()
    lost = tmp_path / "lost"
    backup(lost)
    assert restore(lost, replacing=True).lost == (depot().place("private", file.sha256),)
    put(bucket, file, b"damaged")
    assert restore(tmp_path / "backup", replacing=True).mended == 1
    assert is_whole(file.sha256, "private")
    assert list(all_faults()) == list(file_faults()) == []
    settings.FILES_BUCKET, settings.FILES_ROOT = None, tmp_path / "files"
    assert restore(tmp_path / "backup", replacing=True).mended == 1
    assert list(file_faults()) == []
    settings.FILES_ROOT = tmp_path / "nothing-comes-here"


def test_a_server_that_is_away_is_told_and_no_file_is_called_damaged(client, settings, rf, tmp_path):
    shown = Attachment.taken_in(pdf(), title="附件", transcript="", by=None)
    publish_files([shown])
    file = kept()
    gone = settings.FILES_BUCKET | {"endpoint_url": "http://127.0.0.1:9"}
    settings.STORAGES = settings.STORAGES | {"default": settings.STORAGES["default"] | {"OPTIONS": gone}}
    response = client.get(shown.href)
    assert response.status_code == 503
    assert "存放文件的地方没有应答" in response.content.decode()
    assert response["Retry-After"] == "30"
    for act in (
        lambda: load(file),
        lambda: kept(b"new"),
        lambda: list(file_faults()),
        lambda: list(sampled_faults(1)),
    ):
        with pytest.raises(FilesAway):
            act()
    with pytest.raises(NotAllowed) as refused:
        backup(tmp_path / "backup")
    assert refused.value.rule == "backup.disk"
    assert "127.0.0.1:9" in refused.value.sentence


def test_what_is_erased_while_the_server_is_away_goes_when_it_is_back(
    bucket, settings, django_capture_on_commit_callbacks
):
    here, told = settings.STORAGES, []
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    file, left = kept(), kept(b"left for long")
    gone = settings.FILES_BUCKET | {"endpoint_url": "http://127.0.0.1:9"}
    settings.STORAGES = here | {"default": here["default"] | {"OPTIONS": gone}}
    with django_capture_on_commit_callbacks(execute=True):
        erase(file)
        transaction.on_commit(lambda: told.append("what waits for the same end"))
    assert told
    (ordered,) = DBTaskResult.objects.all()
    with pytest.raises(FilesAway) as fault:
        ordered.task.func(*ordered.args_kwargs["args"])
    assert Failure.of(fault.value).words == "存放文件的地方没有响应"
    StoredFile.objects.filter(pk=left.pk).update(erased_at=timezone.now())
    settings.STORAGES = here
    ordered.task.func(*ordered.args_kwargs["args"])
    assert [fault.sha256 for fault in file_faults()] == [left.sha256]
    assert by_itself().is_good, "the nightly look takes away what no job could"
    assert list(bucket.object_versions.all()) == []


def test_what_was_stored_again_before_its_bytes_went_stays(bucket):
    file = kept()
    StoredFile.objects.update(erased_at=timezone.now())
    kept()
    remove_erased.func(file.root, file.sha256)
    assert list(file_faults()) == []


def test_another_bucket_than_the_one_that_is_there_is_no_missing_file(settings):
    file = kept()
    wrong = settings.STORAGES["default"]["OPTIONS"] | {"bucket_name": "elsewhere"}
    settings.STORAGES = settings.STORAGES | {"default": settings.STORAGES["default"] | {"OPTIONS": wrong}}
    with pytest.raises(FilesAway, match="NoSuchBucket"):
        load(file)


def test_an_import_is_read_from_the_bucket(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "名录.xlsx") as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["企业名称", "统一社会信用代码", "省份"])
        sheet.write_row(1, 0, ["示例甲建材有限公司", "91350100000000000X", "福建省"])
    file = kept((tmp_path / "名录.xlsx").read_bytes(), name="名录.xlsx")
    run = create_run(ImportRequest("enterprises", "national", make_user("editor")), file)
    jobs.check_run.func(run.pk)
    run.refresh_from_db()
    assert run.state == ImportRun.State.CHECKED
    assert run.report["rows"] == 1


@pytest.mark.django_db(transaction=True)
def test_a_demonstration_that_is_removed_leaves_nothing_in_the_bucket(bucket):
    assert Installation.decide(Installation.Kind.DEMONSTRATION)
    kept()
    assert remove()
    assert list(bucket.object_versions.all()) == []
