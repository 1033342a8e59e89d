"""A whole database that is put back in a moment, as often as it is asked for."""

import io
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.cache import caches
from django.db import connection, connections, transaction

from portal.core.pages.memory import forget_everything
from tests.running import wait_until

MEMORY_OF_SQLITE = ("", "-wal", "-shm", "-journal")


class SQLiteStage:
    """The database of the test as it is now, in a file beside it."""

    def __init__(self, folder: Path):
        connections.close_all()
        self.name, self.copy = str(connection.settings_dict["NAME"]), folder / "stage.sqlite3"
        with closing(sqlite3.connect(self.name)) as source, closing(sqlite3.connect(self.copy)) as target:
            source.backup(target)

    def reset(self) -> None:
        connections.close_all()
        for ending in MEMORY_OF_SQLITE:
            Path(self.name + ending).unlink(missing_ok=True)
        shutil.copyfile(self.copy, self.name)
        forget()


class PostgresStage:
    """Rows and sequences, in memory: a server takes seconds to copy a database of so many tables."""

    def __init__(self, _folder: Path):
        self.rows: dict[str, bytes] = {}
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                copied = io.BytesIO()
                cursor.copy_expert(f'COPY "{table}" TO STDOUT', copied)
                self.rows[table] = copied.getvalue()
            cursor.execute(
                "SELECT sequencename, COALESCE(last_value, 1), last_value IS NOT NULL FROM pg_sequences"
            )
            self.sequences = cursor.fetchall()

    def reset(self) -> None:
        forget()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SET LOCAL session_replication_role = replica"
            )  # no keys are looked after meanwhile
            for table, rows in self.rows.items():
                cursor.execute(f'DELETE FROM "{table}"')
                if rows:
                    cursor.copy_expert(f'COPY "{table}" FROM STDIN', io.BytesIO(rows))
            for sequence in self.sequences:
                cursor.execute("SELECT setval(quote_ident(%s)::regclass, %s, %s)", sequence)
        forget()


def staged(folder: Path) -> SQLiteStage | PostgresStage:
    return SQLiteStage(folder) if connection.vendor == "sqlite" else PostgresStage(folder)


def settle() -> None:
    """Until the server has noticed that whoever was killed is gone; nothing is remembered of what was before."""
    forget()
    if connection.vendor != "sqlite":
        wait_until(lambda: not _others(), "the connections of the killed process end")


def forget() -> None:
    connections.close_all()
    forget_everything()
    for cache in caches.all(initialized_only=True):
        cache.clear()


def _others() -> Any:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return cursor.fetchone()[0]
