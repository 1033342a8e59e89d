"""Run the checks, one part after the other, and end with one summary.

    python -m tools.check lint sqlite postgres browser [-- arguments for pytest]

A part that fails does not keep the next one from running; a part that cannot run counts as failed.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tools import linters, machine
from tools.postgres import DidNotStart, temporary_postgres
from tools.processes import leave_cleanly_on_signals, start_tied, stop

NOTHING_RAN = "no test was executed"


@dataclass
class Outcome:
    """What one part came to. `trouble` says why it did not run, or not to its end."""

    part: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    trouble: str = ""

    @property
    def is_good(self) -> bool:
        return not self.failed and not self.trouble


@dataclass(frozen=True)
class Suite:
    """One run of pytest: on which database, which tests, in how many processes."""

    title: str
    needs: tuple[str, ...]
    arguments: tuple[str, ...]
    on_postgres: bool = False

    def run(self, extra: list[str]) -> Outcome:
        machine.ensure(self.needs)
        server = temporary_postgres() if self.on_postgres else nullcontext(None)
        with server as url, tempfile.TemporaryDirectory(prefix="portal-report-") as folder:
            report = Path(folder) / "junit.xml"
            environment = {**os.environ, "TMPDIR": folder}
            environment.pop("DATABASE_URL", None)
            if url:
                environment["DATABASE_URL"] = url
            command = [sys.executable, "-m", "pytest", f"--junitxml={report}", *self.arguments, *extra]
            return read_report(self.title, report, run_to_its_end(command, environment))


# Two processes; whoever has done its half takes from the other.
TWO = ("-n", "2", "--dist", "worksteal")
SUITES = {
    "sqlite": Suite("SQLite", ("gettext", "redis-server", "nginx-light"), (*TWO, "-m", "not browser")),
    "postgres": Suite(
        "PostgreSQL", ("postgresql", "gettext", "redis-server"), (*TWO, "-m", "not browser"), True
    ),
    "browser": Suite(
        "browser", ("chromium", "libatomic1", "fonts-noto-cjk", "gettext"), (*TWO, "-m", "browser")
    ),
}


def run_to_its_end(command: list[str], environment: dict[str, str]) -> int:
    """Run pytest; when we are told to end, let it tidy up first."""
    # pytest tidies up on SIGINT alone.
    process = start_tied(command, dies_by=signal.SIGINT, env=environment, stdin=subprocess.DEVNULL)
    try:
        return process.wait()
    finally:
        stop(process, signal.SIGINT, signal.SIGTERM)


def read_report(title: str, report: Path, code: int) -> Outcome:
    """Count what pytest wrote down, and doubt an exit code that the counts do not explain."""
    if not report.exists():
        return Outcome(title, trouble=f"pytest ended with code {code} and left no report")
    suite = ElementTree.parse(report).getroot().find("testsuite")  # noqa: S314 - our own file
    counts = (
        {key: int(suite.get(key, 0)) for key in ("tests", "failures", "errors", "skipped")}
        if suite is not None
        else {}
    )
    failed = counts.get("failures", 0) + counts.get("errors", 0)
    skipped = counts.get("skipped", 0)
    passed = counts.get("tests", 0) - failed - skipped
    trouble = ""
    if not passed and not failed:
        trouble = NOTHING_RAN
    elif code and not failed:
        trouble = f"pytest ended with code {code}"
    return Outcome(title, passed, failed, skipped, trouble=trouble)


def run_linters() -> Outcome:
    outcome = Outcome("lint")
    with tempfile.TemporaryDirectory(prefix="portal-lint-") as scratch:
        for name, command in linters.commands(scratch):
            print(f"-- {name}", flush=True)
            if linters.run(command, {"TMPDIR": scratch}):
                outcome.passed += 1
            else:
                outcome.failed += 1
                print(f"-- {name} FAILED", flush=True)
    return outcome


def timed(title: str, part: Callable[[], Outcome]) -> Outcome:
    """Run one part; whatever keeps it from running becomes its trouble."""
    print(f"\n===== {title} =====", flush=True)
    started = time.monotonic()
    try:
        outcome = part()
    except (machine.MissingPackages, DidNotStart, subprocess.CalledProcessError, OSError) as reason:
        outcome = Outcome(title, trouble=str(reason))
        print(f"{title} did not run: {reason}", file=sys.stderr, flush=True)
    outcome.seconds = time.monotonic() - started
    return outcome


def summary(outcomes: list[Outcome]) -> str:
    """The closing table. Its last line is plain: counts alone, for machines that read logs."""
    lines = ["", "===== Summary =====", f"{'part':<12}{'passed':>8}{'failed':>8}{'skipped':>9}{'time':>9}"]
    for outcome in outcomes:
        minutes, seconds = divmod(round(outcome.seconds), 60)
        line = f"{outcome.part:<12}{outcome.passed:>8}{outcome.failed:>8}{outcome.skipped:>9}"
        line += f"{minutes:>6}:{seconds:02}"
        lines.append(line + (f"  DID NOT RUN TO ITS END: {outcome.trouble}" if outcome.trouble else ""))
    passed, failed, skipped = (
        sum(getattr(o, key) for o in outcomes) for key in ("passed", "failed", "skipped")
    )
    failed += sum(bool(o.trouble and not o.failed) for o in outcomes)
    lines += ["", f"{passed} passed, {failed} failed, {skipped} skipped"]
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    split = arguments.index("--") if "--" in arguments else len(arguments)
    parts, extra = arguments[:split], arguments[split + 1 :]
    if parts == ["format"]:
        return linters.reformat()
    leave_cleanly_on_signals()
    outcomes: list[Outcome] = []
    try:
        for part in parts:
            if part == "lint":
                outcomes.append(timed("lint", run_linters))
            else:
                suite = SUITES[part]
                outcomes.append(timed(suite.title, partial(suite.run, extra)))
    except KeyboardInterrupt:
        outcomes.append(Outcome("(rest)", trouble="interrupted"))
    print(summary(outcomes), flush=True)
    return 0 if all(outcome.is_good for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
