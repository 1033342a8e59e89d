"""One attempt at a job, in a process of its own: whatever it does to that process, the worker and other jobs go on."""

import ctypes
import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn
from uuid import UUID

from django.db import DatabaseError, InterfaceError, connections
from django_tasks.base import TaskContext
from django_tasks_db.models import DBTaskResult

from portal.core.busy import fault_of

from .queue import Failure, crashed, fail, succeed, too_slow
from .terms import terms_of

PR_SET_PDEATHSIG = 1
NOTE_TRIES = 5
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None  # loaded before any fork

logger = logging.getLogger(__name__)


@dataclass
class Attempt:
    """A running child. `failure` is how it came to nothing, as far as the child could not note that itself."""

    row_id: UUID
    task_path: str
    pid: int
    seconds: int
    began: float = field(default_factory=time.monotonic)
    failure: Failure | None = None
    is_broken_off: bool = False

    def has_ended(self) -> bool:
        """Ends one that takes too long; True once it is gone, with `failure` set where it did not end by itself."""
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if pid:
            code = os.waitstatus_to_exitcode(status)
            if code and self.failure is None:
                self.failure = crashed(code)
            return True
        if self.failure is None and time.monotonic() - self.began > self.seconds:
            self.failure = too_slow(self.seconds)
            self.kill()
        return False

    def break_off(self) -> None:
        """End it through no fault of its own."""
        self.is_broken_off = True
        self.kill()

    def kill(self) -> None:
        """With all that it started itself and that stayed in its group."""
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            os.kill(
                self.pid, signal.SIGKILL
            )  # not asked for its exit code yet, so nobody else has its number


def begin(row: DBTaskResult) -> Attempt:
    """Fork. No connection may be open: parent and child would speak through it at once."""
    seconds = terms_of(row.task_path).seconds
    connections.close_all()
    sys.stdout.flush()
    sys.stderr.flush()
    worker = os.getpid()
    pid = os.fork()
    if pid == 0:
        _run_and_exit(row, worker)
    _lead_own_group(pid)
    return Attempt(row.pk, row.task_path, pid, seconds)


def _lead_own_group(pid: int) -> None:
    """Said by both sides, as either may be first. Ctrl-C in a terminal then reaches the worker alone."""
    try:
        os.setpgid(pid, pid)
    except OSError:
        return


def _run_and_exit(row: DBTaskResult, worker: int) -> NoReturn:
    code = 1
    try:
        _become_a_child_of(worker)
        _run(row)
        code = 0
    except BaseException:
        logger.exception("Job %s (%s): its end could not be noted", row.pk, row.task_path)
    finally:
        os._exit(code)


def _become_a_child_of(worker: int) -> None:
    """Never outlive the worker: another one would take the job up beside us."""
    _lead_own_group(0)
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT):
        signal.signal(signum, signal.SIG_DFL)
    if _libc:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != worker:
        os._exit(1)


def _run(row: DBTaskResult) -> None:
    began = time.monotonic()
    try:
        value = _call(row)
    except BaseException as fault:
        logger.exception("Job %s (%s) failed", row.pk, row.task_path)
        failure = Failure.of(fault)
        _note(lambda: fail(row.pk, row.worker_ids[-1], failure))
        return
    _note(lambda: succeed(row, value))
    logger.info("Job %s (%s) is done after %.1f s", row.pk, row.task_path, time.monotonic() - began)


def _call(row: DBTaskResult) -> Any:
    task: Any = row.task
    result: Any = row.task_result
    context = (TaskContext(task_result=result),) if task.takes_context else ()
    return task.call(*context, *result.args, **result.kwargs)


def _note(note: Callable[[], None]) -> None:
    """The work is done: a database that is busy for a moment should not have it done again."""
    for pause in range(NOTE_TRIES):
        try:
            note()
        except (DatabaseError, InterfaceError) as fault:
            if fault_of(fault) is None:
                raise
            connections.close_all()
            time.sleep(pause)
        else:
            return
    note()
