"""Real workers on the database of the test."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from portal import environment
from portal.audit.models import AuditEvent

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 40


def database_url() -> str:
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    return (
        f"postgres://{quote(known['USER'])}:{quote(known['PASSWORD'])}"
        f"@{known['HOST']}:{known['PORT']}/{known['NAME']}"
    )


def environment_of(folder: Path) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if name not in environment.DEFAULTS}
    return clean | {
        "DJANGO_SETTINGS_MODULE": "tests.portal.jobs.quick_settings",
        "ENV_FILE": str(folder / "none"),
        "VAR_DIR": str(folder / "var"),
        "DATABASE_URL": database_url(),
        "LOG_FORMAT": "plain",
    }


def wait_until(holds: Callable[[], object], words: str, seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"still waiting: {words}"
        time.sleep(0.1)


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
    started = []

    def start() -> subprocess.Popen:
        with (tmp_path / "log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "run_jobs"],
                cwd=ROOT,
                env=environment_of(tmp_path),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            process.wait()
    print((tmp_path / "log").read_text(encoding="utf-8") if started else "")
