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
    by_name: dict[str, Any] = {field.attname: field for field in model._meta.concrete_fields}
    fields = [by_name[name] for name in columns]
    values = _converted(fields, rows)
    quoted = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    into = f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({quoted}) VALUES "  # noqa: S608 - names of ours
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors:  # its own cursor raises what nobody here waits for
                execute_values(cursor.cursor, f"{into} %s", list(values), page_size=ROWS_A_STATEMENT)
        else:
            cursor.executemany(f"{into} ({', '.join(['%s'] * len(fields))})", list(values))


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
