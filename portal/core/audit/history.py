"""The story of one working row, read out of its before-images."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from .actors import actor_words, with_actor_now
from .changes import WorkingRow
from .models import Change
from .sources import source_words


@dataclass(frozen=True)
class FieldEdit:
    label: str
    before: object
    after: object


@dataclass(frozen=True)
class Edit:
    """One save. Personal fields are named in `personal`, never shown."""

    at: datetime.datetime
    by: str
    source: str  # in words
    is_created: bool
    fields: list[FieldEdit]
    personal: list[str]


def edits_of(row: WorkingRow) -> list[Edit]:
    """Newest first. What a field became is what the next save found, or what it holds now."""
    changes = Change.objects.filter(target=row._meta.label_lower, target_id=str(row.pk)).order_by("-id")
    changes = with_actor_now(changes)
    present = {name: field_of(row, name).to_python(value) for name, value in row.image().items()}
    edits = []
    for change in changes:
        fields = [
            FieldEdit(label_of(row, name), words(row, name, before), words(row, name, present.get(name)))
            for name, before in change.before.items()
            if not name.endswith("_key")  # derived from a column that is shown
        ]
        personal = [label_of(row, name) for name in change.personal or () if not name.endswith("_key")]
        source = source_words(change.source)
        edits.append(Edit(change.at, actor_words(change), source, change.is_created, fields, personal))
        present.update(change.before)
    return edits


def label_of(model: models.Model | type[models.Model], name: str) -> str:
    """The Chinese name of a column; a column that is gone keeps its name in code."""
    try:
        return str(field_of(model, name).verbose_name)
    except FieldDoesNotExist:
        return name


def words(model: models.Model | type[models.Model], name: str, value: object) -> Any:
    """A stored value for reading: choices by their label, keys by the row they lead to."""
    if value in (None, "", []):
        return ""
    if isinstance(value, list):
        return "、".join(str(item) for item in value)
    try:
        field = field_of(model, name)
    except FieldDoesNotExist:
        return value
    if field.is_relation:
        return field.related_model._base_manager.filter(pk=value).first() or value  # type: ignore[union-attr]
    return dict(field.flatchoices).get(value, value)


def field_of(model: models.Model | type[models.Model], name: str) -> models.Field:
    """The field whose name or column is `name`."""
    for field in model._meta.concrete_fields:
        if name in (field.name, field.attname):
            return field
    raise FieldDoesNotExist(name)
