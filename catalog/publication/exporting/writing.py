"""A file in each format, with its media type. CSV and JSON Lines are sent while they are read."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import BinaryIO

from portal.core.pages.reading import ReadAt
from portal.core.pages.streaming import begun
from portal.core.workbook import Table, as_xlsx

from .columns import source_of
from .databases import as_parquet, as_sqlite
from .rows import Rows

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/x-ndjson; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "sqlite": "application/vnd.sqlite3",
}
WORDS = {"csv": "CSV", "xlsx": "Excel", "jsonl": "JSON Lines", "parquet": "Parquet", "sqlite": "SQLite"}
BLOCK = 256 * 1024


def as_csv(rows: Rows) -> Iterator[bytes]:
    """UTF-8 with a byte order mark, without which Excel guesses another encoding."""
    headings = ",".join(column.heading for column in rows.in_tables)
    return chain([f"\ufeff{headings}\r\n".encode()], _encoded(begun(rows.csv()), "\r\n"))


def as_jsonl(rows: Rows) -> Iterator[bytes]:
    return _encoded(begun(rows.json()), "\n")


def as_workbook(rows: Rows, title: str, reading: ReadAt) -> BinaryIO:
    columns = rows.in_tables
    headings = [column.heading for column in columns]
    days = [column.is_day for column in columns]
    about = [("内容", title), *((heading, value) for _name, heading, value in source_of(reading))]
    return as_xlsx(Table(headings, days, about, reading.day), chain.from_iterable(rows.cells()))


def as_bytes(extension: str, rows: Rows, title: str, reading: ReadAt) -> Iterator[bytes]:
    """The whole file, block by block."""
    writers: dict[str, Callable[[], Iterator[bytes]]] = {
        "csv": lambda: as_csv(rows),
        "jsonl": lambda: as_jsonl(rows),
        "xlsx": lambda: _blocks(as_workbook(rows, title, reading)),
        "parquet": lambda: _blocks(as_parquet(rows)),
        "sqlite": lambda: _blocks(as_sqlite(rows, title, reading)),
    }
    return writers[extension]()


def _encoded(chunks: Iterable[list[str]], end: str) -> Iterator[bytes]:
    for lines in chunks:
        yield (end.join(lines) + end).encode()


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while block := file.read(BLOCK):
            yield block
