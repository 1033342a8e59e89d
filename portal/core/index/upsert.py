"""Many rows in few statements: tuples, for a model instance a row is most of what a million rows cost."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import connection, models

ROWS_A_STATEMENT = 500


def upsert(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[tuple], *, unique: Sequence[str]
) -> None:
    """Insert rows of ready database values; one that is there by its unique columns is overwritten."""
    names = {field.name: str(field.column) for field in model._meta.concrete_fields}
    quoted = {name: connection.ops.quote_name(names[name]) for name in columns}
    updated = ", ".join(f"{quoted[name]} = EXCLUDED.{quoted[name]}" for name in columns if name not in unique)
    table = connection.ops.quote_name(model._meta.db_table)
    head = f"INSERT INTO {table} ({', '.join(quoted[name] for name in columns)}) VALUES "  # noqa: S608 - names of our own models
    tail = f" ON CONFLICT ({', '.join(quoted[name] for name in unique)}) DO UPDATE SET {updated}"
    row = f"({', '.join(['%s'] * len(columns))})"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(head + row + tail, list(rows))
            return
        for chunk in _chunks(rows, ROWS_A_STATEMENT):  # its driver sends each row of `executemany` by itself
            cursor.execute(
                head + ", ".join([row] * len(chunk)) + tail, [value for values in chunk for value in values]
            )


def _chunks(rows: Iterable[tuple], size: int) -> Iterator[list[tuple[Any, ...]]]:
    iterator = iter(rows)
    while chunk := list(islice(iterator, size)):
        yield chunk
