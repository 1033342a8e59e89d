"""The collections that rooms above keep, so that one command builds and checks them all."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.core.index.documents import Document

if TYPE_CHECKING:
    from portal.core.index.building import Building

Closing = Callable[["Building"], None]


def nothing_to_close() -> Closing:
    return lambda building: None


def nothing_to_make_ready() -> None:
    pass


@dataclass(frozen=True)
class Kept:
    """One collection.

    `documents()` gives all that is to be found, without an open cursor between two (`rows_in_steps`). `closing()` is called
    before them and gives what is called after them: it puts the terms that no document has of itself. `faults()` names
    terms that differ. `is_empty()` says whether there is anything to find. `swapped()` is called when another generation is
    read: it makes ready what the room works out from the index.
    """

    collection: str
    label: str
    documents: Callable[[], Iterable[Document]]
    faults: Callable[[], list[str]]
    is_empty: Callable[[], bool]
    closing: Callable[[], Closing] = nothing_to_close
    swapped: Callable[[], None] = nothing_to_make_ready


_kept: dict[str, Kept] = {}


def keep(collection: Kept) -> None:
    """Called once by the room, when it is ready."""
    _kept[collection.collection] = collection


def kept() -> list[Kept]:
    return list(_kept.values())
