"""What `make run` does before it serves."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import OperationalError, connection

from portal import environment
from tools import prepare as prepare_module
from tools.locks import alone

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def prepare(tmp_path):
    """Run the preparation of an installation of its own; give what it printed."""

    def run(**variables: str) -> str:
        clean = {name: value for name, value in os.environ.items() if name not in environment.DEFAULTS}
        clean |= {"DJANGO_SETTINGS_MODULE": "portal.settings", "ENV_FILE": str(tmp_path / "env")}
        clean |= {"VAR_DIR": str(tmp_path / "var"), **variables}
        command = [sys.executable, "-m", "tools.prepare"]
        ended = subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    return run


@pytest.mark.long
def test_passwords_are_shown_once_and_a_filled_database_gets_no_demonstration(prepare, tmp_path):
    first = prepare(DEMONSTRATION="false")
    assert "admin  " in first
    assert "These generated passwords are shown only now" in first
    assert "Laying the demonstration" not in first
    assert (tmp_path / "var" / "static" / "staticfiles.json").exists()

    second = prepare(DEMONSTRATION="true")
    assert "admin" not in second
    assert "passwords" not in second
    assert "Laying the demonstration" not in second
    assert not (tmp_path / "var" / "first-run-unfinished").exists()


@pytest.mark.parametrize(
    ("is_unfinished", "wanted", "laid"), [(True, True, 1), (True, False, 0), (False, True, 0)]
)
def test_a_first_run_that_was_cut_short_is_taken_up_again(
    monkeypatch, settings, tmp_path, db, is_unfinished, wanted, laid
):
    settings.VAR_DIR, settings.DEMONSTRATION = tmp_path, wanted
    if is_unfinished:
        (tmp_path / "first-run-unfinished").touch()
    called = []
    monkeypatch.setattr(prepare_module, "call_command", lambda name, **options: called.append(name))
    prepare_module.prepare()
    assert called.count("seed_demo") == laid
    assert called[-1] == "create_admin"
    assert called.index("collectstatic") < called.index("seed_facts")  # the demonstration draws pages
    assert [path.name for path in tmp_path.iterdir()] == ["prepare.lock"]


def test_who_comes_second_waits_for_the_first(tmp_path, db):
    """On one machine, whatever the database: both write the same folder."""
    holds = f"import fcntl, sys; file = open({str(tmp_path / 'prepare.lock')!r}, 'a'); "
    holds += "fcntl.flock(file, fcntl.LOCK_EX); print('holds', flush=True); sys.stdin.read()"
    first = subprocess.Popen(
        [sys.executable, "-c", holds], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert first.stdout.readline() == "holds\n"
    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        first.kill()  # however it ends, its lock goes with it
        first.wait()

    with alone(tmp_path, connection, say):
        assert said == ["Waiting for another process that prepares this installation ..."]


@pytest.mark.parametrize(
    ("code", "is_waited_for"), [(sqlite3.SQLITE_BUSY, True), (sqlite3.SQLITE_ERROR, False)]
)
def test_sqlite_is_waited_for_only_while_it_is_busy(monkeypatch, code, is_waited_for):
    monkeypatch.setattr(prepare_module, "connection", FakeConnection())
    told, by_driver = OperationalError("words"), sqlite3.OperationalError("words")
    told.__cause__, by_driver.sqlite_errorcode = by_driver, code
    assert prepare_module.is_away(told) is is_waited_for


class FakeConnection:
    vendor = "sqlite"
