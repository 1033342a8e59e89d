"""The state row of a collection: its writers take it first and hold it to the end of their transaction.

The order of locks in the house is batch or record, then the door of editions, then this row. Whoever writes to several
collections in one transaction takes their rows with `hold_all` before the first.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from pyroaring import AbstractBitMap, BitMap

from portal.core.index.models import IndexState
from portal.core.text.tokens import RULES


@dataclass(frozen=True)
class Held:
    """A collection whose row is locked: the generation that is read, and the one that a rebuild fills, if any."""

    live: int
    building: int | None

    @property
    def written(self) -> tuple[int, ...]:
        """Where a writer writes."""
        return (self.live,) if self.building is None else (self.live, self.building)


def hold(collection: str, documents: AbstractBitMap | None = None) -> Held:
    """Lock the collection and tell readers that what they remember is over.

    `documents` are those that the caller now writes or takes out with all of their terms: a running rebuild leaves them to
    him, because it may have read them before he changed them.
    """
    state = locked(collection)
    state.stamp = secrets.token_hex(12)
    if state.building is not None and documents:
        state.touched = (touched_of(state) | documents).serialize()
    state.save(update_fields=["stamp", "touched"])
    return Held(state.generation, state.building)


def hold_all(collections: Iterable[str]) -> None:
    """In one order whoever comes, so that no two writers wait for each other."""
    for collection in sorted(collections):
        locked(collection)


def locked(collection: str) -> IndexState:
    rows = IndexState.objects.select_for_update()
    if state := rows.filter(pk=collection).first():
        return state
    IndexState.objects.get_or_create(pk=collection, defaults={"stamp": "", "rules": RULES})
    return rows.get(pk=collection)


def touched_of(state: IndexState) -> BitMap:
    return BitMap.deserialize(bytes(state.touched)) if state.touched else BitMap()
