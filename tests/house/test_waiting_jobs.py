"""A job that waited while the portal was updated is still done: it is found under the new path of its function."""

import importlib

import pytest
from django.apps import apps
from django_tasks_db.models import DBTaskResult

ROOMS = ("portal.core.mail", "portal.site.inspection")


@pytest.mark.django_db
@pytest.mark.parametrize("room", ROOMS)
def test_a_waiting_job_is_found_again(room):
    moved = importlib.import_module(f"{room}.migrations.0002_waiting_jobs_by_their_new_path")
    job = DBTaskResult.objects.create(
        task_path=moved.BEFORE, args_kwargs={"args": [], "kwargs": {}}, backend_name="default"
    )
    moved.forwards(apps, None)
    job.refresh_from_db()
    assert job.task.module_path == job.task_path == moved.AFTER
    moved.backwards(apps, None)
    job.refresh_from_db()
    assert job.task_path == moved.BEFORE
