"""The test run itself: what counts as good, and what the summary says."""

import subprocess
from pathlib import Path

import pytest

from tools import check, machine
from tools.check import Outcome, read_report, summary, timed


def report(tmp_path: Path, tests: int, failures: int = 0, errors: int = 0, skipped: int = 0) -> Path:
    file = tmp_path / "junit.xml"
    file.write_text(
        f'<testsuites><testsuite tests="{tests}" failures="{failures}" errors="{errors}" skipped="{skipped}"/>'
        "</testsuites>"
    )
    return file


def test_a_good_run_is_counted(tmp_path):
    outcome = read_report("SQLite", report(tmp_path, 10, skipped=2), 0)
    assert (outcome.passed, outcome.failed, outcome.skipped) == (8, 0, 2)
    assert outcome.is_good


def test_errors_count_as_failures(tmp_path):
    outcome = read_report("SQLite", report(tmp_path, 10, failures=1, errors=2), 1)
    assert (outcome.passed, outcome.failed) == (7, 3)
    assert not outcome.is_good


@pytest.mark.parametrize(("tests", "skipped"), [(0, 0), (3, 3)])
def test_a_run_without_one_executed_test_is_not_good(tmp_path, tests, skipped):
    outcome = read_report("browser", report(tmp_path, tests, skipped=skipped), 0)
    assert outcome.trouble == check.NOTHING_RAN
    assert not outcome.is_good


def test_an_exit_code_that_no_failure_explains_is_not_good(tmp_path):
    assert not read_report("SQLite", report(tmp_path, 5), 3).is_good


def test_a_missing_report_is_not_good(tmp_path):
    assert not read_report("SQLite", tmp_path / "none.xml", 0).is_good


@pytest.mark.parametrize(
    "reason",
    [
        machine.MissingPackages("chromium is missing"),
        OSError("no such file"),
        subprocess.CalledProcessError(100, "apt-get"),
    ],
)
def test_a_part_that_cannot_run_fails_and_says_why(reason):
    def part():
        raise reason

    outcome = timed("browser", part)
    assert not outcome.is_good
    assert str(reason) in summary([outcome])
    assert summary([outcome]).endswith("0 passed, 1 failed, 0 skipped")


def test_the_summary_names_each_part_and_ends_with_the_sum():
    text = summary([Outcome("lint", passed=7, seconds=21), Outcome("SQLite", 300, 2, 14, 62.4)])
    assert "lint               7       0        0     0:21" in text
    assert "SQLite           300       2       14     1:02" in text
    assert text.splitlines()[-1] == "307 passed, 2 failed, 14 skipped"


def test_missing_packages_are_named_where_they_cannot_be_installed(monkeypatch):
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setitem(machine.PRESENT, "chromium", lambda: False)
    monkeypatch.setitem(machine.PRESENT, "gettext", lambda: True)
    monkeypatch.setitem(machine.PRESENT, "postgresql", lambda: False)
    with pytest.raises(machine.MissingPackages, match="missing: chromium postgresql"):
        machine.ensure(["chromium", "gettext", "postgresql"])


def test_missing_packages_are_installed_by_root_on_debian(monkeypatch):
    installed = []

    def run(command, **keywords):
        installed.extend(command if "install" in command else [])

    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr("subprocess.run", run)
    monkeypatch.setitem(machine.PRESENT, "gettext", lambda: bool(installed))
    machine.ensure(["gettext"])
    assert installed[-1] == "gettext"


def test_nothing_is_installed_when_nothing_is_missing(monkeypatch):
    monkeypatch.setitem(machine.PRESENT, "gettext", lambda: True)
    monkeypatch.setattr("subprocess.run", lambda *a, **k: pytest.fail("called a program"))
    machine.ensure(["gettext"])
