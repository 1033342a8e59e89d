"""What keeps `make run` from starting is told in a sentence."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from portal import environment, settings
from tools import serve

ROOT = Path(__file__).resolve().parents[2]


def serve_with(folder: Path, **variables: str) -> subprocess.CompletedProcess:
    clean = {name: value for name, value in os.environ.items() if name not in environment.DEFAULTS}
    clean |= {"DJANGO_SETTINGS_MODULE": "portal.settings", "ENV_FILE": str(folder / "env")}
    clean |= {"VAR_DIR": str(folder / "var")} | variables
    command = [sys.executable, "-m", "tools.serve"]
    return subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True)


def test_a_taken_port_is_told_in_a_sentence(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ended = serve_with(tmp_path, PORT=str(port))
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"Port {port} is taken by another program.")
    assert not (tmp_path / "var" / "portal.sqlite3").exists()


def test_an_address_of_another_machine_is_told_in_a_sentence(tmp_path):
    ended = serve_with(tmp_path, LISTEN="192.0.2.1")
    assert ended.returncode == 1
    assert ended.stderr.startswith("LISTEN = 192.0.2.1 is no address of this machine.")


@pytest.mark.parametrize(
    ("host", "written"),
    [("127.0.0.1", "127.0.0.1:8000"), ("192.0.2.7", "192.0.2.7:8000"), ("::1", "[::1]:8000")],
)
def test_the_web_server_listens_where_it_is_told(host, written):
    command = serve.commands(host, 8000, 1, 8)[serve.WEB]
    assert command[command.index("--bind") + 1] == written


@pytest.mark.parametrize(("part", "is_kept"), [("worker", True), ("web", False)])
def test_a_worker_that_starts_leaves_the_counts_of_the_web_server(tmp_path, monkeypatch, part, is_kept):
    counts = tmp_path / "metrics" / "counter_1.db"
    counts.parent.mkdir()
    counts.touch()
    for name in ("PROMETHEUS_MULTIPROC_DIR", "LOG_FORMAT"):
        monkeypatch.setenv(name, "")  # given back when the test is over
    monkeypatch.setattr(settings, "VAR_DIR", tmp_path)
    monkeypatch.setattr(serve, "leave_cleanly_on_signals", lambda: None)
    monkeypatch.setattr(serve, "hindrance", lambda _host, _port: "")
    monkeypatch.setattr(serve, "supervise", lambda *_given: 0)
    assert serve.main([part, "--unprepared"]) == 0
    assert counts.exists() is is_kept
