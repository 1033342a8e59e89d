"""Real faults of the database for tests: another connection that holds the lock, a server that is not there."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def held_by_another() -> Iterator[None]:
    """Another connection is writing: readers go on, writers wait, here for a moment only."""
    with impatient(), _writer():
        yield


@contextmanager
def impatient() -> Iterator[None]:
    """This connection waits a twentieth of a second instead of the seconds of an installation."""
    is_sqlite = connection.vendor == "sqlite"
    _say("PRAGMA busy_timeout = 50" if is_sqlite else "SET lock_timeout = '50ms'")
    try:
        yield
    finally:
        connection.close()  # the next one has the settings' own patience


@contextmanager
def _writer() -> Iterator[None]:
    other = _another_connection()
    try:
        if connection.vendor == "sqlite":
            other.execute("BEGIN IMMEDIATE")
        else:
            names = ", ".join(f'"{name}"' for name in connection.introspection.table_names())
            other.cursor().execute(f"LOCK TABLE {names} IN EXCLUSIVE MODE")
        yield
    finally:
        other.rollback()
        other.close()


def _another_connection() -> Any:
    if connection.vendor == "sqlite":
        return sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    import psycopg2

    return psycopg2.connect(**connection.get_connection_params())


@contextmanager
def gone() -> Iterator[None]:
    """Nothing answers where the database is: a file that cannot be opened, a port on which nobody listens."""
    connection.close()
    kept = dict(connection.settings_dict)
    if connection.vendor == "sqlite":
        connection.settings_dict["NAME"] = "/proc/nowhere/portal.sqlite3"
    else:
        connection.settings_dict |= {"HOST": "127.0.0.1", "PORT": "1"}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(kept)


def end_the_connection() -> None:
    """What a restart of the server does to a connection that is open."""
    process = connection.connection.info.backend_pid
    other = _another_connection()
    other.cursor().execute("SELECT pg_terminate_backend(%s)", [process])
    other.commit()
    other.close()


def _say(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
