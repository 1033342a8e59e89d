"""The key of a posting: a number by which its row is found, made of what it is about.

Two generations of a collection are kept at a time, the one that is read and the one that is being built; their numbers differ by
an odd one (`next_generation`), and the last bit of the key tells them apart. So a reader who does not know yet which is read
asks for both keys of a term. Of ten million terms two have one key with a chance of 1 in 90,000; `build_index --check` would say so.
"""

from collections.abc import Iterable
from hashlib import blake2b

_BYTES = 8


def key_of(collection: str, term: str, generation: int) -> int:
    """63 bits, what a column of whole numbers holds on either database."""
    made = blake2b(f"{collection}\n{term}".encode(), digest_size=_BYTES).digest()
    return int.from_bytes(made) >> 2 << 1 | generation & 1


def keys_of_all(collection: str, terms: Iterable[str]) -> list[int]:
    """In whatever generation."""
    even = [key_of(collection, term, 0) for term in terms]
    return [*even, *(key + 1 for key in even)]


def next_generation(live: int, newest: int) -> int:
    """After `newest`, which may be one that was never finished."""
    following = max(live, newest) + 1
    return following + ((following - live) % 2 == 0)
