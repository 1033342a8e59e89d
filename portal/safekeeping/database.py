"""One file out of the database and back, by the tools that the database brings."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.db import connection

from portal.workflow import NotAllowed

SQLITE_FILE = "portal.sqlite3"
POSTGRESQL_FILE = "portal.dump"


def file_name() -> str:
    return SQLITE_FILE if connection.vendor == "sqlite" else POSTGRESQL_FILE


def dump(target: Path) -> None:
    """A copy of one moment, taken while the portal runs."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(_sqlite_path())) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
    else:
        _run(["pg_dump", "--format=custom", f"--file={target}", "--no-owner"])


def load(source: Path) -> None:
    """Put a copy in the place of everything that the database holds now."""
    if connection.vendor == "sqlite":
        connection.close()
        with closing(sqlite3.connect(source)) as copy, closing(sqlite3.connect(_sqlite_path())) as target:
            copy.backup(target)
    else:
        connection.close()
        _run(
            ["pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", str(source)],
            reads=True,
        )


def _sqlite_path() -> str:
    return str(connection.settings_dict["NAME"])


def _run(command: list[str], *, reads: bool = False) -> None:
    """The tool gets the address by environment, so that the password is in no list of processes."""
    if shutil.which(command[0]) is None:
        raise NotAllowed("backup.tool", f"找不到 {command[0]}，请安装 PostgreSQL 客户端工具。")
    settings = connection.settings_dict
    environment = os.environ | {
        "PGHOST": settings["HOST"] or "localhost",
        "PGPORT": str(settings["PORT"] or 5432),
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
        "PGDATABASE": settings["NAME"],
    }
    into = [f"--dbname={settings['NAME']}"] if reads else []
    full = [command[0], *into, *command[1:]]
    done = subprocess.run(full, env=environment, capture_output=True, text=True)  # noqa: S603 - our own words
    if done.returncode:
        raise NotAllowed("backup.failed", f"{command[0]} 没有完成：{done.stderr.strip()[-500:]}")
