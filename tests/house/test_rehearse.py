"""The rows of a rehearsal are tests that are there: pytest runs none of them where one name is wrong."""

import ast
from pathlib import Path

from tools.rehearse import ROWS

ROOT = Path(__file__).resolve().parents[2]


def test_every_row_names_tests_that_are_there():
    for name in (test.partition("[")[0] for row in ROWS for test in row.tests):
        file, _, function = name.partition("::")
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        there = {one.name for one in tree.body if isinstance(one, ast.FunctionDef)}
        assert not function or function in there, name
