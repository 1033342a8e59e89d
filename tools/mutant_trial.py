"""One mutant, one child process: the changed source takes the place of its module while the tests run.

The child is forked before anything of the portal is imported, so that it imports the mutant, and after the libraries,
which are most of a start.
"""

import contextlib
import importlib
import importlib.util
import json
import os
import resource
import shutil
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any

from tools.mutant_making import Mutant

CPU_SECONDS = 240  # a mutant may loop for ever
LIBRARIES = (
    "pytest", "pytest_django.plugin", "hypothesis", "hypothesis.extra", "time_machine", "django.test.utils", "django.db.models",
    "django.forms", "django.template", "django.contrib.admin", "django_filters", "openpyxl", "pyroaring", "allauth",
    "PIL.Image", "icalendar",
)  # fmt: skip


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
    """Runs of tests in children, on copies of one database that is made once."""

    def __init__(self, scratch: Path):
        self.scratch = scratch
        self.database = scratch / "prepared.sqlite3"

    def make_database(self) -> None:
        if not self.database.exists() and _wait(_fork(self._prepare)) != 0:
            raise SystemExit("The database of the tests could not be made.")

    def in_one_session(
        self, mutants: Sequence[Mutant], session: Callable[[Path], Any], tests: Sequence[str]
    ) -> dict[int, int]:
        """Verdicts by the number of the mutant, from a child in which `session` takes the place of pytest's loop."""
        answers = self.scratch / "answers"

        def ask() -> int:
            self._enter()
            return run_tests(tests, [session(answers)])

        if _wait(_fork(ask, cpu_seconds=resource.RLIM_INFINITY)) != 0:
            raise SystemExit("The tests fail as they are, nothing can be measured.")
        return {int(number): verdict for number, verdict in json.loads(answers.read_text()).items()}

    def lives(self, mutant: Mutant | None, tests: Sequence[str]) -> bool:
        """Whether these tests pass where the mutant was imported from the start."""
        return _wait(_fork(lambda: self._try(mutant, tests))) == 0

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
        """The file that the suite keeps, or one migrated here."""
        import django
        from django.test.utils import setup_databases

        folder = self.scratch / str(os.getpid())
        folder.mkdir()
        os.environ |= {"PORTAL_TEST_SCRATCH": str(folder), "DJANGO_SETTINGS_MODULE": "tests.settings"}
        django.setup()
        from django.db import connection

        from tests.conftest import migrated_file

        if (kept := migrated_file()).exists():
            shutil.copyfile(kept, self.database)
            return 0
        setup_databases(verbosity=0, interactive=False)
        connection.close()
        shutil.copyfile(connection.settings_dict["NAME"], self.database)
        return 0


def run_tests(tests: Sequence[str], plugins: Sequence[Any] = ()) -> int:
    """Of whole files, or of single tests, in this order."""
    import pytest

    plain = [
        "--assert=plain",
        "--tb=short",
        "--no-header",
        "-p",
        "no:cacheprovider",
        "--hypothesis-profile=mutants",
    ]
    files = [*dict.fromkeys(test.partition("::")[0] for test in tests)]
    single = [test for test in tests if "::" in test]
    return int(
        pytest.main(["-x", "-q", "-m", "not browser", *plain, *files], plugins=[*plugins, _Only(single)])
    )


class _Only:
    def __init__(self, tests: Sequence[str]):
        self.place = {test: number for number, test in enumerate(tests)}

    def pytest_collection_modifyitems(self, items: list) -> None:
        if self.place:
            items[:] = sorted(
                (item for item in items if item.nodeid in self.place),
                key=lambda item: self.place[item.nodeid],
            )


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
