"""The table of jobs as the workers use it: claim one, note how it ended, take up what a dead worker left.

An attempt is a row that is RUNNING with the worker's id last in `worker_ids`; how many ids there are is how often it was
tried. Every note is refused when the attempt is no longer the one that it speaks of.
"""

import datetime
import logging
from collections.abc import Callable
from dataclasses import dataclass
from traceback import format_exception
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django_tasks.base import TaskResultStatus as Status
from django_tasks_db.models import DBTaskResult

from portal.core.busy import fault_of

from .models import SILENT, Worker
from .terms import Terms, terms_of

TRIES_WHILE_AWAY = 20  # a database that is away or busy, or a store of files, is no fault of the job
TRIES_WHEN_TOO_SLOW = 2  # each holds up a place for the whole of its time
KEPT = datetime.timedelta(days=30)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Failure:
    """Why an attempt came to nothing. `words` is for people, `most` the tries that such a fault is worth."""

    words: str
    trace: str = ""
    name: str = ""
    most: int | None = None
    pauses: bool = True

    @classmethod
    def of(cls, fault: BaseException) -> "Failure":
        away = fault_of(fault)
        return cls(
            words=away.words if away else "程序出错",
            trace="".join(format_exception(fault)),
            name=f"{type(fault).__module__}.{type(fault).__qualname__}",
            most=TRIES_WHILE_AWAY if away else None,
        )


LOST = Failure("任务进程中断", name="portal.core.jobs.WorkerDied", pauses=False)


def crashed(code: int) -> Failure:
    end = f"信号 {-code}" if code < 0 else f"代码 {code}"
    return Failure(f"任务异常退出（{end}）", name="portal.core.jobs.Crashed")


def too_slow(seconds: int) -> Failure:
    limit = f"{seconds // 60} 分钟" if seconds >= 60 else f"{seconds} 秒"
    return Failure(
        f"运行超过 {limit}，已中止",
        name="portal.core.jobs.TooSlow",
        most=TRIES_WHEN_TOO_SLOW,
    )


def claim(worker_id: str) -> DBTaskResult | None:
    """The next job that is due, now this worker's. Takes no lock while there is none."""
    ready = DBTaskResult.objects.ready()
    if not ready.exists():
        return None
    with transaction.atomic():
        row = ready.get_locked()
        if row is not None:
            row.claim(worker_id)
        return row


def succeed(row: DBTaskResult, value: object) -> None:
    """Note that this attempt did its work."""

    def note(found: DBTaskResult) -> None:
        found.exception_class_path = found.traceback = ""
        _end(found, Status.SUCCESSFUL, value=value)

    _attempt(row.pk, row.worker_ids[-1], note)


def fail(row_id: UUID, worker_id: str, failure: Failure) -> None:
    """Note that an attempt came to nothing: it is tried again after a pause, or given up and its page told."""
    _attempt(row_id, worker_id, lambda row: _try_again_or_give_up(row, failure))


def hand_back(row_id: UUID, worker_id: str) -> None:
    """An attempt that was broken off through no fault of the job does not count."""

    def give(row: DBTaskResult) -> None:
        row.worker_ids = row.worker_ids[:-1]
        _wait(row, seconds=0)

    _attempt(row_id, worker_id, give)


def recover() -> None:
    """Take up the jobs of workers that died."""
    rows = list(DBTaskResult.objects.running())
    if not rows:
        return
    silent = models.Case(models.When(beat_at__lt=Now() - SILENT, then=True), default=False)
    workers = Worker.objects.annotate(is_silent=silent).in_bulk([row.worker_ids[-1] for row in rows])
    for row in rows:
        if _is_lost(row, workers.get(row.worker_ids[-1])):
            logger.warning("Job %s (%s): its worker died", row.pk, row.task_path)
            fail(row.pk, row.worker_ids[-1], LOST)


def forget_old() -> None:
    """Jobs that ended, and workers that were last heard of, a month ago."""
    DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - KEPT).delete()
    Worker.objects.filter(beat_at__lt=timezone.now() - KEPT).delete()


def _is_lost(row: DBTaskResult, worker: Any) -> bool:
    if worker is not None:
        return worker.is_dead(is_silent=worker.is_silent)
    # Claimed by a worker that writes no heartbeat, such as that of an earlier release.
    longest = datetime.timedelta(seconds=terms_of(row.task_path).seconds)
    return row.started_at is None or row.started_at < timezone.now() - longest - SILENT


def _attempt(row_id: UUID, worker_id: str, note: Callable[[DBTaskResult], None]) -> None:
    with transaction.atomic():
        running = DBTaskResult.objects.select_for_update().filter(pk=row_id, status=Status.RUNNING)
        row = running.first()
        if row is not None and row.worker_ids[-1] == worker_id:
            note(row)


def _try_again_or_give_up(row: DBTaskResult, failure: Failure) -> None:
    terms, tries = terms_of(row.task_path), len(row.worker_ids)
    row.exception_class_path, row.traceback = failure.name, failure.trace or failure.words
    if tries < (failure.most or terms.tries):
        pauses = settings.JOB_PAUSE_SECONDS
        _wait(row, seconds=pauses[min(tries, len(pauses)) - 1] if failure.pauses else 0)
        return
    logger.error("Job %s (%s) is given up after %d tries: %s", row.pk, row.task_path, tries, failure.words)
    _tell(row, terms, f"{failure.words}，已试 {tries} 次，不再自动重试。")
    _end(row, Status.FAILED)


def _tell(row: DBTaskResult, terms: Terms, sentence: str) -> None:
    """A page that cannot be told must not keep the job in the queue for ever."""
    if terms.given_up is None:
        return
    try:
        with transaction.atomic():
            terms.given_up(*row.args_kwargs["args"], sentence=sentence)
    except Exception as fault:
        if fault_of(fault) is not None:
            raise
        logger.exception("Job %s (%s): nobody could be told that it was given up", row.pk, row.task_path)


def _wait(row: DBTaskResult, *, seconds: float) -> None:
    row.status, row.started_at = Status.READY, None
    row.run_after = timezone.now() + datetime.timedelta(seconds=seconds)
    row.save(
        update_fields=[
            "status",
            "started_at",
            "run_after",
            "worker_ids",
            "exception_class_path",
            "traceback",
        ]
    )


def _end(row: DBTaskResult, status: Status, value: object = None) -> None:
    row.status, row.finished_at, row.return_value = status, timezone.now(), value
    row.save()
