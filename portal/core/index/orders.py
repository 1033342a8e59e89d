"""Pages of a result in a given order, without putting the result itself in order.

The default order is by document number, which a bitmap answers directly. Any other order of a collection is prepared by
whoever adds documents (`portal.core.index.sorting`), and stored: no request sorts anything.
"""

from array import array
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from threading import Lock

from django.db.models import F
from pyroaring import AbstractBitMap, BitMap

from portal.core.index.models import StoredOrder

_BLOCK = 4_096
_FEW = 2_048  # below this, sorting the ranks of a result is quicker than walking through blocks

Slice = Callable[[AbstractBitMap, int, int], list[int]]


def newest_first(result: AbstractBitMap, start: int, stop: int) -> list[int]:
    """Documents `start` to `stop` of a result, highest number first."""
    size = len(result)
    return oldest_first(result, max(size - stop, 0), max(size - start, 0))[::-1]


def oldest_first(result: AbstractBitMap, start: int, stop: int) -> list[int]:
    return list(result[start:stop]) if start < stop else []


class Order:
    """The documents of a collection in one order; a document it does not know yet stands last, by number."""

    def __init__(self, documents: Iterable[int]) -> None:
        self._documents = array("I", documents)

    @classmethod
    def sorted_by(cls, keys: Iterable[tuple[int, str]]) -> "Order":
        """From (document, key) pairs; equal keys by number."""
        return cls(document for _, document in sorted((key, document) for document, key in keys))

    @classmethod
    def unpacked(cls, packed: bytes) -> "Order":
        documents = array("I")
        documents.frombytes(packed)
        return cls(documents)

    def packed(self) -> bytes:
        return self._documents.tobytes()

    def __len__(self) -> int:
        return len(self._documents)

    def ascending(self, result: AbstractBitMap, start: int, stop: int) -> list[int]:
        ranked = result & self._known
        return self._with_unknown(result, self._ranked(ranked, start, stop), len(ranked), start, stop)

    def descending(self, result: AbstractBitMap, start: int, stop: int) -> list[int]:
        ranked = result & self._known
        size = len(ranked)
        found = self._ranked(ranked, max(size - stop, 0), max(size - start, 0))[::-1]
        return self._with_unknown(result, found, size, start, stop)

    @cached_property
    def _known(self) -> BitMap:
        return BitMap(self._documents)

    @cached_property
    def _blocks(self) -> list[tuple[BitMap, array]]:
        blocks = (self._documents[start : start + _BLOCK] for start in range(0, len(self._documents), _BLOCK))
        return [(BitMap(block), block) for block in blocks]

    @cached_property
    def _rank_of(self) -> array:
        ranks = array("I", bytes(4 * (max(self._documents, default=0) + 1)))
        for rank, document in enumerate(self._documents):
            ranks[document] = rank
        return ranks

    def _ranked(self, ranked: AbstractBitMap, start: int, stop: int) -> list[int]:
        if start >= stop:
            return []
        if len(ranked) <= _FEW:
            return sorted(ranked, key=self._rank_of.__getitem__)[start:stop]
        return self._walk(ranked, start, stop)

    def _walk(self, ranked: AbstractBitMap, start: int, stop: int) -> list[int]:
        """Pass over whole blocks by counting, and look into the few that hold the page."""
        found: list[int] = []
        passed = 0
        for block, documents in self._blocks:
            inside = block.intersection_cardinality(ranked)
            if passed + inside > start:
                hits = [document for document in documents if document in ranked]
                found += hits[max(start - passed, 0) : stop - passed]
            passed += inside
            if passed >= stop:
                break
        return found

    def _with_unknown(
        self, result: AbstractBitMap, found: list[int], size: int, start: int, stop: int
    ) -> list[int]:
        if stop <= size or size == len(result):
            return found
        return found + oldest_first(result - self._known, max(start - size, 0), stop - size)


def page_of(
    result: AbstractBitMap,
    page: int,
    size: int,
    by: Slice = newest_first,
    tiers: Sequence[AbstractBitMap] = (),
) -> list[int]:
    """The documents of a page, pages counted from 1. What is in an earlier tier stands before the rest, each part in its order."""
    start, stop = (page - 1) * size, page * size
    found: list[int] = []
    for part in _parts(result, tiers):
        if start < len(part):
            found += by(part, start, min(stop, len(part)))
        start, stop = max(start - len(part), 0), stop - len(part)
        if stop <= 0:
            break
    return found


def _parts(result: AbstractBitMap, tiers: Sequence[AbstractBitMap]) -> Iterable[AbstractBitMap]:
    for tier in tiers:
        yield result & tier
        result = result - tier
    yield result


def load_order(collection: str, name: str) -> Order:
    """A prepared order; empty when none was. One query, two when it changed since this process read it."""
    rows = StoredOrder.objects.filter(
        collection=collection, name=name, generation=F("collection__generation")
    )
    stamp = rows.values_list("stamp", flat=True).first()
    with _lock:
        held = _held.get((collection, name))
    if held and held[0] == stamp:
        return held[1]
    row = rows.values_list("stamp", "documents").first()
    if row is None:
        return Order(())
    order = Order.unpacked(bytes(row[1]))
    with _lock:
        _held[collection, name] = row[0], order
    return order


_lock = Lock()
_held: dict[tuple[str, str], tuple[str, Order]] = {}
