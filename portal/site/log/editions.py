"""The open log: every edition as one line of JSON, in order, and never another line in its place."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from threading import Lock
from typing import Any

from portal.core.editions.digest import EMPTY_HEAD, canonical
from portal.core.editions.models import Edition

AT_A_TIME = 500


def entry_of(edition: Edition, previous: str) -> dict[str, Any]:
    """What the log says of an edition. The header is whole: with it anybody recomputes the head."""
    return {
        "number": edition.number,
        "at": edition.at.isoformat(),
        "cause": edition.cause,
        "word": edition.get_cause_display(),
        "previous": previous,
        "root": edition.root,
        "header": edition.header,
        "head": edition.head,
    }


def head_before(number: int) -> str:
    return Edition.objects.filter(number=number - 1).values_list("head", flat=True).first() or EMPTY_HEAD


def lines(since: int, until: int) -> Iterator[bytes]:
    """The editions after `since`, up to `until`. They are read as they are sent."""
    previous = head_before(since + 1)
    editions = Edition.objects.filter(number__gt=since, number__lte=until).order_by("number")
    for edition in editions.iterator(chunk_size=AT_A_TIME):
        yield canonical(entry_of(edition, previous)) + b"\n"
        previous = edition.head


class Measured:
    """Where each line of the whole log ends, as far as this process has looked: a part of it is found without the rest.

    A line never changes, so only new ones are measured. It holds for the chain that ends in `head` and for no other.
    """

    def __init__(self) -> None:
        self.ends = array("Q", [0])
        self.head = EMPTY_HEAD
        self._lock = Lock()

    def upto(self, newest: Edition) -> Sequence[int]:
        """`ends[n]` is the number of bytes of the first n editions."""
        with self._lock:
            known = len(self.ends) - 1
            if known and head_before(known + 1) != self.head:
                self.ends, known = array("Q", [0]), 0
            for line in lines(known, newest.number) if known < newest.number else ():
                self.ends.append(self.ends[-1] + len(line))
            self.head = newest.head
            return self.ends[: newest.number + 1]


measured = Measured()


def part_of(found: Iterable[bytes], skipped: int, length: int) -> Iterator[bytes]:
    """So many bytes of the lines, without the first ones."""
    for line in found:
        piece = line[skipped : skipped + length]
        skipped, length = max(skipped - len(line), 0), length - len(piece)
        if piece:
            yield piece
        if not length:
            return
