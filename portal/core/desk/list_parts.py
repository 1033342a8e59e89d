"""What a room above adds to the list of a room below: filters, columns, and links that set filters."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models


@dataclass(frozen=True)
class ListPart:
    """`annotate` gives rows what the columns say; `views` are (label, query string, or address of another list). The filters become one class with those of
    the page: methods of the same name would stand for each other."""

    filters: type[Any]
    columns: tuple[Callable[[Any], Any], ...] = ()
    annotate: Callable[[models.QuerySet], models.QuerySet] = lambda rows: rows
    views: tuple[tuple[str, str], ...] = ()
