"""Which records name which stored contents: by a key to the row of the file, or by a digest in a column that shows files.

A model that keeps digests itself names those columns in `NAMES_FILES`; keys are found by themselves.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

from .models import StoredFile

Place = tuple[str, str]  # root and SHA-256
ROWS_AT_A_TIME = 2000


def named_files() -> dict[Place, list[str]]:
    """The records that name a content in a root, as words that somebody can look for: `desk.document 12 file`."""
    found: dict[Place, list[str]] = {}
    for place, record in (*_by_key(), *_by_digest()):
        found.setdefault(place, []).append(record)
    return found


def naming_models() -> list[Any]:
    return [model for model in apps.get_models() if getattr(model, "NAMES_FILES", ())]


def _by_key() -> Iterator[tuple[Place, str]]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.related_model is StoredFile:
                rows = model._base_manager.filter(**{f"{field.name}__isnull": False}).order_by("pk")
                columns = ("pk", f"{field.name}__root", f"{field.name}__sha256")
                for pk, root, sha256 in rows.values_list(*columns).iterator(chunk_size=ROWS_AT_A_TIME):
                    yield (root, sha256), f"{model._meta.label_lower} {pk} {field.name}"


def _by_digest() -> Iterator[tuple[Place, str]]:
    for model in naming_models():
        for row in model._base_manager.order_by("pk").iterator(chunk_size=ROWS_AT_A_TIME):
            for name in model.NAMES_FILES:
                for sha256 in digests_in(getattr(row, name)):
                    yield (root_of(row), sha256), f"{model._meta.label_lower} {row.pk} {name}"


def root_of(row: models.Model) -> str:
    """Where the bytes must lie: what the public reads, in the public root."""
    is_public = getattr(row, "from_edition_id", None) is not None
    return StoredFile.Root.PUBLIC if is_public else StoredFile.Root.PRIVATE


def digests_in(value: object) -> Iterator[str]:
    """Every digest in a JSON value, or the value itself where it is one."""
    if isinstance(value, dict):
        if isinstance(value.get("sha256"), str):
            yield value["sha256"]
        for part in value.values():
            if isinstance(part, dict | list):
                yield from digests_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from digests_in(part)
    elif isinstance(value, str) and len(value) == 64:
        yield value
