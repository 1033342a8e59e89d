"""Who did what, and when, as the header of an edition says it: by pseudonymous numbers, so that the chain covers it.

A row names in `ATTESTED` its columns that the header says beside the sealed ones: accounts become public numbers, files the
SHA-256 of their bytes, moments UTC. A header of schema 1 says nothing of acts and is judged as it always was.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from portal.core.accounts.models import User
from portal.core.accounts.numbers import public_numbers
from portal.core.files.models import StoredFile

ACTS = "acts"  # the part of the header: {key of the row: {column: value}}
FROM_SCHEMA = 2
UNKNOWN = "?"  # somebody who has no number yet did nothing that a header says, and is not nobody


@dataclass(frozen=True)
class Known:
    """What stands for accounts and files in a header, by their ids."""

    numbers: Mapping[int, str]
    digests: Mapping[int, str]

    @classmethod
    def behind(cls, rows: Iterable[models.Model], columns: Sequence[str]) -> "Known":
        """For what these rows name; an account that has no number yet is given one."""
        rows = list(rows)
        files = StoredFile.objects.filter(pk__in=_ids(rows, columns, StoredFile))
        return cls(public_numbers(_ids(rows, columns, User)), dict(files.values_list("pk", "sha256")))

    @classmethod
    def all(cls) -> "Known":
        """Everything that stands now: what the verifier compares with. Gives nobody a number."""
        given = User.objects.filter(public_number__isnull=False).values_list("pk", "public_number")
        numbers = {pk: number or "" for pk, number in given}
        return cls(numbers, dict(StoredFile.objects.values_list("pk", "sha256")))


def acts_of(rows: Sequence[models.Model], columns: Sequence[str]) -> list[dict[str, str]]:
    """What a header says of the acts behind each of the rows, in their order."""
    known = Known.behind(rows, columns)
    return [{name: _said(row, name, known) for name in columns} for row in rows]


def altered_acts(row: models.Model, key: str, header: object, known: Known) -> list[str]:
    """Columns whose value is no longer the one that the header says; `acts` where it says nothing that can be read.

    The header's own list of columns counts: one that came later was never sealed. A header of schema 1 says none.
    """
    if not isinstance(header, dict) or header.get("schema", 0) < FROM_SCHEMA:
        return []
    acts = header.get(ACTS)
    said = acts.get(key) if isinstance(acts, dict) else None
    if not isinstance(said, dict):
        return [ACTS]
    present = {field.name for field in row._meta.concrete_fields}
    return [name for name in said if name not in present or _said(row, name, known) != said[name]]


def _ids(rows: Iterable[models.Model], columns: Sequence[str], target: type[models.Model]) -> set[int]:
    named = [(row, row._meta.get_field(name)) for row in rows for name in columns]
    found = {getattr(row, field.attname) for row, field in named if field.related_model is target}  # type: ignore[union-attr]
    return found - {None}


def _said(row: models.Model, name: str, known: Known) -> str:
    field = row._meta.get_field(name)
    value: Any = getattr(row, field.attname)  # type: ignore[union-attr]
    if value is None:
        return ""
    if field.related_model is not None:
        return (known.numbers if field.related_model is User else known.digests).get(value, UNKNOWN)
    return value.astimezone(datetime.UTC).isoformat() if isinstance(value, datetime.datetime) else str(value)
