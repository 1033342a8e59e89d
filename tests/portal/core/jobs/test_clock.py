"""The schedule apart: it orders, does nothing itself, is nobody's worker, and outlives its database."""

import logging

import pytest
from django.db import OperationalError
from django_tasks_db.models import DBTaskResult

from portal.core.jobs import rhythms
from portal.core.jobs.clock import LONGEST_WAIT, LOOK, Clock
from portal.core.jobs.standing import outage
from portal.core.schedule.jobs import run_act
from portal.core.schedule.models import ScheduledRun

pytestmark = pytest.mark.django_db


def test_it_orders_what_is_due_and_leaves_the_work_to_workers(settings, django_capture_on_commit_callbacks):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    Clock().turn()
    run = ScheduledRun.objects.get(name="verify_chain")
    ScheduledRun.objects.update(due_at="2026-01-01T00:00:00Z")
    with django_capture_on_commit_callbacks(execute=True):
        Clock().turn()
    assert ScheduledRun.objects.filter(name=run.name, state=ScheduledRun.State.ORDERED).count() == 1
    assert DBTaskResult.objects.filter(task_path=run_act.module_path).exists()
    assert outage() is not None  # 「后台任务没有运行」 stays true: nobody works


def test_a_database_that_is_away_is_waited_for_and_said_once(monkeypatch, caplog):
    caplog.set_level(logging.WARNING, "portal.core.jobs.clock")
    answers = [OperationalError("away"), OperationalError("away"), None]

    def act() -> None:
        if (answer := answers.pop(0)) is not None:
            raise answer

    monkeypatch.setattr(rhythms, "_acts", [(0.0, act)])
    monkeypatch.setattr("portal.core.jobs.clock.connection.close", lambda: None)  # that of the test stays
    clock = Clock()
    assert [clock.turn(), clock.turn(), clock.turn()] == [2.0, 4.0, LOOK]
    assert LONGEST_WAIT >= 4.0
    assert [record.message for record in caplog.records] == [
        "The schedule waits for the database: away",
        "The database answers again; the schedule goes on",
    ]
