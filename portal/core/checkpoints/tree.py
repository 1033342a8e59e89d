"""The RFC 6962 tree over leaves that are only ever added to, and every proof in it.

Whoever can tell the hashes of whole subtrees has everything: here they are kept in memory, a witness reads them from tiles.
"""

import hashlib
from abc import ABC, abstractmethod
from itertools import count

NODE = 32  # bytes
TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
NOTHING = hashlib.sha256(b"").digest()  # the root of no leaves


def leaf_hash(content: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(width: int) -> int:
    """The largest power of two that is smaller."""
    return 1 << (width - 1).bit_length() - 1


class Subtrees(ABC):
    """RFC 6962, 2.1, from the hashes of whole subtrees. Each answer takes a number of steps that grows with log n."""

    @abstractmethod
    def whole(self, height: int, index: int) -> bytes:
        """The hash over the leaves from `index << height` on, `1 << height` of them."""

    def over(self, start: int, stop: int) -> bytes:
        """The hash over the leaves from `start` up to `stop`, where the tree has such a part."""
        width = stop - start
        if width == 0:
            return NOTHING
        if width & (width - 1) == 0:
            height = width.bit_length() - 1
            return self.whole(height, start >> height)
        middle = start + split(width)
        return node_hash(self.over(start, middle), self.over(middle, stop))

    def root(self, size: int) -> bytes:
        return self.over(0, size)

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """From the neighbour of the leaf up (2.1.1)."""
        start, stop, path = 0, size, []
        while stop - start > 1:
            middle = start + split(stop - start)
            if index < middle:
                path.append(self.over(middle, stop))
                stop = middle
            else:
                path.append(self.over(start, middle))
                start = middle
        return path[::-1]

    def consistency(self, old: int, new: int) -> list[bytes]:
        """That the tree of `new` leaves begins with that of `old` (2.1.2)."""
        start, stop, path, is_left_edge = 0, new, [], True
        while 0 < old != stop:
            middle = start + split(stop - start)
            if old <= middle:
                path.append(self.over(middle, stop))
                stop = middle
            else:
                path.append(self.over(start, middle))
                start, is_left_edge = middle, False
        if not is_left_edge:
            path.append(self.over(start, stop))
        return path[::-1]


class Tree(Subtrees):
    """Level h holds the hashes over 2**h leaves each, one behind another."""

    def __init__(self) -> None:
        self.levels = [bytearray()]

    @property
    def size(self) -> int:
        return len(self.levels[0]) // NODE

    def append(self, content: bytes) -> None:
        node = leaf_hash(content)
        for height in count():
            if height == len(self.levels):
                self.levels.append(bytearray())
            level = self.levels[height]
            level += node
            if len(level) // NODE % 2:
                return
            node = node_hash(bytes(level[-2 * NODE : -NODE]), bytes(level[-NODE:]))

    def whole(self, height: int, index: int) -> bytes:
        return bytes(self.levels[height][index * NODE : (index + 1) * NODE])

    def tile(self, level: int, index: int, width: int) -> bytes:
        """So many hashes of the tile; fewer where the tree has not got them."""
        height, start = level * TILE_HEIGHT, index * TILE_WIDTH
        if height >= len(self.levels):
            return b""
        return bytes(self.levels[height][start * NODE : (start + width) * NODE])


def includes(leaf: bytes, index: int, size: int, path: list[bytes], root: bytes) -> bool:
    """RFC 9162, 2.1.3.2."""
    if not 0 <= index < size:
        return False
    node, last = leaf, size - 1
    for neighbour in path:
        if last == 0:
            return False
        if index % 2 or index == last:
            node = node_hash(neighbour, node)
            while index % 2 == 0 and index:
                index, last = index >> 1, last >> 1
        else:
            node = node_hash(node, neighbour)
        index, last = index >> 1, last >> 1
    return last == 0 and node == root


def is_consistent(old: int, new: int, old_root: bytes, new_root: bytes, path: list[bytes]) -> bool:
    """RFC 9162, 2.1.4.2: whether the tree of `new` leaves begins with that of `old`."""
    if old in (0, new):
        return not path and (old_root == new_root if old == new else old_root == NOTHING)
    if not 0 < old < new or not path:
        return False
    path = [old_root, *path] if old & (old - 1) == 0 else path
    place, last = old - 1, new - 1
    while place % 2:
        place, last = place >> 1, last >> 1
    first = second = path[0]
    for node in path[1:]:
        if last == 0:
            return False
        if place % 2 or place == last:
            first, second = node_hash(node, first), node_hash(node, second)
            while place % 2 == 0 and place:
                place, last = place >> 1, last >> 1
        else:
            second = node_hash(second, node)
        place, last = place >> 1, last >> 1
    return last == 0 and (first, second) == (old_root, new_root)
