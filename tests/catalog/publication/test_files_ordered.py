"""Every worker asks whether files are missing: the job that makes them is ordered once, and only when there is something to do."""

import pytest
from django_tasks_db.models import DBTaskResult

from catalog.publication.exporting import jobs
from tests.make import publish_products

pytestmark = pytest.mark.django_db


def test_what_is_missing_is_ordered_once(settings, tmp_path):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    settings.FILES_ROOT = str(tmp_path)
    jobs.order_missing()
    assert not DBTaskResult.objects.exists()
    publish_products()
    DBTaskResult.objects.all().delete()  # what the publication itself ordered
    for _worker in range(3):
        jobs.order_missing()
    assert [task.task_path for task in DBTaskResult.objects.all()] == [jobs.make_files.module_path]
    jobs.make_files.func()
    DBTaskResult.objects.all().delete()
    jobs.order_missing()
    assert not DBTaskResult.objects.exists()


def test_each_worker_takes_away_what_a_redaction_left_on_its_machine(settings, tmp_path):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    settings.FILES_ROOT = str(tmp_path)
    former = tmp_path / "exports" / "since-before-the-redaction" / "lists-1"
    former.mkdir(parents=True)
    (former / "products.csv").write_text("a value that was taken away", encoding="utf-8")
    jobs.order_missing()
    assert not former.parent.exists()
    assert not DBTaskResult.objects.exists()


def test_what_is_for_everybody_can_be_read_by_the_account_of_nginx(settings, tmp_path):
    """Who gets as far as the folder is its owner's word; a temporary file would be closed to all others."""
    settings.FILES_ROOT = str(tmp_path)
    publish_products()
    jobs.make_files.func()
    files = list((tmp_path / "exports").rglob("products.*"))
    assert {path.stat().st_mode & 0o777 for path in files if path.suffix != ".json"} == {0o644}
