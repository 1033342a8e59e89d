"""Many rows at once as plain tuples: for acts that hold a lock while they write, where a model instance a row costs too much."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import connection, models
from psycopg2.extras import execute_values

ROWS_A_STATEMENT = 1_000
CONVERTED = (
    models.JSONField,
    models.DateField,
)  # what a driver does not take as it is, or not on both databases


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
            execute_values(cursor.cursor, f"{into} %s", list(values), page_size=ROWS_A_STATEMENT)
        else:
            cursor.executemany(f"{into} ({', '.join(['%s'] * len(fields))})", list(values))


def _converted(fields: list[Any], rows: Iterable[Sequence[Any]]) -> Iterable[Sequence[Any]]:
    places = [(place, _writer(field)) for place, field in enumerate(fields) if isinstance(field, CONVERTED)]
    for row in rows:
        values = list(row)
        for place, write in places:
            values[place] = write(values[place])
        yield values


def _writer(field: Any) -> Callable[[Any], Any]:
    return lambda value: None if value is None else field.get_db_prep_save(value, connection)
