"""The table of jobs: who may note what, whose job is taken up, and what people read meanwhile."""

import datetime

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from portal.core.jobs import queue, terms
from portal.core.jobs.models import SILENT, Worker
from portal.core.jobs.processes import own_name
from portal.core.jobs.standing import outage, progress
from tests.make import make_user
from tests.portal.core.jobs import acts

from .conftest import happened

pytestmark = pytest.mark.django_db
ELSEWHERE = "another-boot/pid:[1] 4711 99"


@pytest.fixture(autouse=True)
def _kept(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    settings.JOB_PAUSE_SECONDS = (0, 0)


def heard_of(worker_id: str, *, ago: datetime.timedelta, process: str = ELSEWHERE) -> Worker:
    at = timezone.now() - ago
    return Worker.objects.create(id=worker_id, process=process, host="h", started_at=at, beat_at=at)


def claimed(worker_id: str = "w") -> DBTaskResult:
    acts.good.enqueue("x")
    row = queue.claim(worker_id)
    assert row is not None
    return row


def now_of(row: DBTaskResult) -> tuple[str, int]:
    row.refresh_from_db()
    return row.status, len(row.worker_ids)


@pytest.mark.parametrize(
    ("process", "ago", "is_taken_up"),
    [
        (ELSEWHERE, SILENT * 2, True),
        (ELSEWHERE, SILENT / 2, False),
        (own_name(), SILENT * 2, False),  # it is busy, not gone: the process table of this machine knows
        (own_name()[:-1] + "x", SILENT / 2, True),  # the same number, another process
    ],
    ids=[
        "silent elsewhere",
        "heard of elsewhere",
        "silent here, alive",
        "here, gone",
    ],  # the same in every process
)
def test_the_job_of_a_dead_worker_alone_is_taken_up(process, ago, is_taken_up):
    row = claimed()
    heard_of("w", ago=ago, process=process)
    queue.recover()
    assert now_of(row) == ("READY" if is_taken_up else "RUNNING", 1)
    assert (queue.claim("v") is not None) == is_taken_up


def test_a_worker_that_signed_off_holds_nothing():
    row = claimed()
    worker = heard_of("w", ago=SILENT / 2)
    worker.stopped_at = timezone.now()
    worker.save()
    queue.recover()
    assert now_of(row) == ("READY", 1)


def test_what_a_worker_without_a_heartbeat_runs_gets_the_whole_of_its_time():
    row = claimed("of an earlier release")
    queue.recover()
    assert now_of(row) == ("RUNNING", 1)
    DBTaskResult.objects.update(started_at=timezone.now() - datetime.timedelta(seconds=1000))
    queue.recover()
    assert now_of(row) == ("READY", 1)


def test_a_note_about_an_attempt_that_is_another_s_by_now_changes_nothing():
    row = claimed()
    heard_of("w", ago=SILENT * 2)
    queue.recover()
    assert queue.claim("v") is not None
    queue.fail(row.pk, "w", queue.Failure("late"))
    queue.hand_back(row.pk, "w")
    queue.succeed(row, None)
    assert now_of(row) == ("RUNNING", 2)


def test_a_job_that_kills_its_worker_each_time_is_given_up():
    acts.good.enqueue("x")
    for number in range(3):
        assert queue.claim(f"w{number}") is not None
        heard_of(f"w{number}", ago=SILENT * 2)
        queue.recover()
    assert queue.claim("v") is None
    assert DBTaskResult.objects.get().status == "FAILED"
    assert happened("test.given_up") == ["x"]


def test_waiting_for_work_reads_and_writes_nothing_else(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert queue.claim("w") is None
    with django_assert_num_queries(1):
        queue.recover()


def test_an_order_goes_with_its_transaction():
    def order_and_fail():
        with transaction.atomic():
            terms.order(acts.good, "x")
            raise IntegrityError

    with pytest.raises(IntegrityError):
        order_and_fail()
    assert not DBTaskResult.objects.exists()
    with transaction.atomic():
        terms.order(acts.good, "x")
    assert DBTaskResult.objects.count() == 1


def test_a_job_of_an_unknown_release_has_the_usual_terms():
    assert terms.terms_of("portal.no_such.job") == terms.Terms()


def test_progress_is_that_of_the_newest_with_the_same_beginning():
    assert progress(acts.slow, "x") is None
    acts.slow.enqueue("x", "go")
    acts.slow.enqueue("y", "go")
    shown = progress(acts.slow, "x")
    assert shown is not None
    assert (shown.status, shown.sentence) == ("READY", "")
    said = []
    for _ in range(3):
        row = queue.claim("w")
        assert row is not None
        assert row.args_kwargs["args"][0] == "x"
        said.append(progress(acts.slow, "x").sentence)
        queue.fail(row.pk, "w", queue.Failure.of(ValueError("no")))
        said.append(progress(acts.slow, "x").sentence)
    assert said == [
        "",
        "第 1 次处理没有完成，稍后自动重试（最多 3 次）。",
        "上一次处理中断了，现在是第 2 次（最多 3 次）。",
        "第 2 次处理没有完成，稍后自动重试（最多 3 次）。",
        "上一次处理中断了，现在是第 3 次（最多 3 次）。",
        "试了 3 次都没有完成，不再自动重试。",
    ]
    assert progress(acts.slow, "y").sentence == ""


def test_a_database_that_does_not_answer_is_no_fault_of_the_job():
    row = claimed()
    for _ in range(5):
        queue.fail(row.pk, "w", queue.Failure.of(OperationalError("gone")))
        assert queue.claim("w") is not None
    assert now_of(row) == ("RUNNING", 6)


def test_a_table_that_is_not_there_is_a_fault_of_the_job():
    """SQLite reports it by the same class of error as a database that is away."""
    with pytest.raises(DatabaseError) as raised, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM no_such_table")
    failure = queue.Failure.of(raised.value)
    assert (failure.words, failure.most) == ("程序出错", None)


@pytest.fixture
def desk(client):
    def page(role: str) -> str:
        client.force_login(make_user(role))
        return client.get("/admin/").content.decode()

    return page


@pytest.mark.parametrize("role", ["editor", "reviewer", "auditor", "administrator"])
def test_the_desk_says_that_no_worker_is_there_and_since_when(desk, role):
    assert "任务进程还没有启动过" in desk(role)
    heard_of("w", ago=datetime.timedelta(days=400))
    acts.good.enqueue("x")
    page = desk(role)
    assert "后台任务没有运行" in page
    assert "起没有任务进程" in page
    assert "有 1 项在等待" in page
    heard_of("v", ago=SILENT / 2)
    assert "后台任务没有运行" not in desk(role)


def test_jobs_that_are_done_at_once_need_no_worker(settings, django_assert_num_queries):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    with django_assert_num_queries(0):
        assert outage() is None


def test_old_jobs_and_workers_are_forgotten():
    row = claimed()
    queue.succeed(row, None)
    heard_of("w", ago=queue.KEPT * 2)
    DBTaskResult.objects.update(finished_at=timezone.now() - queue.KEPT * 2)
    acts.good.enqueue("new")
    queue.forget_old()
    assert DBTaskResult.objects.count() == 1
    assert not Worker.objects.exists()
