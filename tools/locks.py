"""One process prepares at a time: on this machine by a lock on a file, among nodes by one in PostgreSQL.

Both go with the process that holds them, however it ends.
"""

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper

ADVISORY_KEY = 7_308_604_776_521  # any number that nobody else in this database locks by
Say = Callable[[str], None]


@contextmanager
def alone(folder: Path, connection: BaseDatabaseWrapper, say: Say) -> Iterator[None]:
    """The file goes first everywhere: whoever waits for the database holds up no other node."""
    with ExitStack() as held:
        held.enter_context(_file_lock(folder / "prepare.lock", say))
        if connection.vendor == "postgresql":
            held.enter_context(_advisory_lock(connection, say))
        yield


@contextmanager
def _file_lock(path: Path, say: Say) -> Iterator[None]:
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another process that prepares this installation ...")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def _advisory_lock(connection: BaseDatabaseWrapper, say: Say) -> Iterator[None]:
    """On a connection of its own: migrations may close the one they work with."""
    holder = connection.copy()
    try:
        with holder.cursor() as cursor:
            if not _took(cursor):
                say("Waiting for another node that prepares the database ...")
                while not _took(cursor):
                    time.sleep(0.5)
        yield
    finally:
        holder.close()


def _took(cursor) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [ADVISORY_KEY])
    return bool(cursor.fetchone()[0])
