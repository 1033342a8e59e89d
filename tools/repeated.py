"""Which tests need not be run on PostgreSQL as well: `python -m tools.repeated` writes `tests/repeated.txt`.

The suite is run there whole, and what each test asks of the database is written down (`tools.statements`). A test is left out
where it draws and has no values of its own, commits nothing, and every statement that it asks is asked by a test that stays.
A test that the list does not name is run: a new one, one with another name.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from tools.statements import FOLDER

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "tests" / "repeated.txt"
WHOLE = "WHOLE_ON_POSTGRES"
HEAD = """# Tests that ask PostgreSQL nothing which others do not ask of it. Written by `make repeated`; see docs/developing.md.
"""


def listed() -> set[str]:
    """Their ids."""
    lines = LIST.read_text(encoding="utf-8").splitlines() if LIST.exists() else []
    files = (line.split() for line in lines if not line.startswith("#"))
    return {f"{file}::{name}" for file, *names in files for name in names}


def repeated(asked: Mapping[str, set[str]], may_go: set[str]) -> list[str]:
    """Those of `may_go` whose statements others ask, the one with most statements first."""
    left = Counter(statement for statements in asked.values() for statement in statements)
    gone = []
    for test in sorted(may_go & asked.keys(), key=lambda test: (-len(asked[test]), test)):
        if all(left[statement] > 1 for statement in asked[test]):
            left.subtract(asked[test])
            gone.append(test)
    return gone


def written(tests: list[str]) -> Iterator[str]:
    """A line a file: its path, and the names."""
    names: dict[str, list[str]] = {}
    for test in sorted(tests):
        file, name = test.split("::", 1)
        names.setdefault(file, []).append(name)
    return (" ".join([file, *of_it]) + "\n" for file, of_it in names.items())


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="statements-") as folder:
        environment = {**os.environ, FOLDER: folder, WHOLE: "1"}
        command = [sys.executable, "-m", "tools.check", "postgres", "--", "-p", "tools.statements"]
        code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        told = [json.loads(file.read_text()) for file in Path(folder).glob("*.json")]
    if code:
        print("The list stays as it is: a test failed.", file=sys.stderr)
        return code
    asked = {test: set(statements) for one in told for test, statements in one["asked"].items()}
    may_go = {test for one in told for test in one["may_go"]}
    LIST.write_text(HEAD + "".join(written(repeated(asked, may_go))), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
