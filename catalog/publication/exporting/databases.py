"""Files that a program opens as a table: Parquet, made by DuckDB out of the lines of JSON, and SQLite.

Both hold what JSON Lines hold, codes and words side by side, with days and numbers as such. The same rows make the same bytes.
"""

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

from portal.core.pages.reading import ReadAt

from .columns import Column, source_of
from .rows import Rows

# One processor and little memory: others read pages meanwhile. Nothing is fetched from anywhere.
DUCK: dict[str, str | int | float | list[str]] = {
    "threads": 1,
    "memory_limit": "512MB",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
TABLE = "lines"


def as_parquet(rows: Rows) -> BinaryIO:
    """The file, open; it is nowhere any more once it is closed."""
    import duckdb  # 60 MB of a library that is needed where a file is made, no sooner

    with tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder) / "rows.jsonl", Path(folder) / "rows.parquet"
        with source.open("w", encoding="utf-8") as out:
            for lines in rows.json():
                out.write("\n".join(lines) + "\n")
        types = {column.name: _duck_type(column) for column in rows.columns}
        with duckdb.connect(":memory:", config={**DUCK, "temp_directory": folder}) as connection:
            read = connection.read_json(str(source), format="newline_delimited", columns=types)
            read.write_parquet(str(made), compression="zstd")
        return made.open("rb")


def as_sqlite(rows: Rows, title: str, reading: ReadAt) -> BinaryIO:
    """Its lines in one table, where they were read in another."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "rows.sqlite"
        with closing(sqlite3.connect(made, isolation_level=None)) as database:
            database.execute("PRAGMA journal_mode=OFF")
            database.execute("BEGIN")
            _about(database, title, reading)
            _lines(database, rows)
            database.execute("COMMIT")
        return made.open("rb")


def _about(database: sqlite3.Connection, title: str, reading: ReadAt) -> None:
    said = [("title", title), *((name, value) for name, _heading, value in source_of(reading))]
    database.execute("CREATE TABLE about (name TEXT PRIMARY KEY, value)")
    database.executemany("INSERT INTO about VALUES (?, ?)", said)


def _lines(database: sqlite3.Connection, rows: Rows) -> None:
    columns = ", ".join(f"{one.name} {'INTEGER' if one.is_number else 'TEXT'}" for one in rows.columns)
    said = ", ".join(f"json_extract(value, '$.{one.name}')" for one in rows.columns)
    database.execute(f"CREATE TABLE {TABLE} ({columns})")
    for lines in rows.json():
        database.execute(
            f"INSERT INTO {TABLE} SELECT {said} FROM json_each(?) ORDER BY key",  # noqa: S608 - names of columns
            [f"[{','.join(lines)}]"],
        )


def _duck_type(column: Column) -> str:
    if column.is_number:
        return "BIGINT"
    return "DATE" if column.is_day else "VARCHAR"
