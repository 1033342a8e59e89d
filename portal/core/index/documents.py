"""What is found: a numbered document with its terms and what it is sorted by."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from django.db import models
from pyroaring import AbstractBitMap, BitMap

from portal.core.text.tokens import shorter

Documents = Iterable[int] | AbstractBitMap
Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Document:
    """`number` is the primary key of its row; `keys` are its sort keys, by order: every document of a collection has a key in
    each of its orders.

    `terms` are of this document. `texts` are the longest terms of its texts (`portal.core.text.remembered`): documents that
    have a text in common share one object, which is gone through once for all of them, and the shorter terms follow.
    """

    number: int
    terms: Iterable[str]
    keys: Mapping[str, str] = field(default_factory=dict)
    texts: Sequence[Sequence[str]] = ()


class Gathering:
    """Documents by term, as they come."""

    def __init__(self) -> None:
        self.pairs = 0  # of a term and a document
        self._postings: defaultdict[str, list[int]] = defaultdict(list)
        self._texts: dict[int, tuple[Sequence[str], list[int]]] = {}  # by identity, which is quick

    def add(self, document: Document) -> None:
        number, postings, texts = document.number, self._postings, self._texts
        pairs = 0
        for term in document.terms:
            postings[term].append(number)
            pairs += 1
        for text in document.texts:
            if found := texts.get(id(text)):
                found[1].append(number)
            else:
                texts[id(text)] = text, [number]
            pairs += len(text)
        self.pairs += pairs

    def postings(self) -> dict[str, Documents]:
        """By term the documents, one maybe twice. Asked once."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for text, numbers in self._texts.values():
            if len(numbers) == 1:
                for term in text:
                    found[term].append(numbers[0])
            else:
                for term in text:
                    found[term] += numbers
        complete = _with_shorter(found)
        for term, numbers in self._postings.items():
            complete[term] = BitMap(complete[term]) | BitMap(numbers) if term in complete else numbers
        return complete


def by_term(documents: Iterable[Document]) -> dict[str, Documents]:
    gathering = Gathering()
    for document in documents:
        gathering.add(document)
    return gathering.postings()


def _with_shorter(found: Mapping[str, list[int]]) -> dict[str, Documents]:
    """A document that has a term of three characters has its parts of two, and they those of one."""
    complete: dict[str, Documents] = dict(found)
    for length in (3, 2):
        parts: defaultdict[str, list[AbstractBitMap]] = defaultdict(list)
        for term in [term for term in complete if len(term) - 2 * term.startswith("n:") == length]:
            if shorter_ones := shorter(term):
                bitmap = BitMap(complete[term])
                for part in shorter_ones:
                    parts[part].append(bitmap)
        for part, bitmaps in parts.items():
            complete[part] = BitMap(complete.get(part, ())).union(*bitmaps)
    return complete


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
