"""Facts that come with the project: tables in the `data` folders of the rooms, brought into a database that lacks them.

What is already there is never touched, since editors may have corrected it; rows that differ are counted and told.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import models


@dataclass(frozen=True)
class Tally:
    """What happened to one table: rows added, rows already there, and how many of those say something else now."""

    label: str
    added: int
    kept: int
    different: int = 0


def read_table(path: Path) -> list[dict[str, str]]:
    """The rows of a UTF-8 CSV file with a heading line."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def read_words(cell: str) -> list[str]:
    """「卷材、SBS防水卷材」 → the two words; an empty cell has none."""
    return [word for word in cell.split("、") if word]


def add_missing(rows: Sequence[models.Model], *, identity: Sequence[str]) -> Tally:
    """Insert those unsaved rows of one model whose `identity` (attribute names) is not in the database yet."""
    model: Any = type(rows[0])
    present = {_values(row, identity): row for row in model._default_manager.all()}
    missing = [row for row in rows if _values(row, identity) not in present]
    known = [row for row in rows if _values(row, identity) in present]
    model._default_manager.bulk_create(missing, batch_size=1000)
    columns = [field.attname for field in model._meta.concrete_fields if not _is_given_by_database(field)]
    different = sum(
        _values(row, columns) != _values(present[_values(row, identity)], columns) for row in known
    )
    return Tally(str(model._meta.verbose_name), len(missing), len(known), different)


def _values(row: models.Model, names: Iterable[str]) -> tuple:
    values = (getattr(row, name) for name in names)
    return tuple(tuple(value) if isinstance(value, list) else value for value in values)


def _is_given_by_database(field: models.Field) -> bool:
    return isinstance(field, models.AutoField) or getattr(field, "auto_now_add", False)
