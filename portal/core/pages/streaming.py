"""Answers that are sent while they are read.

Once its first byte is out, an answer cannot say 503 any more. So the first rows are read before it begins: a database that
is busy or away is told in time. One that fails later breaks the connection off, and a broken transfer is no whole file
to any client.
"""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import TypeVar

from portal.core.replicas import still_pinned

Row = TypeVar("Row")


def begun(rows: Iterable[Row]) -> Iterator[Row]:
    """The same rows, of which the first was read already."""
    rows = still_pinned(rows)
    return chain(list(islice(rows, 1)), rows)
