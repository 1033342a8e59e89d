"""One run of pytest that has everything loaded, and forks for each mutant: what a trial costs is the tests it needs."""

import json
import os
import resource
import shutil
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tools.mutant_making import Mutant
from tools.mutant_reach import Reach, Watch
from tools.mutant_swap import swap

CPU_SECONDS = 90  # a mutant may loop for ever
WALL_SECONDS = 900  # or wait for ever
KILLED, LIVES, ANEW = 0, 1, 2  # ANEW: could not be put in place, or might live only because it was


class Session:
    """Takes the place of pytest's loop. `chosen` names the tests of a mutant, the first to be asked first."""

    def __init__(
        self,
        mutants: Sequence[Mutant],
        watch: Watch,
        chosen: Callable[[Mutant, Reach], list[str]],
        answers: Path,
    ):
        self.mutants, self.watch, self.chosen, self.answers = mutants, watch, chosen, answers

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.items = {item.nodeid: item for item in session.items}
        if not self._know_the_reach(session):
            raise pytest.Session.Failed("the tests fail as they are")
        database = _Database(
            next((item for item in session.items if item.get_closest_marker("django_db")), None)
        )
        found = {}
        for number, mutant in enumerate(self.mutants):
            found[number] = self._verdict(mutant, database)
            database.sweep()
            self.answers.write_text(json.dumps(found))
        return True

    def _verdict(self, mutant: Mutant, database: "_Database") -> int:
        tests = [self.items[name] for name in self.chosen(mutant, self.watch.reach) if name in self.items]
        found = _forked(lambda: self._ask(mutant, tests, database)) if tests else _if_it_lives(mutant)
        if found == LIVES:
            print(
                f"  lives: {mutant}" + ("" if tests else "  (no test runs it)"),
                file=sys.__stderr__,
                flush=True,
            )
        return found

    def _know_the_reach(self, session: pytest.Session) -> bool:
        unknown = [item for item in session.items if item.nodeid not in self.watch.reach.seconds]
        if not unknown:
            return True
        self.watch.start()
        for item, following in zip(unknown, [*unknown[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following or session.items[0])
        self.watch.stop()
        return not session.testsfailed

    def _ask(self, mutant: Mutant, tests: list[pytest.Item], database: "_Database") -> int:
        if not swap(mutant):
            return ANEW
        database.copy()
        for number, item in enumerate(tests):
            if not _passes(item, tests[(number + 1) % len(tests)]):
                return KILLED
        return _if_it_lives(mutant)


def _if_it_lives(mutant: Mutant) -> int:
    """A value that is put in place late may have been used before."""
    return LIVES if mutant.is_inside_a_function else ANEW


def _passes(item: pytest.Item, following: pytest.Item) -> bool:
    """What is of the session stays: the database is the child's own and goes with it."""
    from _pytest.runner import runtestprotocol

    if following is item:
        following = next((one for one in item.session.items if one is not item), item)
    return not any(report.failed for report in runtestprotocol(item, nextitem=following, log=False))


class _Database:
    """Made once by the first test that wants one; each child gets a copy, and what it leaves in files is swept."""

    def __init__(self, item: pytest.Item | None):
        from django.conf import settings
        from django.db import connection

        self.item, self.folder = item, Path(settings.VAR_DIR)
        if item is not None:
            if not _passes(item, item):
                raise pytest.Session.Failed("the tests fail as they are")
            connection.close()
            self.made = Path(str(connection.settings_dict["NAME"]))
        self.kept = {*self.folder.rglob("*")}

    def copy(self) -> None:
        from django.db import connection

        if self.item is not None:
            own = self.folder / f"copy-{os.getpid()}.sqlite3"
            shutil.copyfile(self.made, own)
            connection.settings_dict["NAME"] = str(own)

    def sweep(self) -> None:
        for path in {*self.folder.rglob("*")} - self.kept:
            if path.is_file():
                path.unlink(missing_ok=True)


def _forked(work: Callable[[], int]) -> int:
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        return status if status in {LIVES, ANEW} else KILLED
    code = KILLED
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, resource.RLIM_INFINITY))
        signal.alarm(WALL_SECONDS)
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), 1)
        code = work()
    finally:
        os._exit(code)
