"""Real workers on the database of the test."""

import subprocess
from collections.abc import Callable, Iterator

import pytest

from portal.core.audit.models import AuditEvent
from tests.running import Installation, database_of_the_test


def happened(step: str) -> list[str]:
    """What was noted under a step, oldest first."""
    events = AuditEvent.objects.filter(step=step).order_by("pk")
    return [details["what"] for details in events.values_list("details", flat=True)]


@pytest.fixture
def jobs_are_kept(settings, transactional_db) -> None:
    """Orders lie in the database, as in an installation; what the test saves, other processes see."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def start_worker(jobs_are_kept, tmp_path) -> Iterator[Callable[[], subprocess.Popen]]:
    installation = Installation(tmp_path, DATABASE_URL=database_of_the_test())
    yield lambda: installation.start("manage.py", "run_jobs")
    for process in installation.started:
        process.kill()
    installation.stop()
