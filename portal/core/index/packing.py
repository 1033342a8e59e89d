"""Several bitmaps in one column."""

from collections.abc import Iterable, Iterator
from struct import pack, unpack_from

from pyroaring import AbstractBitMap, FrozenBitMap


def pack_bitmaps(bitmaps: Iterable[AbstractBitMap]) -> bytes:
    parts = [bitmap.serialize() for bitmap in bitmaps]
    return pack(f"<I{len(parts)}I", len(parts), *map(len, parts)) + b"".join(parts)


def unpack_bitmaps(stored: bytes) -> Iterator[FrozenBitMap]:
    (count,) = unpack_from("<I", stored)
    start = 4 * (count + 1)
    for size in unpack_from(f"<{count}I", stored, 4):
        yield FrozenBitMap.deserialize(stored[start : start + size])
        start += size
