"""A plugin of pytest (`-p tools.statements`): writes down which statements each test asks of its database.

A statement is its text without values: however many of them a list holds, it is the same one. Each process writes a file of
its own into the folder that STATEMENTS names: what each test `asked`, and which `may_go` where others ask the same.
"""

import hashlib
import json
import os
import re
from collections.abc import Generator
from functools import lru_cache
from pathlib import Path

import pytest
from django.db.backends.utils import CursorWrapper
from psycopg2.extras import execute_values

from portal.core import bulk
from tests.module_rows import commits

FOLDER = "STATEMENTS"
VALUES = re.compile(r"(?:%s,\s*)+%s")
ROWS = re.compile(r"(?:\(%s\+?\),\s*)+(?=\(%s)")
NUMBERS = re.compile(r"\d+")

asked: dict[str, set[str]] = {}
may_go: set[str] = set()
of_this_test: set[str] = set()


@lru_cache(maxsize=50_000)
def named(sql: str) -> str:
    text = NUMBERS.sub("0", ROWS.sub("", VALUES.sub("%s+", sql)))
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


def note(sql: object) -> None:
    if "SAVEPOINT" not in (text := str(sql)):
        of_this_test.add(named(text))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    of_this_test.clear()
    result = yield
    asked[item.nodeid] = set(of_this_test)
    if not (has_values(item) or commits(item) or item.get_closest_marker("postgres_only")):
        may_go.add(item.nodeid)
    return result


def has_values(item: pytest.Item) -> bool:
    """Of parameters, or drawn: another kind of database may take them otherwise."""
    return hasattr(item, "callspec") or bool(getattr(getattr(item, "obj", None), "is_hypothesis_test", False))


def pytest_sessionstart() -> None:
    execute, executemany = CursorWrapper.execute, CursorWrapper.executemany

    def noted(cursor, sql, params=None):
        note(sql)
        return execute(cursor, sql, params)

    def noted_many(cursor, sql, param_list):
        note(sql)
        return executemany(cursor, sql, param_list)

    def noted_values(cursor, sql, rows, template=None, page_size=100):
        note(sql)
        return execute_values(cursor, sql, rows, template, page_size)

    CursorWrapper.execute, CursorWrapper.executemany = noted, noted_many  # type: ignore[method-assign]
    bulk.execute_values = noted_values  # it has the driver's own cursor


def pytest_sessionfinish() -> None:
    told = {"asked": {test: sorted(these) for test, these in asked.items()}, "may_go": sorted(may_go)}
    (Path(os.environ[FOLDER]) / f"{os.getpid()}.json").write_text(json.dumps(told))
