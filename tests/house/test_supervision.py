"""Parts beside each other: one that ends is started again after growing pauses, the other goes on."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from portal.core.jobs.models import Worker
from portal.core.jobs.standing import outage
from tests.running import Installation, database_of_the_test, wait_until
from tools import serve, supervision
from tools.supervision import Part

ROOT = Path(__file__).resolve().parents[2]
SLEEPS = "import time; time.sleep(60)"


def child(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def supervise(*parts: Part) -> int:
    return serve.supervise(list(parts), "127.0.0.1", 1, "http://localhost:1")


@pytest.fixture
def until(monkeypatch):
    """Let the supervisor tend its parts until something holds; then it is asked to stop."""

    def tend(holds):
        def turn(parts):
            deadline = time.monotonic() + 20
            while not holds():
                assert time.monotonic() < deadline
                for part in parts:
                    part.tend()
                time.sleep(0.02)
            raise KeyboardInterrupt

        monkeypatch.setattr(serve, "tend_for_ever", turn)
        monkeypatch.setattr(serve, "answers", lambda *place: True)

    return tend


def test_a_part_that_ends_is_started_again_with_growing_pauses_and_the_other_goes_on(
    until, monkeypatch, capfd
):
    monkeypatch.setattr(supervision, "PAUSES", (0.1, 0.2, 0.3))
    web, jobs = Part(serve.WEB, child(SLEEPS)), Part(serve.JOBS, child("raise SystemExit(3)"))
    until(lambda: jobs.falls == 4)
    kept = []
    monkeypatch.setattr(Part, "stop", lambda part, stop=Part.stop: (kept.append(part.falls), stop(part)))
    assert supervise(web, jobs) == 0
    said = capfd.readouterr().err.splitlines()
    assert said == [
        f"{serve.JOBS} ended by itself (code 3); starting it again in {pause} s."
        for pause in (0.1, 0.2, 0.3, 0.3)
    ]
    assert web.falls == 0
    assert web.process
    assert not is_running(web.process.pid)


def test_a_part_that_ran_steadily_is_started_again_at_once(monkeypatch):
    monkeypatch.setattr(supervision, "STEADY", 0)
    part = Part("x", child("pass"), falls=5)
    part.start()
    part.process.wait()
    part.tend()
    assert (part.falls, part.process) == (1, None)


def test_a_web_server_that_cannot_start_at_all_ends_the_start(monkeypatch, capfd):
    monkeypatch.setattr(serve, "answers", lambda *place: False)
    jobs = Part(serve.JOBS, child(SLEEPS))
    assert supervise(Part(serve.WEB, child("raise SystemExit(3)")), jobs) == 1
    assert "could not start" in capfd.readouterr().err
    assert not is_running(jobs.process.pid)


def test_a_request_to_stop_stops_all(until):
    web, jobs = Part(serve.WEB, child(SLEEPS)), Part(serve.JOBS, child(SLEEPS))
    until(lambda: True)
    assert supervise(web, jobs) == 0
    assert not is_running(web.process.pid)
    assert not is_running(jobs.process.pid)


def test_a_part_alone_is_only_that_part():
    assert serve.PARTS == {
        "all": (serve.WEB, serve.JOBS),
        "web": (serve.WEB,),
        "worker": (serve.JOBS,),
        "schedule": (serve.SCHEDULE,),
    }


@pytest.mark.parametrize("ignored", [[], ["SIGINT"], ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"]])
def test_children_do_not_outlive_a_supervisor_that_was_killed(tmp_path, ignored):
    """Nor in the background of a script, where a shell has SIGINT ignored."""
    note = tmp_path / "pid"
    code = (
        "import signal, sys, time; from pathlib import Path; from tools.supervision import Part;"
        f"[signal.signal(getattr(signal, name), signal.SIG_IGN) for name in {ignored!r}];"
        f"part = Part('x', [sys.executable, '-c', {SLEEPS!r}]); part.start();"
        f"Path({str(note)!r}).write_text(str(part.process.pid)); time.sleep(60)"
    )
    parent = subprocess.Popen(child(code), cwd=ROOT)
    wait_until(lambda: note.exists() and note.read_text(), "the child runs")
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    pid = int(note.read_text())
    wait_until(lambda: not is_running(pid), "the child is gone", seconds=10)


@pytest.fixture
def site(tmp_path, transactional_db):
    installation = Installation(tmp_path, DATABASE_URL=database_of_the_test())
    yield installation
    installation.stop()


def test_the_site_outlives_its_worker_and_the_worker_comes_back(site):
    site.start("-m", "tools.serve", "all", "--unprepared")
    wait_until(lambda: site.ask("/healthz") == 200 and Worker.objects.alive(), "both are there")
    first = Worker.objects.get()
    os.kill(int(first.process.split()[-2]), signal.SIGKILL)
    wait_until(lambda: "The job worker ended by itself (code -9)" in site.log, "it is said")
    assert site.ask("/healthz") == 200
    wait_until(lambda: Worker.objects.exclude(pk=first.pk), "a new one is there")
    assert site.started[0].poll() is None


def test_web_and_worker_are_started_apart(site, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    site.start("-m", "tools.serve", "web", "--unprepared")
    wait_until(lambda: site.ask("/healthz") == 200, "the site is there")
    assert outage() is not None
    site.start("-m", "tools.serve", "worker", "--unprepared")
    wait_until(lambda: outage() is None, "the worker is there")
