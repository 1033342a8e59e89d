"""What a process reads once and holds as long as nothing public changes and the search index is the same."""

from collections.abc import Callable, Hashable
from typing import TypeVar

from portal.core.pages.cache import seen
from portal.core.pages.memory import Memory

Value = TypeVar("Value")


def until_changed(memory: Memory[Value], edition: int, key: Hashable, make: Callable[[], Value]) -> Value:
    """`key` says what it depends on besides the edition read. Made anew where the state of a second ago is not known, or does
    not know that edition: it may be in a transaction that nobody else sees."""
    state = seen.fresh()
    if state is None or not 0 < edition <= state.number:
        return make()
    return memory.kept((state, edition, key), make)
