"""`make run`'s supervisor and its preparation."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from portal import environment
from tools import serve

ROOT = Path(__file__).resolve().parents[2]


def child(code: str) -> list[str]:
    return [sys.executable, "-c", code]


SLEEPS = "import time; time.sleep(60)"


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def started(monkeypatch):
    """Replace the two real commands, answer the health question at once, and keep who was started."""
    children = {}
    start = serve.start

    def use(web: str, jobs: str) -> dict[str, subprocess.Popen]:
        monkeypatch.setattr(serve, "commands", lambda *a: {serve.WEB: child(web), serve.JOBS: child(jobs)})
        return children

    def remember(command):
        process = start(command)
        children[len(children)] = process
        return process

    monkeypatch.setattr(serve, "start", remember)
    monkeypatch.setattr(serve, "answers", lambda port: True)
    return use


@pytest.mark.parametrize(
    ("web", "jobs", "name"),
    [("raise SystemExit(3)", SLEEPS, serve.WEB), (SLEEPS, "raise SystemExit(3)", serve.JOBS)],
)
def test_when_one_ends_the_other_is_stopped_and_it_is_said_which(started, capfd, web, jobs, name):
    children = started(web, jobs)
    assert serve.supervise(1, 1, 1, "http://localhost:1") == 1
    assert f"{name} ended by itself (code 3); stopping." in capfd.readouterr().err
    assert len(children) == 2
    assert not [process for process in children.values() if is_running(process.pid)]


def test_a_request_to_stop_stops_both(started, monkeypatch):
    children = started(SLEEPS, SLEEPS)

    def interrupt(children):
        raise KeyboardInterrupt

    monkeypatch.setattr(serve, "wait_for_an_end", interrupt)
    assert serve.supervise(1, 1, 1, "http://localhost:1") == 0
    assert len(children) == 2
    assert not [process for process in children.values() if is_running(process.pid)]


def test_children_do_not_outlive_a_supervisor_that_was_killed(tmp_path):
    note = tmp_path / "pid"
    code = (
        "import subprocess, sys, time; from pathlib import Path; from tools.serve import start;"
        f"process = start([sys.executable, '-c', {SLEEPS!r}]);"
        f"Path({str(note)!r}).write_text(str(process.pid)); time.sleep(60)"
    )
    parent = subprocess.Popen(child(code), cwd=ROOT)
    for _ in range(100):
        if note.exists() and note.read_text():
            break
        time.sleep(0.1)
    time.sleep(0.3)  # the child asks the kernel for this as its first act
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    pid = int(note.read_text())
    for _ in range(50):
        if not is_running(pid) or Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z":
            break
        time.sleep(0.1)
    else:
        pytest.fail("the child still runs")


def test_a_taken_port_is_told_in_a_sentence(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        clean = {name: value for name, value in os.environ.items() if name not in environment.DEFAULTS}
        clean |= {"DJANGO_SETTINGS_MODULE": "portal.settings", "PORT": str(port)}
        clean |= {"VAR_DIR": str(tmp_path / "var"), "ENV_FILE": str(tmp_path / "env")}
        ended = subprocess.run(
            [sys.executable, "-m", "tools.serve"], cwd=ROOT, env=clean, capture_output=True, text=True
        )
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"Port {port} is taken by another program.")
    assert not (tmp_path / "var" / "portal.sqlite3").exists()
