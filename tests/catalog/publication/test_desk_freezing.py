"""The page of a large draft that a job freezes: it says so, what to do, and lets nobody order it twice."""

from contextlib import contextmanager

import pytest
from django_tasks_db.models import DBTaskResult

from catalog.publication.models import Batch, ProductLine
from catalog.publication.publishing import freezing, ordering, workflow
from portal.core.jobs import queue
from portal.core.workflow import NotAllowed
from tests.make import enter, make_batch, make_product, make_user

from .desk import address, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(settings, monkeypatch, editor):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    settings.JOB_PAUSE_SECONDS = (0, 0)
    monkeypatch.setattr(ordering, "LARGE", 0)
    return enter(make_batch(by=editor), make_product(), make_product())


def press(client, batch) -> str:
    answer = client.post(address(batch, "submit"), follow=True)
    return answer.content.decode()


def work(worker="w") -> None:
    """What a worker does with the next job."""
    row = queue.claim(worker)
    assert row is not None
    row.task.call(*row.args_kwargs["args"])
    queue.succeed(row, None)


def test_the_page_says_that_it_is_being_frozen_and_takes_no_second_order(client, batch):
    page = press(client, batch)
    assert "正在冻结，已写入 0 行" in page
    assert "后台任务没有运行" in page
    assert "内容已冻结，等另一人批准" not in page
    assert address(batch, "submit") not in page
    again = client.post(address(batch, "submit"))
    assert again.status_code == 409
    assert "正在冻结，不用再按" in again.content.decode()
    assert DBTaskResult.objects.count() == 1
    work()
    batch.refresh_from_db()
    assert batch.state == Batch.State.SUBMITTED
    assert "正在冻结" not in client.get(page_of(batch)).content.decode()
    ordering.freeze_batch.call(batch.pk, batch.created_by_id)  # a second run finds nothing to do
    assert ProductLine.objects.count() == 2


def test_a_job_that_was_killed_is_taken_up_and_ends_the_freezing(client, batch, monkeypatch):
    press(client, batch)
    row = queue.claim("w")
    with monkeypatch.context() as patch:
        patch.setattr(workflow, "take", lambda *args, **more: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            row.task.call(*row.args_kwargs["args"])
    assert ProductLine.objects.count() == 2
    page = client.get(page_of(batch)).content.decode()
    assert "已写入 6 行" in page
    queue.fail(row.pk, "w", queue.LOST)
    assert "第 1 次处理没有完成" in client.get(page_of(batch)).content.decode()
    work()
    batch.refresh_from_db()
    assert (batch.state, ProductLine.objects.count()) == (Batch.State.SUBMITTED, 2)


def test_a_job_that_fails_each_time_says_what_to_do(client, batch):
    press(client, batch)
    for _ in range(3):
        queue.fail(queue.claim("w").pk, "w", queue.crashed(-9))
    page = client.get(page_of(batch)).content.decode()
    assert "冻结没有完成，草稿没有变。请再按一次「提交」" in page
    assert address(batch, "submit") in page
    assert "正在冻结" in press(client, batch)


def test_a_job_that_was_refused_leaves_a_draft_that_says_so(client, batch):
    press(client, batch)
    batch.notice_days, batch.notice_waiver = 0, ""
    batch.save()
    work()
    batch.refresh_from_db()
    assert (batch.state, ProductLine.objects.count()) == (Batch.State.DRAFT, 0)
    assert "上一次提交没有办成" in client.get(page_of(batch)).content.decode()


def test_a_batch_that_was_sent_back_says_nothing_of_its_old_freezing(client, batch):
    press(client, batch)
    work()
    workflow.send_back(Batch.objects.get(pk=batch.pk), by=make_user("reviewer"), reason="改正")
    assert "上一次提交没有办成" not in client.get(page_of(batch)).content.decode()


def test_the_job_waits_until_old_lines_are_swept(batch, monkeypatch):
    tries = []

    @contextmanager
    def taken_the_first_two_times(*_args, **_more):
        tries.append(1)
        yield len(tries) > 2

    monkeypatch.setattr(freezing, "named_lock", taken_the_first_two_times)
    with pytest.raises(NotAllowed):
        workflow.submit(batch, by=batch.created_by)
    assert workflow.submit(batch, by=batch.created_by, patience=1).state == Batch.State.SUBMITTED
