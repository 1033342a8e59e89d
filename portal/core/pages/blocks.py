"""Slots: how a page shows what rooms above its own know, without importing them.

A room puts its blocks into a module `blocks`, which is found at the start; a page draws them with `{% slot NAME subject %}`.
A block answers what its template needs, or None where it has nothing to show.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from portal.core.pages.reading import ReadAt

Gather = Callable[[ReadAt, Any], dict | None]


@dataclass(frozen=True)
class Block:
    """`gather(reading, subject)` asks a constant number of queries; `place` orders the blocks of a slot."""

    place: int
    template: str
    gather: Gather


_slots: defaultdict[str, list[Block]] = defaultdict(list)


def fills(slot: str, template: str, *, place: int = 100) -> Callable[[Gather], Gather]:
    """Decorate the function that gathers for a template: it becomes a block of that slot."""

    def register(gather: Gather) -> Gather:
        _slots[slot].append(Block(place, template, gather))
        _slots[slot].sort(key=lambda block: block.place)
        return gather

    return register


def blocks_of(slot: str) -> list[Block]:
    return _slots.get(slot, [])
