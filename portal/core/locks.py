"""Locks that go with the process that holds them, however it ends: on a file of this machine, or in PostgreSQL."""

import fcntl
import hashlib
import itertools
import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO

from django.db.backends.base.base import BaseDatabaseWrapper

Lock = AbstractContextManager[bool]  # gives whether it is ours; never waits


@contextmanager
def file_lock(path: Path, *, is_shared: bool = False, vanishes: bool = False) -> Iterator[bool]:
    """A file that `vanishes` is taken away by whoever held it."""
    with path.open("a") as file:
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            try:
                yield not vanishes or _is_there(file, path)
            finally:
                if vanishes and _is_there(file, path):
                    path.unlink()


def _is_there(file: IO[str], path: Path) -> bool:
    """Whether the path still names this file: another may have taken it away between its opening and its lock."""
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


@contextmanager
def advisory_lock(connection: BaseDatabaseWrapper, number: int, *, is_shared: bool = False) -> Iterator[bool]:
    """Of the session: PostgreSQL gives it back when the connection ends."""
    kind = "_shared" if is_shared else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_lock{kind}(%s)", [number])
        is_ours = bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours and connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT pg_advisory_unlock{kind}(%s)", [number])


def named_lock(
    connection: BaseDatabaseWrapper, name: str, *, is_shared: bool = False, vanishes: bool = False
) -> Lock:
    """One holder of a name among all processes that use the database. Names that come and go leave no files behind."""
    if connection.vendor == "postgresql":
        digest = hashlib.sha256(f"portal.{name}".encode()).digest()
        return advisory_lock(connection, int.from_bytes(digest[:8], signed=True), is_shared=is_shared)
    # SQLite is on one machine: a file beside its data.
    path = Path(f"{connection.settings_dict['NAME']}.{name.replace(' ', '-')}")
    return file_lock(path, is_shared=is_shared, vanishes=vanishes)


@contextmanager
def tried(
    lock: Callable[[], Lock],
    *,
    pause: float,
    times: int | None = None,
    waiting: Callable[[], None] | None = None,
) -> Iterator[bool]:
    """Ask again until it is ours, or so many times; `waiting` is called once, before the first pause."""
    for number in itertools.count(1):
        with lock() as is_ours:
            if is_ours or number == times:
                yield is_ours
                return
        if number == 1 and waiting is not None:
            waiting()
        time.sleep(pause)
