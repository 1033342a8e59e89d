"""One mutant, one child process: the changed source takes the place of its module while the tests run.

The child is forked before anything of the portal is imported, so that it imports the mutant, and after the libraries,
which are most of a start.
"""

import contextlib
import importlib
import importlib.util
import os
import resource
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any

CPU_SECONDS = 240  # a mutant may loop for ever
LIBRARIES = (
    "pytest", "pytest_django.plugin", "hypothesis", "hypothesis.extra", "time_machine", "django.test.utils", "django.db.models",
    "django.forms", "django.template", "django.contrib.admin", "django_filters", "openpyxl", "pyroaring", "allauth",
    "PIL.Image", "icalendar",
)  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    module: str
    path: Path
    line: int
    before: str
    after: str
    source: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line + 1}  {self.before.strip()}  →  {self.after.strip()}"


def module_of(root: Path, path: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def mutants_of(root: Path, path: Path) -> Iterator[Mutant]:
    """Of every site in a file one. Words for people are left alone: pages are what proves them."""
    import mutmut

    original = path.read_text(encoding="utf-8")
    module = module_of(root, path)
    for site in mutmut.list_mutations(mutmut.Context(source=original, filename=str(path))):
        source, _count = mutmut.mutate(mutmut.Context(source=original, filename=str(path), mutation_id=site))
        pairs = zip(original.splitlines(), source.splitlines(), strict=False)
        line, before, after = next((n, *pair) for n, pair in enumerate(pairs) if pair[0] != pair[1])
        if _changes_words(before, after) or _only_types(before):
            continue
        yield Mutant(module, path.relative_to(root), line, before, after, source)


def _changes_words(before: str, after: str) -> bool:
    """The marks of mutmut stand around a string that holds more than ASCII."""
    return after.count("XX") >= before.count("XX") + 2 and not before.isascii()


def _only_types(line: str) -> bool:
    """A signature, or the name of a type: what a type checker proves."""
    bare = line.strip()
    return (
        (bare.startswith(("def ", "class ")) and " | " in bare)
        or " = Callable[" in bare
        or " = TypeVar(" in bare
        or " = Any" in bare
    )


def load_libraries() -> None:
    for name in LIBRARIES:
        with contextlib.suppress(Exception):  # some want settings first; the child imports those itself
            importlib.import_module(name)


class _Loader(SourceFileLoader):
    def __init__(self, mutant: Mutant, path: str):
        super().__init__(mutant.module, path)
        self.mutant = mutant

    def get_code(self, fullname: str) -> CodeType:
        return compile(self.mutant.source, self.path, "exec", dont_inherit=True)


class _Finder:
    def __init__(self, mutant: Mutant):
        self.mutant = mutant

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if name != self.mutant.module:
            return None
        file = str(self.mutant.path.resolve())
        return importlib.util.spec_from_file_location(name, file, loader=_Loader(self.mutant, file))


class Trials:
    """Runs of tests in children, `jobs` at once, on copies of one database that is made once."""

    def __init__(self, scratch: Path, jobs: int = 1):
        self.scratch, self.jobs = scratch, jobs
        self.database = scratch / "prepared.sqlite3"

    def make_database(self) -> None:
        if not self.database.exists() and _wait(_fork(self._prepare)) != 0:
            raise SystemExit("The database of the tests could not be made.")

    def is_green(self, tests: Sequence[str]) -> bool:
        """Whether the tests pass with nothing changed."""
        return _wait(_fork(lambda: self._try(None, tests))) == 0

    def survivors(self, mutants: Sequence[Mutant], tests: Sequence[str]) -> list[Mutant]:
        """Each mutant is imported in place of its module by a process that knows nothing of the portal yet.

        Survivors are told as they are found: whoever breaks a long run off has them.
        """

        def tell(mutant: Mutant) -> None:
            print(f"  lives: {mutant}", flush=True)

        return [mutants[number] for number in self._alive(mutants, lambda one: self._try(one, tests), tell)]

    def quick_survivors(
        self, mutants: Sequence[Mutant], modules: Sequence[str], tests: Sequence[str]
    ) -> list[Mutant]:
        """Each mutant is put into a process that has the portal loaded: the modules of its room are executed anew.

        What lies outside the room goes on with what it has imported, so a survivor here has to be asked once more.
        Where the tests fail after executing unchanged modules anew, nothing is learned and all mutants are returned.
        """
        answers = self.scratch / "answers"
        answers.unlink(missing_ok=True)

        def ask() -> int:
            from tools.mutant_warmth import can_be_executed_anew, load, try_anew

            load(modules)
            if _wait(_fork(lambda: self._enter() or try_anew(None, modules, tests))) != 0:
                return 1
            fit = [number for number, one in enumerate(mutants) if can_be_executed_anew(one.module)]
            found = self._alive(
                [mutants[number] for number in fit],
                lambda one: self._enter() or try_anew(one, modules, tests),
            )
            alive = {*range(len(mutants))} - {*fit} | {fit[number] for number in found}
            answers.write_text(" ".join(map(str, sorted(alive))))
            return 0

        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        if _wait(_fork(ask, cpu_seconds=resource.RLIM_INFINITY)) != 0:
            print("  its modules cannot be executed anew: every mutant is imported instead", flush=True)
            return list(mutants)
        return [mutants[int(number)] for number in answers.read_text().split()]

    def _alive(
        self,
        mutants: Sequence[Mutant],
        work: Callable[[Mutant], int],
        tell: Callable[[Mutant], None] = lambda mutant: None,
    ) -> list[int]:
        """Numbers of the mutants under which the tests passed, `jobs` tried at once."""
        alive: list[int] = []
        running: dict[int, int] = {}
        waiting = list(range(len(mutants)))[::-1]
        while waiting or running:
            while waiting and len(running) < self.jobs:
                number = waiting.pop()
                running[_fork(partial(work, mutants[number]))] = number
            pid, status = os.wait()
            number = running.pop(pid)
            shutil.rmtree(self.scratch / str(pid), ignore_errors=True)
            if status == 0:
                alive.append(number)
                tell(mutants[number])
        return sorted(alive)

    def _enter(self) -> int:
        """Give the child a folder and a database of its own."""
        folder = self.scratch / str(os.getpid())
        folder.mkdir()
        self._take_prepared_database(folder)
        return 0

    def _try(self, mutant: Mutant | None, tests: Sequence[str]) -> int:
        self._enter()
        if mutant is not None:
            sys.meta_path.insert(0, _Finder(mutant))  # type: ignore[arg-type]
        return run_tests(tests) or _migrations_differ()

    def _take_prepared_database(self, folder: Path) -> None:
        """In place of making one: most of the time that a test with rows costs at its start."""
        import django.test.utils

        os.environ["PORTAL_TEST_SCRATCH"] = str(folder)
        copy = folder / "copy.sqlite3"

        def setup_databases(*_arguments: Any, **_options: Any) -> list:
            from django.db import connection

            shutil.copyfile(self.database, copy)
            connection.settings_dict["NAME"] = str(copy)
            return []

        django.test.utils.setup_databases = setup_databases
        django.test.utils.teardown_databases = lambda *_arguments, **_options: None

    def _prepare(self) -> int:
        import django
        from django.test.utils import setup_databases

        folder = self.scratch / str(os.getpid())
        folder.mkdir()
        os.environ |= {"PORTAL_TEST_SCRATCH": str(folder), "DJANGO_SETTINGS_MODULE": "tests.settings"}
        django.setup()
        setup_databases(verbosity=0, interactive=False)
        from django.db import connection

        connection.close()
        shutil.copyfile(connection.settings_dict["NAME"], self.database)
        return 0


def run_tests(tests: Sequence[str]) -> int:
    import pytest

    plain = [
        "--assert=plain",
        "--tb=short",
        "--no-header",
        "-p",
        "no:cacheprovider",
        "--hypothesis-profile=mutants",
    ]
    return int(pytest.main(["-x", "-q", "-m", "not browser", *plain, *tests]))


def _migrations_differ() -> int:
    """The database was made before the mutant: what it does to columns and constraints, `make lint` finds like this."""
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    return 0


def _fork(work: Callable[[], int], cpu_seconds: int = CPU_SECONDS) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, resource.RLIM_INFINITY))
        with open(os.environ.get("MUTANT_LOG", os.devnull), "a") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
        code = work()
    finally:
        os._exit(code)


def _wait(pid: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
