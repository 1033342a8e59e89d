"""Locks that go with the process that holds them, however it ends: on a file of this machine, or in PostgreSQL."""

import fcntl
import hashlib
import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper

Lock = AbstractContextManager[bool]  # gives whether it is ours; never waits


@contextmanager
def file_lock(path: Path, *, is_shared: bool = False) -> Iterator[bool]:
    with path.open("a") as file:
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


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


def named_lock(connection: BaseDatabaseWrapper, name: str, *, is_shared: bool = False) -> Lock:
    """One holder of a name among all processes that use the database."""
    if connection.vendor == "postgresql":
        digest = hashlib.sha256(f"portal.{name}".encode()).digest()
        return advisory_lock(connection, int.from_bytes(digest[:8], signed=True), is_shared=is_shared)
    # SQLite is on one machine: a file beside its data.
    return file_lock(
        Path(f"{connection.settings_dict['NAME']}.{name.replace(' ', '-')}"), is_shared=is_shared
    )


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
