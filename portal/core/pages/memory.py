"""What a process remembers of what it has drawn or read: bounded in bytes, the longest unused goes first.

A key carries everything that the value depends on. Nothing is ever told to be wrong here: what is over is not asked for again.
"""

import sys
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar
from weakref import WeakSet

from portal.core.forgetting import forgets

Value = TypeVar("Value")
MEGABYTE = 1024 * 1024
OVERHEAD = 500  # of one entry beside its value: the key, two links, the object

_all: WeakSet["Memory"] = WeakSet()


class Memory(Generic[Value]):
    """Values last used, up to `limit` bytes; safe between the threads of a process."""

    def __init__(self, limit: int):
        self.limit = limit
        self.size = 0
        self._lock = Lock()
        self._held: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        _all.add(self)

    def get(self, key: Hashable) -> Value | None:
        if forgets():
            return None
        with self._lock:
            entry = self._held.get(key)
            if entry is None:
                return None
            self._held.move_to_end(key)
            return entry[0]

    def put(self, key: Hashable, value: Value, size: int) -> None:
        if forgets():
            return
        size += OVERHEAD
        with self._lock:
            self.size += size - self._held.pop(key, (None, 0))[1]
            self._held[key] = value, size
            while self.size > self.limit:
                self.size -= self._held.popitem(last=False)[1][1]

    def kept(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value for `key`, made where there is none; for text, or for what is small beside the limit. Nothing is not
        kept."""
        value = self.get(key)
        if value is None:
            value = make()
            if value is not None:
                self.put(key, value, sys.getsizeof(value))
        return value

    def clear(self) -> None:
        with self._lock:
            self._held.clear()
            self.size = 0

    def values(self) -> list[Value]:
        with self._lock:
            return [value for value, _size in self._held.values()]

    def __len__(self) -> int:
        return len(self._held)


def forget_everything() -> None:
    """For tests, each of which begins with an empty process."""
    for memory in _all:
        memory.clear()
