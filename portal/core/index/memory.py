"""Postings that this process has read, so that the terms of every page are not read and unpacked at every request.

What is held belongs to one stamp of its collection. A reader learns the stamp in force with each read (`postings.fetch`), and
what belongs to another stamp is dropped: no process shows old postings because another one wrote.
"""

from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock

from pyroaring import FrozenBitMap

from portal.core.forgetting import forgets

_LIMIT = 64 * 1024 * 1024
_OVERHEAD = 400  # of one entry, besides its bitmap


class Memory:
    """The postings last used, up to `limit` bytes; safe between the threads of a process."""

    def __init__(self, limit: int = _LIMIT) -> None:
        self._limit = limit
        self._lock = Lock()
        self._stamps: dict[str, str] = {}
        self._held: OrderedDict[tuple[str, str], tuple[FrozenBitMap, int]] = OrderedDict()
        self._size = 0

    def recall(self, collection: str, terms: Iterable[str]) -> tuple[str | None, dict[str, FrozenBitMap]]:
        """The stamp that is known and those of `terms` that are held under it."""
        if forgets():
            return None, {}
        with self._lock:
            found, held, used = {}, self._held, self._held.move_to_end
            for term in terms:
                key = collection, term
                if entry := held.get(key):
                    used(key)
                    found[term] = entry[0]
            return self._stamps.get(collection), found

    def keep(self, collection: str, stamp: str, postings: dict[str, tuple[FrozenBitMap, int]]) -> None:
        """Hold postings with their sizes in bytes; a new stamp first drops what the collection had."""
        if forgets():
            return
        with self._lock:
            if self._stamps.get(collection) != stamp:
                self._drop(collection)
                self._stamps[collection] = stamp
            for term, (bitmap, size) in postings.items():
                self._put((collection, term), bitmap, size + _OVERHEAD)
            while self._size > self._limit:
                self._size -= self._held.popitem(last=False)[1][1]

    def _put(self, key: tuple[str, str], bitmap: FrozenBitMap, size: int) -> None:
        if before := self._held.pop(key, None):
            self._size -= before[1]
        self._held[key] = bitmap, size
        self._size += size

    def _drop(self, collection: str) -> None:
        for key in [key for key in self._held if key[0] == collection]:
            self._size -= self._held.pop(key)[1]


MEMORY = Memory()
