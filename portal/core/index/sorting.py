"""Sort keys and the orders made from them.

A document's key is kept, so that a new one is put into its place by comparing it with some twenty others, not by reading all
keys again. An order is made outside the lock of the collection and stored under it if nobody wrote meanwhile.
"""

import json
import secrets
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.fields.json import KT
from pyroaring import AbstractBitMap, BitMap

from portal.core.index.documents import in_lists
from portal.core.index.models import IndexState, SortKey, StoredOrder
from portal.core.index.orders import packed
from portal.core.index.state import hold, locked
from portal.core.index.upsert import upsert

KEYS_A_QUERY = 5_000
_TRIES = 3

Place = tuple[str, int]  # a key, and the document that has it: equal keys stand by number
Probe = Callable[[Iterable[int]], Mapping[int, str]]


def put_keys(collection: str, generations: Iterable[int], keys: Mapping[int, Mapping[str, str]]) -> None:
    """For whoever holds the collection."""
    for generation in generations:
        upsert(
            SortKey,
            ["collection", "document", "generation", "keys"],
            ((collection, number, generation, json.dumps(key)) for number, key in keys.items() if key),
            unique=["collection", "document", "generation"],
        )


def keys_of(collection: str, documents: Sequence[int] | AbstractBitMap) -> QuerySet[SortKey]:
    """Of documents in ascending order. Those of a batch follow each other: two ends say the same as thousands of numbers."""
    keys = SortKey.objects.filter(collection=collection)
    if documents and documents[-1] - documents[0] == len(documents) - 1:
        return keys.filter(document__range=(documents[0], documents[-1]))
    return keys.filter(document__in=list(documents))


def place(collection: str, documents: AbstractBitMap) -> None:
    """Put documents into their places in all orders, by the keys that are stored of them.

    In a transaction of the caller's the collection is held already: nothing is won by sorting before.
    """
    is_held = connection.in_atomic_block
    if is_held or not any(_placed_meanwhile(collection, documents) for _ in range(_TRIES)):
        _place_under_the_lock(collection, documents)


def sorted_order(collection: str, generation: int, name: str) -> array:
    """From all keys; equal keys by number."""
    rows = SortKey.objects.filter(collection=collection, generation=generation)
    pairs = rows.annotate(key=KT(f"keys__{name}")).values_list("key", "document")
    return _documents(sorted(pair for pair in pairs.iterator(chunk_size=10_000) if pair[0] is not None))


def names_in(collection: str, generation: int) -> list[str]:
    """The orders of a collection: every document of it has a key in each."""
    rows = SortKey.objects.filter(collection=collection, generation=generation)
    return sorted(rows.values_list("keys", flat=True).order_by("-pk").first() or ())


def save_order(collection: str, generation: int, name: str, documents: array) -> None:
    """For whoever holds the collection."""
    ranks, halves = packed(documents)
    upsert(
        StoredOrder,
        ["collection", "name", "generation", "stamp", "documents", "ranks", "halves"],
        [(collection, name, generation, secrets.token_hex(12), documents.tobytes(), ranks, halves)],
        unique=["collection", "name", "generation"],
    )


def _placed_meanwhile(collection: str, documents: AbstractBitMap) -> bool:
    """Whether nobody wrote between reading the keys and storing the orders."""
    seen = IndexState.objects.filter(pk=collection).values_list("generation", "stamp").first()
    changed = _changed_orders(collection, seen[0], documents) if seen else {}
    with transaction.atomic():
        state = locked(collection)
        if (state.generation, state.stamp) != seen:
            return False
        for name, order in changed.items():
            save_order(collection, state.generation, name, order)
        return True


@transaction.atomic
def _place_under_the_lock(collection: str, documents: AbstractBitMap) -> None:
    live = hold(collection).live
    for name, order in _changed_orders(collection, live, documents).items():
        save_order(collection, live, name, order)


def _changed_orders(collection: str, generation: int, documents: AbstractBitMap) -> dict[str, array]:
    stored = StoredOrder.objects.filter(collection=collection, generation=generation)
    before = {name: array("I", bytes(order)) for name, order in stored.values_list("name", "documents")}
    after = {
        name: _with_places(before.get(name, array("I")), sorted(places), collection, generation, name)
        for name, places in _places(collection, generation, documents).items()
    }
    return {name: order for name, order in after.items() if order != before.get(name)}


def _places(collection: str, generation: int, documents: AbstractBitMap) -> dict[str, list[Place]]:
    """By order, the keys of these documents."""
    places: defaultdict[str, list[Place]] = defaultdict(list)
    for some in in_lists(documents, KEYS_A_QUERY):
        rows = keys_of(collection, some).filter(generation=generation)
        for number, keys in rows.values_list("document", "keys"):
            for name, key in keys.items():
                places[name].append((key, number))
    return places


def _with_places(order: array, places: Sequence[Place], collection: str, generation: int, name: str) -> array:
    """The order with these documents in their places. Sorted anew where that is less work, or where it has a document that
    lost its key since, as one that was sent back has."""
    moved = BitMap(document for _key, document in places)
    rest = (
        array("I", (document for document in order if document not in moved))
        if moved & BitMap(order)
        else order
    )

    def probe(documents: Iterable[int]) -> dict[int, str]:
        keys: dict[int, str] = {}
        for some in in_lists(sorted(documents), KEYS_A_QUERY):
            rows = keys_of(collection, some).filter(generation=generation)
            keys |= rows.annotate(key=KT(f"keys__{name}")).values_list("document", "key")
        return keys

    try:
        if len(places) * len(rest).bit_length() <= len(rest):
            return _merged(rest, places, _starts(rest, places, probe))
    except KeyError:
        pass
    return sorted_order(collection, generation, name) if rest else _documents(places)


def _starts(order: array, places: Sequence[Place], probe: Probe) -> list[int]:
    """For each place where in the order it belongs, all of them halved in step: a query a step. Raises KeyError."""
    low, high = [0] * len(places), [len(order)] * len(places)
    keys: dict[int, str] = {}
    while asked := {(one + other) // 2 for one, other in zip(low, high, strict=True) if one < other}:
        keys |= probe({order[middle] for middle in asked} - keys.keys())
        for at, place_ in enumerate(places):
            if low[at] < high[at]:
                middle = (low[at] + high[at]) // 2
                if (keys[order[middle]], order[middle]) < place_:
                    low[at] = middle + 1
                else:
                    high[at] = middle
    return low


def _merged(order: array, places: Sequence[Place], starts: Sequence[int]) -> array:
    merged, taken = array("I"), 0
    for (_key, document), start in zip(places, starts, strict=True):
        merged += order[taken:start]
        merged.append(document)
        taken = start
    return merged + order[taken:]


def _documents(places: Iterable[Place]) -> array:
    return array("I", (document for _key, document in places))
