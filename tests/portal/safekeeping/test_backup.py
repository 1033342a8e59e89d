"""A backup comes back whole, and nothing else is taken for one."""

import json

import pytest
from django.core.management import call_command

from catalog.publication.models import ProductLine
from portal.editions.models import Edition
from portal.files.models import StoredFile
from portal.files.store import load, store
from portal.safekeeping.backup import MANIFEST, backup, restore
from portal.workflow import NotAllowed
from tests.make import make_product, publish_products

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def saved(tmp_path, settings):
    settings.FILES_ROOT = tmp_path / "files"
    publish_products(make_product(name="备份里的产品"))
    store(b"scan", name="a.pdf", media_type="application/pdf")
    folder = tmp_path / "backup"
    backup(folder)
    return folder


def test_what_was_lost_after_the_backup_comes_back(saved, settings, tmp_path):
    call_command("flush", interactive=False, verbosity=0)
    settings.FILES_ROOT = tmp_path / "elsewhere"
    assert restore(saved).edition == 1
    assert ProductLine.objects.public(1).get().name == "备份里的产品"
    assert load(StoredFile.objects.get()) == b"scan"


def test_what_was_published_since_is_replaced_only_when_told(saved):
    publish_products(make_product(name="备份以后的产品"))
    with pytest.raises(NotAllowed) as refused:
        restore(saved)
    assert refused.value.rule == "restore.not_empty"
    assert Edition.objects.count() == 2
    restore(saved, replacing=True)
    assert [line.name for line in ProductLine.objects.all()] == ["备份里的产品"]


def test_a_used_folder_is_not_written_into(saved):
    with pytest.raises(NotAllowed) as refused:
        backup(saved)
    assert refused.value.rule == "backup.folder"


@pytest.mark.parametrize("damage", ["no manifest", "torn manifest", "other bytes", "no database"])
def test_a_damaged_backup_is_refused_before_anything_changes(saved, damage):
    manifest = saved / MANIFEST
    copy = saved / json.loads(manifest.read_text())["database"]
    if damage == "no manifest":
        manifest.unlink()
    elif damage == "torn manifest":
        manifest.write_text(manifest.read_text()[:20])
    elif damage == "other bytes":
        copy.write_bytes(copy.read_bytes()[:-1] + b"x")
    else:
        copy.unlink()
    with pytest.raises(NotAllowed):
        restore(saved, replacing=True)
    assert ProductLine.objects.count() == 1


def test_a_backup_that_was_falsified_is_found_by_the_chain(saved):
    manifest = json.loads((saved / MANIFEST).read_text())
    (saved / MANIFEST).write_text(json.dumps(manifest | {"head": "0" * 64}))
    with pytest.raises(NotAllowed) as refused:
        restore(saved, replacing=True)
    assert refused.value.rule == "restore.chain"
