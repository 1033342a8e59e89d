"""One run of pytest that has everything loaded, and forks for each mutant: what a trial costs is the tests it needs."""

import json
import os
import resource
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tools.mutant_making import Mutant
from tools.mutant_reach import Reach, Watch
from tools.mutant_swap import swap

CPU_SECONDS = 90  # a mutant may loop for ever
LIVED = "  lives: "  # before each mutant that did, in what is printed
TOLD_EVERY = 10
TOLD = os.fdopen(os.dup(2), "w", buffering=1)  # children write nowhere, but what they find is told
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
        self.sound: dict[str, bool] = {}  # whether a test that failed passes by itself with nothing changed

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.items = {item.nodeid: item for item in session.items}
        if not self._know_the_reach(session):
            raise pytest.Session.Failed("the tests fail as they are")
        self.database = _Database(
            next((item for item in session.items if item.get_closest_marker("django_db")), None)
        )
        found = {}
        for number, mutant in enumerate(self.mutants):
            found[number] = self._verdict(mutant)
            self.answers.write_text(json.dumps(found))
            if len(found) % TOLD_EVERY == 0:
                by_verdict = Counter(found.values())
                told = f"{by_verdict[KILLED]} killed, {by_verdict[LIVES]} live, {by_verdict[ANEW]} to be imported anew"
                print(f"  {len(found)} of {len(self.mutants)}: {told}", file=TOLD)
        return True

    def _know_the_reach(self, session: pytest.Session) -> bool:
        unknown = [item for item in session.items if item.nodeid not in self.watch.reach.seconds]
        if not unknown:
            return True
        session.config.pluginmanager.register(self.watch)
        self.watch.start()
        for item in unknown:
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=_Following(session))
        self.watch.stop()
        session.config.pluginmanager.unregister(self.watch)
        return not session.testsfailed

    def _verdict(self, mutant: Mutant) -> int:
        tests = [self.items[name] for name in self.chosen(mutant, self.watch.reach) if name in self.items]
        while tests:
            verdict, failed = self._asked(tests, mutant)
            if verdict != KILLED or not failed or self._is_sound(failed):
                break
            tests = [item for item in tests if item.nodeid != failed]
        else:
            verdict = ANEW  # no test runs it; it may run while the portal is imported
        if verdict == LIVES:
            print(f"{LIVED}{mutant}", file=TOLD)
        return verdict

    def _is_sound(self, name: str) -> bool:
        if name not in self.sound:
            self.sound[name] = self._asked([self.items[name]], None)[0] == LIVES
            if not self.sound[name]:
                print(f"  fails with nothing changed, left out: {name}", file=TOLD)
        return self.sound[name]

    def _asked(self, tests: list[pytest.Item], mutant: Mutant | None) -> tuple[int, str]:
        """The verdict of a child, and the test that failed in it."""
        failed = self.database.folder / "failed"
        failed.write_text("")

        def ask() -> int:
            if mutant is not None and not swap(mutant):
                return ANEW
            self.database.copy()
            for item in tests:
                if not _passes(item):
                    failed.write_text(item.nodeid)
                    return KILLED
            return _if_it_lives(mutant) if mutant else LIVES

        verdict, name = _forked(ask), failed.read_text()
        self.database.sweep()
        return verdict, name


def _if_it_lives(mutant: Mutant) -> int:
    """A value that is put in place late may have been used before."""
    return LIVES if mutant.is_inside_a_function else ANEW


def _passes(item: pytest.Item) -> bool:
    """What is of the session stays, in a child too: the database is the child's own and goes with it."""
    from _pytest.runner import runtestprotocol

    following = _Following(item.session)
    return not any(report.failed for report in runtestprotocol(item, nextitem=following, log=False))  # type: ignore[arg-type]


@dataclass(frozen=True)
class _Following:
    """The next test in no module yet: pytest takes down all that this one does not share."""

    session: pytest.Session

    def listchain(self) -> list[pytest.Session]:
        return [self.session]


class _Database:
    """Made once by the first test that wants one; each child gets a copy, and what it leaves in files is swept."""

    def __init__(self, item: pytest.Item | None):
        from django.conf import settings
        from django.db import connection

        self.item, self.folder = item, Path(settings.VAR_DIR)
        if item is not None:
            if not _passes(item):
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
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), 1)
        code = work()
    finally:
        os._exit(code)
