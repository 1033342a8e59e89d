"""Many rows at once as plain tuples: for acts that hold a lock while they write, where a model instance a row costs too much."""

import datetime
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from django.db import connection, models
from psycopg2.extras import execute_values

ROWS_A_STATEMENT = 1_000


def insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """`columns` are attribute names. What `save` would do beside is left out: every column that has no default of the
    database must be given."""
    fields = _fields(model, columns)
    values = _converted(fields, rows)
    quoted = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    into = f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({quoted}) VALUES "  # noqa: S608 - names of ours
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors:  # its own cursor raises what nobody here waits for
                execute_values(cursor.cursor, f"{into} %s", list(values), page_size=ROWS_A_STATEMENT)
        else:
            cursor.executemany(f"{into} ({', '.join(['%s'] * len(fields))})", list(values))


def update(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """`rows` begin with the primary key; the columns follow, as `ready` makes them."""
    rows = list(rows)
    if not rows:
        return
    fields = [model._meta.pk, *_fields(model, columns)]
    quoted = [connection.ops.quote_name(field.column) for field in fields]
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            told = ", ".join(f"{name} = told.{name}" for name in quoted[1:])
            types = ", ".join(f"%s::{field.db_type(connection)}" for field in fields[1:])
            statement = (
                f"UPDATE {table} SET {told} FROM (VALUES %s) AS told ({', '.join(quoted)}) "  # noqa: S608 - names of ours
                f"WHERE {table}.{quoted[0]} = told.{quoted[0]}"
            )
            with connection.wrap_database_errors:
                execute_values(cursor.cursor, statement, rows, f"(%s, {types})", page_size=ROWS_A_STATEMENT)
        else:
            told = ", ".join(f"{name} = %s" for name in quoted[1:])
            statement = f"UPDATE {table} SET {told} WHERE {quoted[0]} = %s"  # noqa: S608 - names of ours
            cursor.executemany(statement, [(*values, pk) for pk, *values in rows])


def ready(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> list[list[Any]]:
    """Rows for `update`, made before a lock is taken."""
    return [list(row) for row in _converted([model._meta.pk, *_fields(model, columns)], rows)]


def _fields(model: type[models.Model], columns: Sequence[str]) -> list[Any]:
    by_name: dict[str, Any] = {field.attname: field for field in model._meta.concrete_fields}
    return [by_name[name] for name in columns]


def _converted(fields: list[Any], rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """Days and JSON as text, which both databases take for what it says."""
    places = [(place, _writer(field)) for place, field in enumerate(fields)]
    converted = [(place, write) for place, write in places if write is not None]
    for row in rows:
        values = list(row)
        for place, write in converted:
            if values[place] is not None:
                values[place] = write(values[place])
        yield values


def _writer(field: Any) -> Callable[[Any], str] | None:
    if isinstance(field, models.JSONField):
        return partial(json.dumps, cls=field.encoder)
    if isinstance(field, models.DateTimeField | models.TimeField):
        raise TypeError(f"{field} is written otherwise by each database.")
    return datetime.date.isoformat if isinstance(field, models.DateField) else None
