"""How the jobs stand, for the pages of people who wait for one."""

import datetime
from dataclasses import dataclass
from typing import Any

from django_tasks import task_backends
from django_tasks.base import Task
from django_tasks.base import TaskResultStatus as Status
from django_tasks_db.backend import DatabaseBackend
from django_tasks_db.models import DBTaskResult

from .models import Worker
from .processes import is_gone
from .terms import terms_of


@dataclass(frozen=True)
class Outage:
    """No worker is there. `since` is when one was last heard of; None: never. `waiting` counts the jobs that are due."""

    since: datetime.datetime | None
    waiting: int


def outage() -> Outage | None:
    """None while a worker is there, and where jobs need none."""
    if not needs_worker() or any(not is_gone(name) for name in _alive()):
        return None
    newest = Worker.objects.first()
    return Outage(newest.beat_at if newest else None, DBTaskResult.objects.ready().count())


def needs_worker() -> bool:
    return isinstance(task_backends["default"], DatabaseBackend)


def _alive() -> list[str]:
    return list(Worker.objects.alive().values_list("process", flat=True))


@dataclass(frozen=True)
class Progress:
    """How far the newest job of a kind is. `tries` counts the attempts that were begun."""

    status: str
    tries: int
    most: int
    ordered_at: datetime.datetime

    @property
    def is_pending(self) -> bool:
        return self.status in (Status.READY, Status.RUNNING)

    @property
    def sentence(self) -> str:
        """What a person who waits should know; empty while all goes its way."""
        if self.status == Status.READY and self.tries:
            return f"第 {self.tries} 次处理没有完成，稍后自动重试（最多 {self.most} 次）。"
        if self.status == Status.RUNNING and self.tries > 1:
            return f"上一次处理中断了，现在是第 {self.tries} 次（最多 {self.most} 次）。"
        if self.status == Status.FAILED:
            return f"试了 {self.tries} 次都没有完成，不再自动重试。"
        return ""


def newest(*found: Progress | None) -> Progress | None:
    return max((one for one in found if one), key=lambda one: one.ordered_at, default=None)


def progress(task: Task, *args: Any) -> Progress | None:
    """Of the newest job whose arguments begin with these; None where none was ordered, or long ago."""
    path = task.module_path
    given = {f"args_kwargs__args__{place}": value for place, value in enumerate(args)}
    row = DBTaskResult.objects.filter(task_path=path, **given).order_by("-enqueued_at").first()
    if row is None:
        return None
    return Progress(row.status, len(row.worker_ids), terms_of(path).tries, row.enqueued_at)
