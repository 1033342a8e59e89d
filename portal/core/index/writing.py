"""Documents go in and out with all that is kept of them: terms and sort keys, in one transaction."""

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from pyroaring import AbstractBitMap, BitMap

from portal.core.index.documents import Document, Documents, by_term
from portal.core.index.postings import add_into, bitmap_of, discard
from portal.core.index.sorting import keys_of, place, put_keys
from portal.core.index.state import hold


@dataclass(frozen=True)
class Gathered:
    """Documents as they are written: each term once, with those of them that it stands for."""

    numbers: AbstractBitMap
    postings: Mapping[str, Documents]
    keys: Mapping[int, Mapping[str, str]]


@contextmanager
def no_collecting() -> Iterator[None]:
    """Hundreds of thousands of terms come and stay for a moment: to look through them for garbage, again and again, is a
    quarter of the work and finds nothing."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def gather(documents: Sequence[Document], said: str = "") -> Gathered:
    """What takes time is done here, before the collection is held. `said` is a term that all of them have."""
    postings = by_term(documents)
    numbers = bitmap_of(document.number for document in documents)
    if said:
        postings[said] = numbers
    return Gathered(numbers, postings, {document.number: document.keys for document in documents})


def write(collection: str, documents: Sequence[Document]) -> None:
    """Index documents; again, it changes nothing. Their places in the orders are given by `place`."""
    write_gathered(collection, gather(documents))


@transaction.atomic
def write_gathered(collection: str, gathered: Gathered) -> None:
    held = hold(collection, BitMap(gathered.numbers))
    for generation in held.written:
        add_into(collection, generation, gathered.postings)
    put_keys(collection, held.written, gathered.keys)
    # A generation that a killed rebuild left behind keeps no older key: it may spell a redacted name.
    keys_of(collection, gathered.numbers).exclude(generation__in=held.written).delete()


def write_sorted(collection: str, documents: Sequence[Document]) -> None:
    """Index documents and put them into their places in all orders, even if a run before was broken off in between."""
    write(collection, documents)
    place(collection, bitmap_of(document.number for document in documents))


@transaction.atomic
def take_out(collection: str, documents: Sequence[Document]) -> None:
    """Forget documents that will not be public; they still say what was indexed."""
    discard(collection, by_term(documents))
    keys_of(collection, bitmap_of(document.number for document in documents)).delete()
