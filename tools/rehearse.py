"""What the portal is tried with before it is trusted: kills, pairs of acts, readers, faults, backups, nodes, a long list.

    python -m tools.rehearse [--kills 25] [--pairs 5] [--listed 100000]

Each row is a test of the suite, which tries there what it tries here, less often. One table a database at the end: how often each was
tried, and whether it held. A row that could not be tried counts as one that did not hold.
"""

import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools import machine
from tools.check import TWO, run_to_its_end
from tools.postgres import temporary_postgres
from tools.processes import leave_cleanly_on_signals

PACKAGES = ("postgresql", "redis-server", "nginx-light", "gettext")
SAFE = "tests/portal/site/safekeeping/test_backup.py"


@dataclass(frozen=True)
class Row:
    """`tests` are files, or tests of a file, as pytest names them."""

    label: str
    tests: tuple[str, ...]
    is_postgres_only: bool = False

    def has(self, case: ElementTree.Element) -> bool:
        name = f"{(case.get('classname') or '').replace('.', '/')}.py::{case.get('name')}"
        return any(name.startswith(test) for test in self.tests)


KILLS = "tests/rehearsal/test_kills.py::test_a_kill_at_any_moment_leaves_the_old_or_the_new"
REDACTION = "tests/rehearsal/test_kills.py::test_a_redaction_of_several_editions_is_killed_at_any_moment_and_ended_by_the_next"
DEEDS = ("import", "submit", "approve", "publish", "index job", "rebuild", "restore", "take-back")
ROWS = (
    *(Row(f"kill -9 in the middle: {deed}", (f"{KILLS}[{deed}]",)) for deed in DEEDS),
    Row("kill -9 in the middle: redaction", (REDACTION,)),
    Row("pairs of acts at once", ("tests/house/test_pairs_at_once.py",), True),
    Row("readers while lists are published and indexes rebuilt", ("tests/rehearsal/test_readers.py",)),
    Row(
        "faults of disk, files, database and clock",
        ("tests/rehearsal/test_faults.py", "tests/house/test_nodes.py"),
    ),
    Row("restore: same kind, older, damaged; other kind refused", (SAFE,)),
    Row(
        "two nodes, replica, Redis, nginx: killed, promoted, rolled",
        ("tests/rehearsal/test_two_nodes.py",),
        True,
    ),
)


@dataclass
class Came:
    """What came of a row on a database."""

    rounds: int = 0
    failed: int = 0
    seconds: float = 0.0
    told: list[str] = field(default_factory=list)

    def add(self, case: ElementTree.Element) -> None:
        if case.find("skipped") is not None:
            return
        said = {one.get("name"): one.get("value") or "" for one in case.iter("property")}
        self.failed += case.find("failure") is not None or case.find("error") is not None
        self.rounds += int(said.get("rounds", 1))
        self.seconds += float(case.get("time") or 0)
        self.told += [said["told"]] if "told" in said else []

    def line(self, label: str, database: str) -> str:
        held = "NO" if self.failed or not self.rounds else "yes"
        return f"| {label} | {database} | {self.rounds:,} | {self.seconds:.0f} | {'; '.join(self.told)} | {held} |"


HEADINGS = (
    "| rehearsal | database | rounds | seconds | also | held |\n| --- | --- | ---: | ---: | --- | --- |"
)


def rehearsed(database: str, counts: dict[str, str]) -> Iterator[str]:
    rows = [row for row in ROWS if database == "PostgreSQL" or not row.is_postgres_only]
    cases = list(_cases(database, [test.partition("[")[0] for row in rows for test in row.tests], counts))
    for row in rows:
        came = Came()
        for case in filter(row.has, cases):
            came.add(case)
        yield came.line(row.label, database)


def _cases(database: str, tests: Iterable[str], counts: dict[str, str]) -> Iterable[ElementTree.Element]:
    server: Any = temporary_postgres() if database == "PostgreSQL" else nullcontext(None)
    with server as url, tempfile.TemporaryDirectory(prefix="rehearsal-") as folder:
        report = Path(folder) / "junit.xml"
        environment = {**os.environ, **counts, "TMPDIR": folder}
        environment.pop("DATABASE_URL", None)
        if url:
            environment["DATABASE_URL"] = url
        command = [sys.executable, "-m", "pytest", f"--junitxml={report}", "-q", *TWO, *dict.fromkeys(tests)]
        run_to_its_end(command, environment)
        return list(ElementTree.parse(report).iter("testcase")) if report.exists() else []  # noqa: S314 - our own


def on_a_long_list(listed: int) -> Iterator[str]:
    """The benchmark of locks beside readers, in its own words."""
    command = [sys.executable, "manage.py", "benchmark", "locks", "--list", str(listed), "--rows", "1000"]
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as folder:
        environment = os.environ | {"VAR_DIR": folder, "ENV_FILE": f"{folder}/none"}
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True)
    yield f"beside a list of {listed:,} lines (SQLite):"
    yield done.stdout.strip() or f"did not come to its end: {done.returncode}"


def main(arguments: list[str]) -> int:
    parser = ArgumentParser(prog="python -m tools.rehearse")
    parser.add_argument("--kills", default="25", help="of each act on each database")
    parser.add_argument("--pairs", default="5", help="times that each pair of acts is taken")
    parser.add_argument("--listed", type=int, default=100_000, help="lines of the long list")
    options = parser.parse_args(arguments)
    leave_cleanly_on_signals()
    machine.ensure(PACKAGES)
    counts = {"KILLS": options.kills, "PAIR_ROUNDS": options.pairs}
    counts |= {"PUBLICATIONS": "20", "REBUILDS": "2", "CONNECTIONS": "50", "DAMAGES": "100"}
    began, has_held = time.monotonic(), True
    for database in ("SQLite", "PostgreSQL"):
        has_held &= shown([f"\n{HEADINGS}", *rehearsed(database, counts)])
    if options.listed:
        has_held &= shown(on_a_long_list(options.listed))
    print(f"\n{(time.monotonic() - began) / 60:.0f} minutes")
    return 0 if has_held else 1


def shown(lines: Iterable[str]) -> bool:
    """Print them; whether each one held."""
    told = list(lines)
    print("\n".join(told), flush=True)
    return not any(line.endswith(("| NO |", "NO")) for line in "\n".join(told).splitlines())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
