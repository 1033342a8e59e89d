"""Which test runs which line: a mutant is asked only of tests that run it, the quickest first."""

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import coverage
import pytest

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Reach:
    """Tests with their seconds, and for each line of the code the tests that run it."""

    seconds: dict[str, float] = field(default_factory=dict)
    lines: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> "Reach":
        return cls(**json.loads(path.read_text())) if path.exists() else cls()

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(vars(self)))

    def add(self, file: str, line: int, test: str) -> None:
        tests = self.lines.setdefault(file, {}).setdefault(str(line), [])
        if test not in tests:
            tests.append(test)

    def tests_of(self, file: str, lines: Iterable[int]) -> list[str]:
        """Those that run one of these lines, the quickest first."""
        known = self.lines.get(file, {})
        found = {test for line in lines for test in known.get(str(line), ())}
        return sorted(found, key=lambda test: self.seconds[test])

    def tests_of_file(self, file: str) -> list[str]:
        found = {test for tests in self.lines.get(file, {}).values() for test in tests}
        return sorted(found, key=lambda test: self.seconds[test])


class Watch:
    """A plugin of pytest that fills a `Reach` while it is started."""

    def __init__(self, target: Path, code: Iterable[str]):
        self.target, self.reach, self.runs = target, Reach.read(target), False
        self.watched = coverage.Coverage(data_file=None, include=[str(ROOT / one) for one in code])

    def start(self) -> None:
        """Not before modules are loaded: what runs then is reached by every test."""
        self.runs = True
        self.watched.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        if not self.runs:
            return (yield)
        self.watched.switch_context(item.nodeid)
        before = time.process_time()
        try:
            return (yield)
        finally:
            self.reach.seconds[item.nodeid] = time.process_time() - before

    def stop(self) -> None:
        self.watched.stop()
        self.runs = False
        data = self.watched.get_data()
        for file in data.measured_files():
            name = str(Path(file).relative_to(ROOT))
            for line, tests in data.contexts_by_lineno(file).items():
                for test in filter(None, tests):
                    self.reach.add(name, line, test)
        self.reach.write(self.target)


def pytest_configure(config: pytest.Config) -> None:
    import os

    if "MUTANT_REACH" not in os.environ:
        return

    class Whole(Watch):
        def pytest_collection_finish(self) -> None:
            self.start()

        def pytest_sessionfinish(self) -> None:
            self.stop()

    config.pluginmanager.register(Whole(Path(os.environ["MUTANT_REACH"]), os.environ["MUTANT_CODE"].split()))
