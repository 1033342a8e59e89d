"""One rebuild of a collection at a time, wherever it was started: a lock that ends with the process that holds it."""

import fcntl
import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

_TRIES, _PAUSE = 5, 0.05  # somebody who only looks (`is_running`) holds the lock for a moment


class AlreadyRunning(Exception):
    """Another process builds this collection."""

    def __init__(self, collection: str):
        super().__init__(f"检索「{collection}」正在由另一个进程重建，请等它结束；它中断了就可以立即再来。")
        self.collection = collection


@contextmanager
def alone(collection: str) -> Iterator[None]:
    """Raises AlreadyRunning. Nothing is left behind when this process is killed."""
    for _ in range(_TRIES):
        with _lock(collection) as is_ours:
            if is_ours:
                yield
                return
        time.sleep(_PAUSE)
    raise AlreadyRunning(collection)


def is_running(collection: str) -> bool:
    with _lock(collection, is_shared=True) as is_ours:
        return not is_ours


@contextmanager
def _lock(collection: str, *, is_shared: bool = False) -> Iterator[bool]:
    own = _advisory_lock if connection.vendor == "postgresql" else _file_lock
    with own(collection, is_shared) as is_ours:
        yield is_ours


@contextmanager
def _advisory_lock(collection: str, is_shared: bool) -> Iterator[bool]:
    """Of the session: PostgreSQL gives it back when the connection ends."""
    number = int.from_bytes(hashlib.sha256(f"portal.index {collection}".encode()).digest()[:8], signed=True)
    kind = "_shared" if is_shared else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_lock{kind}(%s)", [number])
        is_ours = cursor.fetchone()[0]
    try:
        yield is_ours
    finally:
        if is_ours and connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT pg_advisory_unlock{kind}(%s)", [number])


@contextmanager
def _file_lock(collection: str, is_shared: bool) -> Iterator[bool]:
    """SQLite is on one machine: a file beside its data. The system gives it back when the process ends."""
    with Path(f"{connection.settings_dict['NAME']}.rebuilding-{collection}").open("a") as file:
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
