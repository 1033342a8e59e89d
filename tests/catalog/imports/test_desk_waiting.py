"""The import desk while no worker, a broken worker or no database is there."""

import datetime

import pytest
from django.db import OperationalError
from django.utils import timezone

from catalog.imports import jobs
from catalog.imports.models import ImportRun
from portal.core.jobs import queue
from tests.make import make_enterprise

from .conftest import HEADINGS, product_row
from .desk import at, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def jobs_are_kept(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    settings.JOB_PAUSE_SECONDS = (0, 0)


def test_a_run_that_waits_says_when_no_worker_is_there(jobs_are_kept, upload, signed_in):
    run = upload([HEADINGS, product_row(make_enterprise())])
    page = text_of(signed_in.get(at("change", run.pk)))
    assert "等待检查" in page
    assert "后台任务没有运行" in page
    ImportRun.objects.update(updated_at=timezone.now() - datetime.timedelta(hours=1))
    assert "任务可能中断了" not in text_of(signed_in.get(at("change", run.pk)))  # its job still waits


def test_a_check_that_was_broken_off_is_taken_up_where_it_lies(jobs_are_kept, upload, signed_in):
    run = upload([HEADINGS, product_row(make_enterprise())])
    row = queue.claim("w")
    ImportRun.objects.update(state=ImportRun.State.CHECKING, progress=4000)
    queue.fail(row.pk, "w", queue.LOST)
    assert "第 1 次处理没有完成" in text_of(signed_in.get(at("change", run.pk)))
    row = queue.claim("w")
    row.task.call(*row.args_kwargs["args"])
    run.refresh_from_db()
    assert run.state == ImportRun.State.CHECKED


@pytest.mark.parametrize("state", ["uploaded", "checking", "saving"])
def test_a_run_on_which_the_worker_breaks_each_time_says_so_and_can_be_checked_again(
    jobs_are_kept, upload, signed_in, state
):
    run = upload([HEADINGS, product_row(make_enterprise())])
    ImportRun.objects.update(state=state)
    for _ in range(3):
        queue.fail(queue.claim("w").pk, "w", queue.crashed(-9))
    page = text_of(signed_in.get(at("change", run.pk)))
    assert "没有完成：任务异常退出（信号 9），已试 3 次" in page
    assert 'http-equiv="refresh"' not in page
    assert "重新检查" in page
    signed_in.post(at("recheck", run.pk))
    run.refresh_from_db()
    assert run.state == ImportRun.State.UPLOADED


def test_a_database_that_is_away_leaves_the_run_waiting(jobs_are_kept, upload, monkeypatch):
    run = upload([HEADINGS, product_row(make_enterprise())])
    row = queue.claim("w")
    monkeypatch.setattr(jobs, "conclude", raiser(OperationalError("gone")))
    with pytest.raises(OperationalError):
        row.task.call(*row.args_kwargs["args"])
    run.refresh_from_db()
    assert run.state == ImportRun.State.CHECKING


def raiser(fault):
    def fail(*args, **keywords):
        raise fault

    return fail
