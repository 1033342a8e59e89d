"""The collections that rooms above keep, so that one command builds and checks them all."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Kept:
    """`rebuild()` indexes everything anew and returns the number of documents; `faults()` names terms that differ."""

    collection: str
    rebuild: Callable[[], int]
    faults: Callable[[], list[str]]


_kept: dict[str, Kept] = {}


def keep(collection: str, *, rebuild: Callable[[], int], faults: Callable[[], list[str]]) -> None:
    """Called once by the room, when it is ready."""
    _kept[collection] = Kept(collection, rebuild, faults)


def kept() -> list[Kept]:
    return list(_kept.values())
