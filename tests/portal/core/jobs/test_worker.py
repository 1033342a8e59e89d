"""A real worker and jobs that misbehave: each fails alone, and what a dead worker left is taken up again."""

import signal
import time

import pytest
from django.db import connection
from django_tasks_db.models import DBTaskResult

from portal.core.audit.models import AuditEvent
from portal.core.jobs.models import Worker
from portal.core.jobs.standing import outage, progress
from tests.portal.core.jobs import acts
from tests.running import wait_until

from .conftest import happened


def status_of(result) -> str:
    return DBTaskResult.objects.get(pk=result.id).status


@pytest.mark.parametrize("poison", [acts.crashing, acts.raising, acts.hanging])
def test_a_poisoned_job_fails_alone_after_its_tries_and_its_page_is_told(start_worker, poison):
    bad = poison.enqueue("bad")
    orders = [acts.good.enqueue(f"good {number}") for number in range(3)]
    worker = start_worker()
    wait_until(lambda: status_of(bad) == "FAILED", "the bad one is given up")
    wait_until(lambda: all(status_of(order) == "SUCCESSFUL" for order in orders), "the good ones are done")
    tries = 2 if poison is acts.hanging else 3
    assert happened("test.tried") == ["bad"] * tries
    assert happened("test.given_up") == ["bad"]
    assert f"已试 {tries} 次" in AuditEvent.objects.get(step="test.given_up").reason
    assert sorted(happened("test.done")) == [f"good {number}" for number in range(3)]
    assert worker.poll() is None


def test_a_page_that_cannot_be_told_does_not_keep_the_job(start_worker):
    bad = acts.raising_untold.enqueue("bad")
    start_worker()
    wait_until(lambda: status_of(bad) == "FAILED", "it is given up")


def test_a_job_whose_worker_was_killed_is_taken_up_by_the_next(start_worker, tmp_path):
    go = tmp_path / "go"
    order = acts.slow.enqueue("slow", str(go))
    first = start_worker()
    wait_until(lambda: happened("test.tried"), "it runs")
    first.send_signal(signal.SIGKILL)
    first.wait()
    start_worker()
    wait_until(lambda: len(happened("test.tried")) == 2, "it runs again")
    shown = progress(acts.slow, "slow", str(go))
    assert shown is not None
    assert shown.is_pending
    assert "第 2 次" in shown.sentence
    go.touch()
    wait_until(lambda: status_of(order) == "SUCCESSFUL", "it is done")
    assert happened("test.done") == ["slow"]  # the first one did not live on


def test_a_worker_that_is_told_to_end_lets_the_job_finish(start_worker, tmp_path):
    go = tmp_path / "go"
    order = acts.slow.enqueue("slow", str(go))
    worker = start_worker()
    wait_until(lambda: happened("test.tried"), "it runs")
    worker.send_signal(signal.SIGTERM)
    time.sleep(0.5)
    go.touch()
    assert worker.wait(timeout=15) == 0
    assert status_of(order) == "SUCCESSFUL"
    assert Worker.objects.get().stopped_at


def test_a_worker_that_is_told_twice_hands_the_job_back_uncounted(start_worker, tmp_path):
    order = acts.slow.enqueue("slow", str(tmp_path / "go"))
    worker = start_worker()
    wait_until(lambda: happened("test.tried"), "it runs")
    worker.send_signal(signal.SIGTERM)
    time.sleep(0.5)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=15) == 0
    row = DBTaskResult.objects.get(pk=order.id)
    assert (row.status, row.worker_ids) == ("READY", [])


def test_a_database_that_was_away_costs_a_job_no_try(start_worker):
    order = acts.without_database_at_first.enqueue("x")
    start_worker()
    wait_until(lambda: status_of(order) == "SUCCESSFUL", "it is done at the fifth try")
    assert len(happened("test.tried")) == 5


def test_the_desk_knows_whether_a_worker_is_there_and_since_when(start_worker):
    acts.good.enqueue("waits")
    never = outage()
    assert never is not None
    assert (never.since, never.waiting) == (None, 1)
    worker = start_worker()
    wait_until(lambda: outage() is None, "it is there")
    beat = Worker.objects.get().beat_at
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    gone = outage()  # on the same machine at once, without waiting for its silence
    assert gone is not None
    assert gone.since >= beat


@pytest.mark.postgres_only
def test_a_worker_outlives_the_loss_of_its_connections(start_worker):
    worker = start_worker()
    wait_until(lambda: outage() is None, "it is there")
    with connection.cursor() as cursor:
        for _ in range(10):
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            time.sleep(0.3)
    order = acts.good.enqueue("after")
    wait_until(lambda: status_of(order) == "SUCCESSFUL", "it goes on")
    assert worker.poll() is None
