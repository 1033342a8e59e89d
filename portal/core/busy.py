"""A database that is busy or away, and a store of files that is away: told apart here, from each other and from a fault of the
program.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from typing import TypeVar

from django.conf import settings
from django.db import connection, connections, transaction
from django.db.utils import DatabaseError, InterfaceError, OperationalError

Written = TypeVar("Written")

PAUSE = 0.1  # seconds after which every writer that waits for SQLite's lock has asked for it once more

_SQLITE_BUSY = {5, 6}  # locked by another connection
_SQLITE_AWAY = {
    8,
    10,
    11,
    13,
    14,
    15,
    26,
}  # not writable, input or output, damaged, disk full, cannot be opened
_POSTGRES_BUSY = (
    "40001",
    "40P01",
    "55P03",
    "57014",
    "53300",
)  # serialisation, deadlock, locks, time, connections
_POSTGRES_AWAY = (
    "08",
    "25006",
    "53",
    "57P",
    "58",
    "XX001",
)  # connection, read-only, resources, shut down, damaged


class Fault(Enum):
    BUSY = "busy"  # another one writes: a moment later it goes
    AWAY = "away"  # it does not answer, or cannot write
    FILES = "files"  # neither does what keeps the files

    @property
    def told(self) -> str:
        """For the log."""
        return "files away" if self is Fault.FILES else f"database {self.value}"

    @property
    def words(self) -> str:
        """Why a job came to nothing."""
        return "存放文件的地方没有响应" if self is Fault.FILES else "数据库没有响应"

    @property
    def advice(self) -> str:
        """For whoever ran a command."""
        return {
            Fault.BUSY: "数据库正被另一项操作占用。请稍后再运行一次。",
            Fault.AWAY: "数据库没有应答，或不能写入。请检查数据库和磁盘，恢复后再运行一次。",
            Fault.FILES: "存放文件的地方没有应答，或不能写入。请检查磁盘或存储服务，恢复后再运行一次。",
        }[self]


class FilesAway(OSError):
    """What keeps the files does not answer, or cannot write. Nothing is said of the file."""


def fault_of(error: BaseException | None) -> Fault | None:
    """What keeps the database or the store of files from answering; None for every other error."""
    if isinstance(error, FilesAway):
        return Fault.FILES
    if not isinstance(error, DatabaseError | InterfaceError):
        return None
    driver = error.__cause__
    code = getattr(driver, "sqlite_errorcode", None)
    if code is not None:
        return _of_sqlite(code & 0xFF)  # the rest of an extended code says where it happened
    state = getattr(driver, "pgcode", None)
    if state:
        return _of_postgres(state)
    # Without a code the server never got to say one.
    return Fault.AWAY if isinstance(error, OperationalError | InterfaceError) else None


def _of_sqlite(code: int) -> Fault | None:
    if code in _SQLITE_BUSY:
        return Fault.BUSY
    return Fault.AWAY if code in _SQLITE_AWAY else None


def _of_postgres(state: str) -> Fault | None:
    if state in _POSTGRES_BUSY:
        return Fault.BUSY
    return Fault.AWAY if state.startswith(_POSTGRES_AWAY) else None


def bound_statements() -> None:
    """For a process that answers pages: what one statement may take on PostgreSQL, on every connection made from now on. Jobs
    and commands take as long as they need."""
    seconds = settings.DATABASE_REQUEST_SECONDS
    for alias in connections if seconds else ():
        if connections[alias].vendor == "postgresql":
            options = connections.settings[alias]["OPTIONS"]
            options["options"] = f"{options.get('options', '')} -c statement_timeout={seconds}s".strip()


def unless_busy(write: Callable[[], Written]) -> Written | None:
    """A write that may as well be left out: None where another one is writing, and nobody waits for it."""
    try:
        with _without_waiting():
            return write()
    except (DatabaseError, InterfaceError) as error:
        if fault_of(error) is Fault.BUSY:
            return None
        raise


@contextmanager
def _without_waiting() -> Iterator[None]:
    if connection.vendor != "sqlite":
        yield  # rows are locked one by one there
        return
    with connection.cursor() as cursor:
        patience = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(patience)}")


def breathe() -> None:
    """Between two short transactions of a long act: long enough for everybody who waits for SQLite's lock to get it."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        time.sleep(PAUSE)


class Pace:
    """How many rows the next short transaction of a long act may have: a busy machine gets less to do at once."""

    WANTED = 0.3  # seconds under the lock
    SMALLEST = 20

    def __init__(self, rows: int):
        self.rows = self.most = rows

    @contextmanager
    def step(self) -> Iterator[None]:
        """One transaction, and after it a pause for whoever waits."""
        began = time.perf_counter()
        with transaction.atomic():
            yield
        seconds = max(time.perf_counter() - began, 0.001)
        self.rows = min(self.most, max(self.SMALLEST, int(self.rows * self.WANTED / seconds)))
        breathe()
