"""Which test runs which line: a mutant is asked only of tests that run it, the quickest first."""

import hashlib
import json
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import coverage
import pytest

ROOT = Path(__file__).resolve().parent.parent


class Reach:
    """Tests with their seconds, and for each line of the code the tests that run it; of these texts of code and tests."""

    def __init__(
        self,
        seconds: dict[str, float] | None = None,
        lines: dict[str, dict[str, list[int]]] | None = None,
        texts: dict[str, str] | None = None,
    ):
        self.seconds, self.lines, self.texts = seconds or {}, lines or {}, texts or {}
        self.names = [*self.seconds]

    @classmethod
    def read(cls, path: Path, code: Iterable[Path]) -> "Reach":
        """What is kept there, without what changed since: all of it where the code did."""
        now = {str(one.relative_to(ROOT)): _digest(one) for one in code}
        kept = cls(**json.loads(path.read_text())) if path.exists() else cls()
        if any(kept.texts.get(name) != text for name, text in now.items()):
            return cls(texts=now)
        return kept._of_tests({name for name in kept.texts if kept.texts[name] == _digest(ROOT / name)})

    def _of_tests(self, files: set[str]) -> "Reach":
        kept = {old: test for old, test in enumerate(self.names) if test.partition("::")[0] in files}
        number = {old: new for new, old in enumerate(kept)}
        lines = {
            file: {line: [number[test] for test in tests if test in number] for line, tests in known.items()}
            for file, known in self.lines.items()
        }
        return Reach({test: self.seconds[test] for test in kept.values()}, lines, self.texts)

    def write(self, path: Path) -> None:
        for file in {test.partition("::")[0] for test in self.seconds}:
            self.texts[file] = _digest(ROOT / file)
        path.write_text(json.dumps({"seconds": self.seconds, "lines": self.lines, "texts": self.texts}))

    def add(self, file: str, lines: dict[int, list[str]]) -> None:
        """`lines` of a file, each with names of tests that are known by now."""
        self.names = [*self.seconds]
        number = {name: place for place, name in enumerate(self.names)}
        known = self.lines.setdefault(file, {})
        for line, tests in lines.items():
            known[str(line)] = sorted({*known.get(str(line), ()), *(number[test] for test in tests if test)})

    def tests_of(self, file: str, lines: Iterable[int]) -> list[str]:
        """Those that run one of these lines: the quickest of each file of tests first, then the second of each."""
        known = self.lines.get(file, {})
        return self.quickest({self.names[test] for line in lines for test in known.get(str(line), ())})

    def tests_of_file(self, file: str) -> list[str]:
        return self.tests_of(file, map(int, self.lines.get(file, {})))

    def quickest(self, tests: Iterable[str]) -> list[str]:
        """Tests of one file are alike, and what it lays for all of them is run by its first alone: each file has its say."""
        turns: dict[str, int] = {}
        turn_of = {}
        for test in sorted(tests, key=lambda test: self.seconds[test]):
            file = test.partition("::")[0]
            turn_of[test] = turns[file] = turns.get(file, -1) + 1
        return sorted(turn_of, key=lambda test: (turn_of[test], self.seconds[test]))


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else ""


class Watch:
    """A plugin of pytest that fills a `Reach` while it is started."""

    def __init__(self, target: Path, code: Iterable[Path]):
        code = [*code]
        self.target, self.reach, self.runs = target, Reach.read(target, code), False
        self.watched = coverage.Coverage(data_file=None, include=[str(one) for one in code])

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
            self.reach.add(name, data.contexts_by_lineno(file))
        self.reach.write(self.target)
