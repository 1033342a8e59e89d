"""One file out of the database and back, by the tools that the database brings.

The way back leads over a second database beside the one in use, which then takes its place in one transaction.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import DatabaseError, connection

from portal.core.locks import named_lock
from portal.core.workflow import NotAllowed

SQLITE_FILE = "portal.sqlite3"
POSTGRESQL_FILE = "portal.dump"
# Behind the name of the database in use. The proof has a database of its own: it may run while somebody restores.
RESTORING, PROVING, REPLACED = "_restoring", "_proving", "_replaced_by_restore"
MOST_OF_A_NAME = 63 - len(REPLACED)  # PostgreSQL cuts longer names off, and might then mean the one in use
MEMORY_OF_SQLITE = ("", "-wal", "-shm", "-journal")


def file_name() -> str:
    return SQLITE_FILE if _is_sqlite() else POSTGRESQL_FILE


def dump(target: Path) -> None:
    """A copy of one moment, taken while the portal runs; on the disk when this returns."""
    if _is_sqlite():
        with closing(sqlite3.connect(_name())) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
    else:
        _run(["pg_dump", "--format=custom", f"--file={target}", "--no-owner"], _name())
    with target.open("rb") as written:
        os.fsync(written.fileno())


@contextmanager
def alone(ending: str) -> Iterator[None]:
    """One at a time: two would load into the same database beside, and each takes away what the other has there."""
    with _held(ending) as is_ours:
        if not is_ours:
            raise NotAllowed(
                "restore.under_way", "另一次恢复或备份演练正在进行，这一次没有开始。请等它做完再运行。"
            )
        yield


@contextmanager
def _held(ending: str) -> Iterator[bool]:
    """It outlives the connection to the database in use, which is closed on the way."""
    if _is_sqlite():
        with named_lock(connection, ending, vanishes=True) as is_ours:
            yield is_ours
        return
    with (
        connection._nodb_cursor() as cursor,  # type: ignore[attr-defined]
        named_lock(cursor.db, f"{_name()}{ending}") as is_ours,
    ):
        yield is_ours


def load_beside(source: Path, ending: str = RESTORING) -> str:
    """Load a copy into a database beside the one in use; its name. What an interrupted run left there goes."""
    beside = _name() + ending
    if _is_sqlite():
        remove_beside(ending)
        shutil.copyfile(source, beside)
        _refuse_torn(beside)
    else:
        _refuse_long_name()
        remove_beside(ending)
        _create(beside)
        _run(
            ["pg_restore", "--no-owner", "--single-transaction", f"--dbname={beside}", str(source)],
            beside,
        )
    return beside


@contextmanager
def pointed_at(name: str) -> Iterator[None]:
    """Within it Django reads and writes another database by the same connection."""
    own = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own


def swap(beside: str) -> None:
    """Put it in the place of the one in use: all or nothing, whenever this is ended."""
    connection.close()
    if _is_sqlite():
        address = f"{Path(beside).absolute().as_uri()}?mode=ro"  # one that is gone must not come back empty
        with (
            closing(sqlite3.connect(address, uri=True)) as source,
            closing(sqlite3.connect(_name())) as target,
        ):
            source.backup(target)  # one transaction: a reader sees the old or the new
        return
    own, replaced = _quoted(_name()), _quoted(_name() + REPLACED)
    _maintain(
        f"BEGIN; ALTER DATABASE {own} RENAME TO {replaced}; "
        f"ALTER DATABASE {_quoted(beside)} RENAME TO {own}; COMMIT"
    )


def remove_beside(ending: str = RESTORING) -> None:
    """Of the databases beside the one in use, the one with this ending; what a restore replaced goes with it."""
    beside = _name() + ending
    if _is_sqlite():
        for ending in MEMORY_OF_SQLITE:
            Path(beside + ending).unlink(missing_ok=True)
    else:
        for name in (beside, *([_name() + REPLACED] if ending == RESTORING else [])):
            _maintain(f"DROP DATABASE IF EXISTS {_quoted(name)} WITH (FORCE)")


def _is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def _name() -> str:
    return str(connection.settings_dict["NAME"])


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _refuse_torn(path: str) -> None:
    """A file whose digest fits may have been torn before the backup was taken."""
    try:
        with closing(sqlite3.connect(path)) as copy:
            found = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found != "ok":
        remove_beside()
        raise NotAllowed(
            "restore.damaged", f"{SQLITE_FILE} 不是完整的 SQLite 数据库（{found}），请换一份备份。"
        )


def _refuse_long_name() -> None:
    if len(_name()) > MOST_OF_A_NAME:
        raise NotAllowed(
            "restore.name", f"数据库名超过 {MOST_OF_A_NAME} 个字符，不能恢复。请改用短一些的名字。"
        )


def _create(name: str) -> None:
    """Empty, and sorting and encoding as the one in use."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database WHERE datname = %s",
            [_name()],
        )
        encoding, collate, ctype = cursor.fetchone()
    _maintain(
        f"CREATE DATABASE {_quoted(name)} TEMPLATE template0 ENCODING '{encoding}' "
        f"LC_COLLATE '{collate}' LC_CTYPE '{ctype}'"
    )


def _maintain(statement: str) -> None:
    """Run a statement on databases, from outside all of them."""
    connection.close()  # one that is in use can be neither renamed nor dropped
    try:
        with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(statement)
    except DatabaseError as error:
        raise NotAllowed(
            "restore.server",
            "恢复要在旁边建一个库再换上来。请停止门户，确认没有别的连接，并让数据库账号有建库的权限"
            f"（ALTER ROLE … CREATEDB）；原来的内容没有变。数据库说：{str(error).strip()}",
        ) from error


def _run(command: list[str], name: str) -> None:
    """The tool gets the address by environment, so that the password is in no list of processes."""
    if shutil.which(command[0]) is None:
        raise NotAllowed("backup.tool", f"找不到 {command[0]}，请安装 PostgreSQL 客户端工具。")
    settings = connection.settings_dict
    environment = os.environ | {
        "PGHOST": settings["HOST"] or "localhost",
        "PGPORT": str(settings["PORT"] or 5432),
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
        "PGDATABASE": name,
    }
    done = subprocess.run(command, env=environment, capture_output=True, text=True)  # noqa: S603 - our own words
    if done.returncode:
        raise NotAllowed("backup.failed", f"{command[0]} 没有完成：{done.stderr.strip()[-500:]}")
