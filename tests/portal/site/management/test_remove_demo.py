"""remove_demo: it empties a demonstration, and nothing else."""

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import DatabaseError, connection

from catalog.enterprises.models import Enterprise
from catalog.publication.models import Batch, ProductLine
from catalog.regions.models import Division
from events.notices.models import Notice
from portal.core.audit.models import AuditEvent
from portal.core.editions.models import Edition, Installation
from portal.core.files.folder import path_of
from portal.core.files.store import load, store


def fill(kind: str) -> None:
    call_command("seed_facts")
    get_user_model().objects.create_user("editor")
    Enterprise.objects.create(uscc="91350500DEM000001U", name="示例青瓦防水科技有限公司")
    assert Installation.decide(kind)


@pytest.mark.django_db(transaction=True)
def test_a_demonstration_is_emptied_rows_accounts_and_files(capsys, settings, tmp_path):
    settings.FILES_ROOT = tmp_path
    fill(Installation.Kind.DEMONSTRATION)
    file = store(b"workbook", name="a.xlsx", media_type="application/octet-stream")
    call_command("remove_demo")
    for model in (Enterprise, Division, Notice, Edition, AuditEvent, get_user_model()):
        assert not model._default_manager.exists()
    assert not path_of(file.root, file.sha256).exists()
    assert Installation.current_kind() == Installation.Kind.UNDECIDED
    assert "演示数据已全部移除" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_public_rows_are_protected_again_afterwards():
    fill(Installation.Kind.DEMONSTRATION)
    call_command("remove_demo")
    call_command("seed_facts")
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("UPDATE notices_noticeversion SET title = 'x'")


@pytest.mark.django_db
def test_a_real_database_is_refused(capsys):
    fill(Installation.Kind.REAL)
    file = store(b"workbook", name="a.xlsx", media_type="application/octet-stream")
    with pytest.raises(SystemExit) as refusal:
        call_command("remove_demo")
    assert refusal.value.code == 1
    assert "refused: database.real\n" in capsys.readouterr().out
    assert Enterprise.objects.exists()
    assert load(file) == b"workbook"


@pytest.mark.django_db
def test_a_database_without_demonstration_keeps_its_drafts(capsys):
    fill(Installation.Kind.UNDECIDED)
    call_command("remove_demo")
    assert "没有改动" in capsys.readouterr().out
    assert Enterprise.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_a_whole_demonstration_nothing_is_left_that_would_keep_it_from_being_laid_again(
    settings, tmp_path
):
    settings.FILES_ROOT = tmp_path
    call_command("seed_facts")
    call_command("seed_demo")
    call_command("remove_demo")
    for model in (Enterprise, Batch, ProductLine, get_user_model()):
        assert not model._default_manager.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    assert Installation.current_kind() == Installation.Kind.UNDECIDED
