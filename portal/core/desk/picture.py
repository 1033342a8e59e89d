"""The whole picture of a record: each room says its part, and the page of the record puts them together."""

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

SHOWN = 14  # rows of a section
LOGGED = 12

Words = str | SafeString


@dataclass(frozen=True)
class Section:
    """A table below the head. The first cell of a row is its name; `total` counts what is not shown too."""

    slug: str
    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Words]]
    total: int
    more_href: str = ""
    note: str = ""

    @property
    def marked(self) -> list[tuple[Words, list[tuple[str, Words]]]]:
        """The name of each row, and its other cells with the words of their columns."""
        return [(row[0], list(zip(self.heads[1:], row[1:], strict=True))) for row in self.rows]


@dataclass(frozen=True)
class Difference:
    """What the public reads, what the row says now, who changed it, and where it is on its way to the public."""

    label: str
    before: str
    after: str
    by: str = ""
    where: Words = ""


@dataclass(frozen=True)
class Logged:
    at: datetime.datetime
    words: Words


@dataclass
class Picture:
    status: Words = ""
    public_href: str = ""
    differences: list[Difference] = field(default_factory=list)
    drafts: list[tuple[str, str]] = field(default_factory=list)
    facts: list[tuple[str, Words]] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    log: list[Logged] = field(default_factory=list)

    def newest(self) -> list[Logged]:
        return sorted(self.log, key=lambda one: one.at, reverse=True)[:LOGGED]


Part = Callable[[HttpRequest, Any, Picture], None]


def link(href: str, words: object) -> SafeString:
    return format_html('<a href="{}">{}</a>', href, words)


def drawn(parts: Iterable[Part], request: HttpRequest, obj: models.Model) -> Picture:
    picture = Picture()
    for part in parts:
        part(request, obj, picture)
    return picture
