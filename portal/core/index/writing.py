"""Documents go in and out with all that is kept of them: terms and sort keys, in one transaction."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from pyroaring import BitMap

from portal.core.index.documents import Document, by_term
from portal.core.index.postings import add_into, discard
from portal.core.index.sorting import changed_orders, keys_of, put_keys, refresh_orders
from portal.core.index.state import hold


@transaction.atomic
def write(collection: str, documents: Sequence[Document]) -> set[str]:
    """Index documents; again, it changes nothing. Returns the orders that have to be sorted anew (`refresh_orders`)."""
    numbers = BitMap(document.number for document in documents)
    held = hold(collection, numbers)
    moved = changed_orders(collection, held.live, documents)
    postings = by_term(documents)
    for generation in held.written:
        add_into(collection, generation, postings)
    put_keys(collection, held.written, documents)
    # A generation that a killed rebuild left behind keeps no older key: it may spell a redacted name.
    keys_of(collection, numbers).exclude(generation__in=held.written).delete()
    return moved


def write_sorted(collection: str, documents: Sequence[Document]) -> None:
    """Index documents and put them into their places in all orders, even if a run before was broken off in between."""
    write(collection, documents)
    refresh_orders(collection, orders_of(documents))


def orders_of(documents: Iterable[Document]) -> set[str]:
    return {name for document in documents for name in document.keys}


@transaction.atomic
def take_out(collection: str, documents: Sequence[Document]) -> None:
    """Forget documents that will not be public; they still say what was indexed."""
    discard(collection, by_term(documents))
    keys_of(collection, [document.number for document in documents]).delete()
