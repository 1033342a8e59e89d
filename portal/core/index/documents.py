"""What is found: a numbered document with its terms and what it is sorted by."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from django.db import models

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Document:
    """`number` is the primary key of its row; `keys` are its sort keys, by order."""

    number: int
    terms: Iterable[str]
    keys: Mapping[str, str] = field(default_factory=dict)


def by_term(documents: Iterable[Document]) -> dict[str, list[int]]:
    postings: defaultdict[str, list[int]] = defaultdict(list)
    for document in documents:
        for term in document.terms:
            postings[term].append(document.number)
    return postings


def rows_in_steps(rows: models.QuerySet, size: int) -> Iterator[list]:
    """Rows of a queryset by primary key. No cursor stays open between two lists: SQLite lets nobody write who still reads
    what was there before another's write."""
    last = -1
    while found := list(rows.filter(pk__gt=last).order_by("pk")[:size]):
        yield found
        last = found[-1].pk


def in_lists(things: Iterable[Thing], size: int) -> Iterator[list[Thing]]:
    iterator = iter(things)
    while part := list(islice(iterator, size)):
        yield part
