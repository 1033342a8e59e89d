"""The generation that a rebuild fills, beside the one that is read."""

import secrets
from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from django.db import transaction
from pyroaring import AbstractBitMap

from portal.core.index.documents import Document
from portal.core.index.keys import next_generation
from portal.core.index.models import IndexState, Posting, SortKey, StoredOrder
from portal.core.index.postings import NOTHING, put_into, save_postings, stored_in
from portal.core.index.sorting import names_in, put_keys, save_order, sorted_order
from portal.core.index.state import locked, touched_of
from portal.core.text.tokens import RULES

ROWS_A_STEP = 5_000
_TRIES = 3


class Overtaken(Exception):
    """Another rebuild has begun: what this one has written will not be read."""

    def __init__(self, collection: str):
        super().__init__(f"检索「{collection}」的这次重建已被另一次取代，不再继续。")


class Building:
    """Every step is a transaction that holds the collection, and goes on only while the generation is still wanted."""

    def __init__(self, collection: str, generation: int):
        self.collection, self.generation = collection, generation

    @classmethod
    @transaction.atomic
    def begin(cls, collection: str) -> "Building":
        state = locked(collection)
        state.building = next_generation(state.generation, state.building or 0)
        state.touched = b""
        state.save(update_fields=["building", "touched"])
        return cls(collection, state.building)

    @contextmanager
    def step(self) -> Iterator[IndexState]:
        with transaction.atomic():
            state = locked(self.collection)
            if state.building != self.generation:
                raise Overtaken(self.collection)
            yield state

    def write_keys(self, documents: Sequence[Document]) -> None:
        with self.step() as state:
            touched = touched_of(state)
            untouched = [document for document in documents if document.number not in touched]
            keys = {document.number: document.keys for document in untouched}
            put_keys(self.collection, [self.generation], keys)

    def write_postings(self, postings: Mapping[str, AbstractBitMap]) -> None:
        """Each term comes once: what is stored of it already was written by others meanwhile."""
        with self.step() as state:
            if touched := touched_of(state):
                stored = dict(stored_in(self.collection, self.generation, list(postings)))
                merged = {
                    term: (bitmap - touched) | stored.get(term, NOTHING) for term, bitmap in postings.items()
                }
                postings = {term: bitmap for term, bitmap in merged.items() if bitmap}
            save_postings(self.collection, self.generation, postings)

    def put(self, postings: Mapping[str, AbstractBitMap]) -> None:
        """Let terms that no document has of itself stand for these."""
        with self.step():
            put_into(self.collection, self.generation, postings)

    def swap(self) -> None:
        """Let readers see this generation. It is sorted outside the lock, unless others write all the time."""
        for _ in range(_TRIES):
            stamp = IndexState.objects.values_list("stamp", flat=True).get(pk=self.collection)
            orders = self._orders()
            with self.step() as state:
                if state.stamp == stamp:
                    return self._swap_in(state, orders)
        with self.step() as state:
            return self._swap_in(state, self._orders())

    def _orders(self) -> dict[str, array]:
        names = names_in(self.collection, self.generation)
        return {name: sorted_order(self.collection, self.generation, name) for name in names}

    def _swap_in(self, state: IndexState, orders: Mapping[str, array]) -> None:
        for name, order in orders.items():
            save_order(self.collection, self.generation, name, order)
        state.generation, state.building, state.touched = self.generation, None, b""
        state.stamp = state.built = secrets.token_hex(12)
        state.rules = RULES
        state.save()


def sweep(collection: str) -> None:
    """Delete in small steps what is neither read nor being built."""
    state = IndexState.objects.get(pk=collection)
    wanted = {state.generation, state.building}
    for model in (Posting, SortKey, StoredOrder):
        last = 0
        rows = model._default_manager.filter(collection=collection).order_by("pk")
        while found := list(rows.filter(pk__gt=last).values_list("pk", "generation")[:ROWS_A_STEP]):
            dead = [pk for pk, generation in found if generation not in wanted]
            model._default_manager.filter(pk__in=dead).delete()
            last = found[-1][0]
