"""What a job is promised: how long one run may take, how often it is tried, and who is told when it is given up.

A job may run twice: its worker can die after the work and before the note of it. So a job asks the database first
whether there is anything left to do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.module_loading import import_string
from django_tasks import task
from django_tasks.base import Task
from django_tasks_db.backend import DatabaseBackend

# `given_up(*arguments of the job, sentence=…)` writes onto the page where the job's person looks why nothing more will
# come, in one transaction with the end of the job. `sentence` says in Chinese what happened.
GivenUp = Callable[..., None]


@dataclass(frozen=True)
class Terms:
    """`seconds`: after which a run is ended."""

    seconds: int = 900
    tries: int = 3
    given_up: GivenUp | None = None


_terms: dict[str, Terms] = {}


def job(
    *, seconds: int = 900, tries: int = 3, given_up: GivenUp | None = None
) -> Callable[[Callable[..., None]], Task]:
    """Make a function a job; it is ordered with `order`, or with `.enqueue` where no transaction is open."""

    def wrap(function: Callable[..., None]) -> Task:
        made = task()(function)
        _terms[made.module_path] = Terms(seconds, tries, given_up)
        return made

    return wrap


def terms_of(task_path: str) -> Terms:
    """The terms of a job; the usual ones for a task that names none, or that this release does not know."""
    try:
        import_string(task_path)
    except ImportError:
        return Terms()
    return _terms.get(task_path, Terms())


def order(ordered: Task, *args: Any) -> None:
    """Have a job done. Where jobs lie in the database, the order is part of the transaction around it: a process that
    dies in between leaves both or neither.
    """
    if isinstance(ordered.get_backend(), DatabaseBackend):
        ordered.enqueue(*args)
    else:
        transaction.on_commit(lambda: ordered.enqueue(*args))
