"""Postings of any number of documents in bounded memory: sorted runs in temporary files, then merged.

Each term comes once, with all of its documents, so that it is written once. The files have no name: nothing of them is
left when the process is killed.
"""

import heapq
import tempfile
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from struct import Struct
from typing import IO

from pyroaring import BitMap

from portal.core.index.documents import Document, Gathering
from portal.core.index.postings import bitmap_of

PAIRS_A_RUN = 2_000_000  # (term, document) pairs kept before they are written

_HEAD = Struct("<HI")


class Runs:
    """`with Runs() as runs`: add documents, then read `merged()` once."""

    def __enter__(self) -> "Runs":
        self._files: list[IO[bytes]] = []
        self._start()
        return self

    def __exit__(self, *failure: object) -> None:
        for file in self._files:
            file.close()

    def add(self, document: Document) -> None:
        self._gathered.add(document)
        if self._gathered.pairs >= PAIRS_A_RUN:
            self._write_run()

    def merged(self) -> Iterator[tuple[str, BitMap]]:
        """Term by term, ascending."""
        self._write_run()
        merged = heapq.merge(*map(_read, self._files), key=itemgetter(0))
        for term, parts in groupby(merged, key=itemgetter(0)):
            first, *others = (BitMap.deserialize(packed) for _, packed in parts)
            yield term.decode(), first.union(*others) if others else first

    def _start(self) -> None:
        self._gathered = Gathering()

    def _write_run(self) -> None:
        file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the runs
        self._files.append(file)
        postings = self._gathered.postings()
        for term, numbers in sorted((term.encode(), numbers) for term, numbers in postings.items()):
            packed = bitmap_of(numbers).serialize()
            file.write(_HEAD.pack(len(term), len(packed)) + term + packed)
        self._start()


def _read(file: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    file.seek(0)
    while head := file.read(_HEAD.size):
        term, packed = _HEAD.unpack(head)
        yield file.read(term), file.read(packed)
