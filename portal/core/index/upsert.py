"""Many rows in few statements: tuples, for a model instance a row is most of what a million rows cost."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import connection, models

ROWS_A_STATEMENT = 1_000


def upsert(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[tuple], *, unique: Sequence[str]
) -> None:
    """Insert rows of ready database values; one that is there by its unique columns is overwritten."""
    fields = {field.name: field for field in model._meta.concrete_fields}
    quoted = {name: connection.ops.quote_name(str(fields[name].column)) for name in columns}
    updated = ", ".join(f"{quoted[name]} = EXCLUDED.{quoted[name]}" for name in columns if name not in unique)
    table = connection.ops.quote_name(model._meta.db_table)
    head = f"INSERT INTO {table} ({', '.join(quoted[name] for name in columns)}) "
    tail = f" ON CONFLICT ({', '.join(quoted[name] for name in unique)}) DO UPDATE SET {updated}"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"{head}VALUES ({places}){tail}", list(rows))
            return
        arrays = ", ".join(f"%s::{fields[name].db_type(connection)}[]" for name in columns)
        for chunk in _chunks(rows, ROWS_A_STATEMENT):
            written = f"{head}SELECT * FROM unnest({arrays}){tail}"  # noqa: S608 - names of our own models
            cursor.execute(written, [_array(values) for values in zip(*chunk, strict=True)])


def _array(values: Iterable[Any]) -> str:
    """One text a column: PostgreSQL reads it in a third of the time that it takes to read a place for each value."""
    return f"{{{','.join(map(_element, values))}}}"


def _element(value: Any) -> str:
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f'"\\\\x{value.hex()}"'


def _chunks(rows: Iterable[tuple], size: int) -> Iterator[list[tuple[Any, ...]]]:
    iterator = iter(rows)
    while chunk := list(islice(iterator, size)):
        yield chunk
