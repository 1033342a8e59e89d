"""A whole database that is put back in a moment, as often as it is asked for."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.cache import caches
from django.db import connection, connections

from portal.core.pages.memory import forget_everything
from tests.running import wait_until

MEMORY_OF_SQLITE = ("", "-wal", "-shm", "-journal")


class Stage:
    """The database of the test as it is now."""

    def __init__(self, folder: Path):
        connections.close_all()
        self.name = str(connection.settings_dict["NAME"])
        self.copy = f"{self.name}_stage"
        if self.is_sqlite:
            self.copy = str(folder / "stage.sqlite3")
            with closing(sqlite3.connect(self.name)) as source, closing(sqlite3.connect(self.copy)) as target:
                source.backup(target)
        else:
            _on_server(
                f'DROP DATABASE IF EXISTS "{self.copy}"',
                f'CREATE DATABASE "{self.copy}" TEMPLATE "{self.name}"',
            )

    @property
    def is_sqlite(self) -> bool:
        return connection.vendor == "sqlite"

    def reset(self) -> None:
        connections.close_all()
        if self.is_sqlite:
            for ending in MEMORY_OF_SQLITE:
                Path(self.name + ending).unlink(missing_ok=True)
            shutil.copyfile(self.copy, self.name)
        else:
            _on_server(
                f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)',
                f'CREATE DATABASE "{self.name}" TEMPLATE "{self.copy}"',
            )
        forget()

    def remove(self) -> None:
        if self.is_sqlite:
            Path(self.copy).unlink()
        else:
            _on_server(f'DROP DATABASE IF EXISTS "{self.copy}"')

    def settle(self) -> None:
        """Until the server has noticed that whoever was killed is gone."""
        forget()
        if not self.is_sqlite:
            wait_until(lambda: not _others(), "the connections of the killed process end")


def forget() -> None:
    """What this process remembers is of a database that is no more."""
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


def _on_server(*statements: str) -> None:
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        for statement in statements:
            cursor.execute(statement)
