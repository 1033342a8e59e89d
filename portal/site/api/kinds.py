"""What the interface knows: kinds of records, each with its list, its records, and the names that they have."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django.http import HttpRequest

from portal.core.pages.filters import DeclaredFilters
from portal.core.pages.parameters import Query
from portal.core.pages.reading import ReadAt

from .cursors import Found

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
TEXT_OR_NOT: Schema = {"type": ["string", "null"]}
NUMBER: Schema = {"type": "integer"}
NUMBER_OR_NOT: Schema = {"type": ["integer", "null"]}
TRUTH: Schema = {"type": "boolean"}
DAY_OR_NOT: Schema = {"type": ["string", "null"], "format": "date"}
ADDRESS_OR_NOT: Schema = {"type": ["string", "null"]}


def titled(schema: Schema, title: object) -> Schema:
    return {"title": str(title), **schema} if title else schema


def listed(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def thing(properties: Mapping[str, Schema]) -> Schema:
    """Every name is always there."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


class Kind:
    """One kind of record. Its list is found as its page finds it."""

    name: ClassVar[str]  # in addresses: /api/v1/<name>
    label: ClassVar[str]
    page: ClassVar[str]  # what to put before a number for the page that people read
    parts: ClassVar[tuple[str, ...]] = ("number",)  # what names a record in its address
    front: ClassVar[str]  # of the keys of its public rows
    more: ClassVar[dict[str, Schema]] = {}  # what its record says beside its row

    def find(self, request: HttpRequest, query: Query, reading: ReadAt) -> Found:
        """Raises BadParameter."""
        raise NotImplementedError

    def record(self, request: HttpRequest, reading: ReadAt, **named: str) -> tuple[str, dict[str, Any]]:
        """The row as JSON, and what is said beside it. Raises NeverPublic, Refused where it came later, or Moved."""
        raise NotImplementedError

    def filters(self, reading: ReadAt) -> DeclaredFilters:
        """Without a choice: what the list may be asked."""
        raise NotImplementedError

    def row(self, reading: ReadAt) -> dict[str, Schema]:
        """Names of a row, each with its schema."""
        raise NotImplementedError

    def sealed(self) -> dict[str, Schema]:
        """Names of what was published, without what a day makes of it."""
        raise NotImplementedError

    def said(self, numbers: Sequence[int], reading: ReadAt) -> Iterable[str]:
        """The JSON of public rows as they were published, in the order of their numbers in the database. Of batches it is
        asked by edition (`Batches.said_at`).
        """
        raise NotImplementedError


class Moved(Exception):
    """The record has another number now."""

    def __init__(self, *parts: str):
        super().__init__(*parts)
        self.parts = parts
