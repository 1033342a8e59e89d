"""What `make run` does before it serves."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal import environment
from tools import prepare as prepare_module

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
    assert not list(tmp_path.iterdir())
