"""How much room a published list takes, table by table: `manage.py benchmark size`.

The list goes the whole way, workbook to edition: with working rows, records of what was done, frozen lines, and the index.
"""

from collections.abc import Iterator
from pathlib import Path

from django.db import connection

from .imports import prepare, register_makers
from .lists import published_batch

GOAL = 250  # megabytes a 100,000 lines
SHOWN = 12
MEGABYTE = 1_000_000
_TABLES = {
    # With their indexes; what an index takes is said of its table.
    "sqlite": (
        "SELECT tbl_name, SUM(pgsize) FROM dbstat JOIN sqlite_schema USING (name) GROUP BY tbl_name",
        "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    ),
    "postgresql": (
        "SELECT relname, pg_total_relation_size(relid) FROM pg_stat_user_tables",
        "SELECT pg_database_size(current_database())",
    ),
}


def measure_size(rows: int, path: Path) -> Iterator[str]:
    before = _total()
    by = prepare()
    register_makers(rows)
    published_batch(path, by)
    tables, _all = _TABLES[connection.vendor]
    for table, size in sorted(_asked(tables), key=lambda row: -row[1])[:SHOWN]:
        yield f"{table:<40} {size / MEGABYTE:>9.1f} MB {size / rows:>8.0f} bytes a line"
    grown = (_total() - before) / MEGABYTE * 100_000 / rows
    held = "yes" if grown <= GOAL else "no"
    yield f"{rows:,} lines: {grown:.0f} MB a 100,000 lines, goal {GOAL}, held: {held}"


def _total() -> int:
    return int(_asked(_TABLES[connection.vendor][1])[0][0])


def _asked(statement: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        found: list[tuple] = cursor.fetchall()
    return found
