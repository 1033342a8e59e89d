"""Sort keys and the orders made from them.

A document's key is kept, so that a new one costs one key and not all of them. An order is sorted outside the lock of the
collection and stored under it if nobody wrote meanwhile: at a million documents sorting takes seconds.
"""

import secrets
from collections.abc import Iterable, Sequence

from django.db import connection, transaction
from pyroaring import AbstractBitMap

from portal.core.index.documents import Document
from portal.core.index.models import IndexState, SortKey, StoredOrder
from portal.core.index.orders import Order
from portal.core.index.state import hold, locked

KEYS_A_STATEMENT = 2_000
_TRIES = 3


def put_keys(collection: str, generations: Iterable[int], documents: Sequence[Document]) -> None:
    """For whoever holds the collection."""
    rows = [
        SortKey(collection=collection, generation=generation, name=name, document=document.number, key=key)
        for generation in generations
        for document in documents
        for name, key in document.keys.items()
    ]
    SortKey.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["collection", "name", "document", "generation"],
        update_fields=["key"],
        batch_size=KEYS_A_STATEMENT,
    )


def changed_orders(collection: str, generation: int, documents: Iterable[Document]) -> set[str]:
    """Orders in which one of the documents is to stand elsewhere than now."""
    wanted = {(name, document.number): key for document in documents for name, key in document.keys.items()}
    numbers = {number for _name, number in wanted}
    for name, number, key in (
        keys_of(collection, numbers).filter(generation=generation).values_list("name", "document", "key")
    ):
        if wanted.get((name, number)) == key:
            del wanted[name, number]
    return {name for name, _number in wanted}


def keys_of(collection: str, documents: Iterable[int] | AbstractBitMap):
    return SortKey.objects.filter(collection=collection, document__in=list(documents))


def refresh_orders(collection: str, names: Iterable[str]) -> None:
    """Sort these orders anew from the keys."""
    for name in sorted(names):
        _refresh(collection, name)


def sorted_order(collection: str, generation: int, name: str) -> bytes:
    keys = SortKey.objects.filter(collection=collection, generation=generation, name=name)
    return Order.sorted_by(keys.values_list("document", "key").iterator(chunk_size=10_000)).packed()


def names_in(collection: str, generation: int) -> list[str]:
    keys = SortKey.objects.filter(collection=collection, generation=generation)
    return sorted(keys.values_list("name", flat=True).distinct())


def save_order(collection: str, generation: int, name: str, packed: bytes) -> None:
    """For whoever holds the collection."""
    StoredOrder.objects.update_or_create(
        collection_id=collection,
        generation=generation,
        name=name,
        defaults={"stamp": secrets.token_hex(12), "documents": packed},
    )


def _refresh(collection: str, name: str) -> None:
    """In a transaction of the caller's the collection is held already: nothing is won by sorting before."""
    is_held = connection.in_atomic_block
    if is_held or not any(_refreshed_meanwhile(collection, name) for _ in range(_TRIES)):
        _refresh_under_the_lock(collection, name)


def _refreshed_meanwhile(collection: str, name: str) -> bool:
    """Whether nobody wrote between reading the keys and storing their order."""
    seen = IndexState.objects.filter(pk=collection).values_list("generation", "stamp").first()
    packed = sorted_order(collection, seen[0], name) if seen else b""
    with transaction.atomic():
        state = locked(collection)
        if (state.generation, state.stamp) != seen:
            return False
        save_order(collection, state.generation, name, packed)
        return True


@transaction.atomic
def _refresh_under_the_lock(collection: str, name: str) -> None:
    live = hold(collection).live
    save_order(collection, live, name, sorted_order(collection, live, name))
