"""Jobs that do to their process what jobs must not."""

import os
import signal
import time
from pathlib import Path

from django.db import OperationalError

from portal.core.audit.models import AuditEvent
from portal.core.audit.record import record
from portal.core.jobs.terms import job


def note_given_up(*args, sentence: str) -> None:
    record("test.given_up", reason=sentence, what=str(args[0]))


def note_and_break(*args, sentence: str) -> None:
    raise ValueError("the page cannot be told")


@job(given_up=note_given_up)
def good(name: str) -> None:
    record("test.done", what=name)


@job(given_up=note_given_up)
def crashing(name: str) -> None:
    record("test.tried", what=name)
    os.kill(os.getpid(), signal.SIGSEGV)


@job(given_up=note_given_up)
def raising(name: str) -> None:
    record("test.tried", what=name)
    raise ValueError("毒")


@job(given_up=note_and_break)
def raising_untold(name: str) -> None:
    raise ValueError(name)


@job(seconds=1, given_up=note_given_up)
def hanging(name: str) -> None:
    record("test.tried", what=name)
    time.sleep(600)


@job(given_up=note_given_up)
def slow(name: str, go: str) -> None:
    """Runs until the file `go` is there."""
    record("test.tried", what=name)
    while not Path(go).exists():
        time.sleep(0.05)
    record("test.done", what=name)


@job(given_up=note_given_up)
def without_database_at_first(name: str) -> None:
    record("test.tried", what=name)
    if AuditEvent.objects.filter(step="test.tried").count() < 5:
        raise OperationalError("gone")
