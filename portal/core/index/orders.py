"""Pages of a result in a given order, without putting the result itself in order.

The default order is by document number, which a bitmap answers directly. Any other order of a collection is prepared by
whoever adds documents (`portal.core.index.sorting`), and stored as ranks: the rank of each document, and for each of the
upper bits of a rank the documents that have it. The documents between two places of any result are found by halving it bit by
bit, the last page as quickly as the first: no request sorts more than `_FEW` documents.
"""

from array import array
from collections.abc import Callable, Iterable, Sequence
from threading import Lock

from django.db.models import F
from pyroaring import AbstractBitMap, BitMap

from portal.core.index.models import StoredOrder
from portal.core.index.packing import pack_bitmaps, unpack_bitmaps

_FEW = 512  # so many are sorted by their ranks

Slice = Callable[[AbstractBitMap, int, int], list[int]]


def newest_first(result: AbstractBitMap, start: int, stop: int) -> list[int]:
    """Documents `start` to `stop` of a result, highest number first."""
    size = len(result)
    return oldest_first(result, max(size - stop, 0), max(size - start, 0))[::-1]


def oldest_first(result: AbstractBitMap, start: int, stop: int) -> list[int]:
    return list(result[start:stop]) if start < stop else []


class Order:
    """The documents of a collection in one order; a document it does not know yet stands last, by number."""

    def __init__(self, ranks: array, halves: Sequence[AbstractBitMap]) -> None:
        """`halves`: all documents; then for each bit of a rank, the highest first, the documents that have it."""
        self._ranks = ranks
        self._known, *self._halves = halves

    @classmethod
    def of(cls, documents: Iterable[int]) -> "Order":
        return cls.unpacked(*packed(array("I", documents)))

    @classmethod
    def unpacked(cls, ranks: bytes, halves: bytes) -> "Order":
        numbers = array("I")
        numbers.frombytes(ranks)
        return cls(numbers, list(unpack_bitmaps(halves)))

    def __len__(self) -> int:
        return len(self._known)

    def ascending(self, result: AbstractBitMap, start: int, stop: int) -> list[int]:
        ranked = result & self._known
        return self._with_unknown(result, self._between(ranked, start, stop), len(ranked), start, stop)

    def descending(self, result: AbstractBitMap, start: int, stop: int) -> list[int]:
        ranked = result & self._known
        size = len(ranked)
        found = self._between(ranked, max(size - stop, 0), max(size - start, 0))[::-1]
        return self._with_unknown(result, found, size, start, stop)

    def _between(self, found: AbstractBitMap, start: int, stop: int, bit: int = 0) -> list[int]:
        """The documents from place `start` to `stop`. All of `found` have the same bits before `bit`."""
        if start >= min(stop, len(found)):
            return []
        if len(found) <= _FEW or bit == len(self._halves):
            return sorted(found, key=self._ranks.__getitem__)[start:stop]
        lower = found - self._halves[bit]
        middle = len(lower)
        page = self._between(lower, start, min(stop, middle), bit + 1)
        if stop > middle:
            page += self._between(found & self._halves[bit], max(start - middle, 0), stop - middle, bit + 1)
        return page

    def _with_unknown(
        self, result: AbstractBitMap, found: list[int], size: int, start: int, stop: int
    ) -> list[int]:
        if stop <= size or size == len(result):
            return found
        return found + oldest_first(result - self._known, max(start - size, 0), stop - size)


def packed(documents: array) -> tuple[bytes, bytes]:
    """Ranks and halves of documents in their order."""
    ranks = array("I", bytes(4 * (max(documents, default=-1) + 1)))
    for rank, document in enumerate(documents):
        ranks[document] = rank
    bits = range(len(documents).bit_length() - 1, _FEW.bit_length() - 2, -1)
    halves = [BitMap(documents), *(_with_bit(documents, 1 << bit) for bit in bits)]
    return ranks.tobytes(), pack_bitmaps(halves)


def page_of(
    result: AbstractBitMap,
    page: int,
    size: int,
    by: Slice = newest_first,
    tiers: Sequence[AbstractBitMap] = (),
) -> list[int]:
    """The documents of a page, pages counted from 1."""
    return between(result, (page - 1) * size, page * size, by, tiers)


def between(
    result: AbstractBitMap,
    start: int,
    stop: int,
    by: Slice = newest_first,
    tiers: Sequence[AbstractBitMap] = (),
) -> list[int]:
    """The documents from place `start` to `stop`. What is in an earlier tier stands before the rest, each part in its order."""
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
    row = rows.first()
    if row is None:
        return Order.of(())
    order = Order.unpacked(*_packed_in(row))
    with _lock:
        _held[collection, name] = row.stamp, order
    return order


def _packed_in(row: StoredOrder) -> tuple[bytes, bytes]:
    """An order that an earlier release stored has no ranks until it is written again."""
    if row.ranks:
        return bytes(row.ranks), bytes(row.halves)
    documents = array("I")
    documents.frombytes(bytes(row.documents))
    return packed(documents)


def _with_bit(documents: array, step: int) -> BitMap:
    """The documents whose rank has the bit of this value."""
    having = array("I")
    for start in range(step, len(documents), 2 * step):
        having += documents[start : start + step]
    return BitMap(having)


_lock = Lock()
_held: dict[tuple[str, str], tuple[str, Order]] = {}
