"""What was worked out for an edition and a day, in memory and in the database, and worked out once for all who wait."""

import datetime
from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, pairwise
from threading import Lock
from typing import Any

from pyroaring import AbstractBitMap, FrozenBitMap

from catalog.standing.registers import ALL, SHOWN
from portal.core.editions.models import Edition
from portal.core.forgetting import forgets
from portal.core.index.generations import built_columns
from portal.core.index.models import KeptMasks
from portal.core.index.packing import pack_bitmaps, unpack_bitmaps
from portal.core.pages.cache import seen
from portal.core.pages.memory import MEGABYTE, Memory
from portal.core.prepared import prepared

from .documents import ENTERPRISES, PRODUCTS

KEPT = 20  # in memory: of a moment the bitmaps of both lists, words, makers and what is for sale
STORED = 4  # editions of a collection in the database

_STATE, _GROUND = "state:", "ground:"


@dataclass(frozen=True)
class Bitmaps:
    """Every line that is public, and the lines of each state. All are bitmaps of line numbers.

    What several publishers list is one thing, and stands for itself in one line: a current one before others, the national
    one before the others'. `ranked` has the lines of such things in this order, each with its thing. `grounds` are the lines
    whose certificate is in a state that is told, whatever their publisher says of them.
    """

    everything: FrozenBitMap
    states: dict[str, FrozenBitMap] = field(default_factory=dict)
    ranked: dict[int, int] = field(default_factory=dict)
    grounds: dict[str, FrozenBitMap] = field(default_factory=dict)

    @cached_property
    def repeats(self) -> FrozenBitMap:
        """The other lines of such things: whoever counts without them counts things, and each thing in one state."""
        rows = pairwise(self.ranked.items())
        return FrozenBitMap(again[0] for before, again in rows if before[1] == again[1])

    def once(self, lines: AbstractBitMap) -> AbstractBitMap:
        """Of these lines the first of each thing."""
        if not lines.intersect(self.repeats):
            return lines
        first: dict[int, int] = {}
        again = [pk for pk, thing in self.ranked.items() if pk in lines and first.setdefault(thing, pk) != pk]
        return lines - FrozenBitMap(again)

    def of(self, validity: str) -> FrozenBitMap:
        """The lines for a value of the filter `validity`: a state, or `all`."""
        return self.everything if validity == ALL else self.states[validity]

    @property
    def left_out(self) -> dict[str, FrozenBitMap]:
        """By state, what the default list does not show."""
        return {name: bitmap for name, bitmap in self.states.items() if name not in SHOWN}


@dataclass(frozen=True)
class Moment:
    """Bitmaps that are kept, and of when."""

    edition: int
    day: datetime.date
    bitmaps: Bitmaps

    def is_at(self, edition: int, day: datetime.date) -> bool:
        return (self.edition, self.day) == (edition, day)


def remembered(collection: str, edition: int, day: datetime.date, compute: Callable[[], Any]) -> Any:
    """What `compute` finds for an edition and a day, kept under the edition's token and the index that it was found in.

    The token, because numbers come again in another database and after a restore; the index, because what was read of one
    that was not whole is over when another one is built, here and in every other process.
    """
    key = (collection, read_from(edition), day)
    if key[1] is None or forgets():
        return compute()
    found = _recall(key)
    if found is None:
        with _one_flight(key):
            found = _recall(key)
            if found is None:
                found = compute()
                _keep(key, found)
    return found


def read_from(edition: int) -> tuple | None:
    """What rows of an edition depend on when the index picks them: its token and the generations in force. None before the
    first edition. One query, and none within the second in which this process read what pages are kept under."""
    state = seen.fresh()
    if state is None or not state.token:
        return _read_from(edition)
    if edition == state.number:
        return state.token, state.built_of(PRODUCTS), state.built_of(ENTERPRISES)
    return _sources.kept((state, edition), lambda: _read_from(edition))  # type: ignore[arg-type,return-value]  # nothing is not kept


def _read_from(edition: int) -> tuple | None:
    return next(iter(_said_of(edition=edition)), None)


@prepared
def _said_of(edition):
    built = built_columns((PRODUCTS, ENTERPRISES))
    return Edition.objects.filter(pk=edition).annotate(**built).values_list("token", *built)


def nearest(collection: str, edition: int, day: datetime.date) -> Moment | None:
    """The newest bitmaps of the same index that are stored for this edition or one before it, on this day or another."""
    token, built = _marks(edition)
    for row in _masks_of(collection=collection, edition=edition, token=token, built=built, day=day):
        return Moment(edition, day, _unpacked(row))
    rows = KeptMasks.objects.filter(collection=collection, built=built, edition__lte=edition)
    nearest_first = sorted(
        rows.defer("bitmaps", "ranked"), key=lambda row: (row.edition, row.day == day, row.day), reverse=True
    )
    for row in nearest_first:
        known = token if row.edition == edition else _marks(row.edition)[0]
        if row.token == known:  # else it is of a database that was restored over
            row.refresh_from_db(fields=["bitmaps", "ranked"])
            return Moment(row.edition, row.day, _unpacked(row))
    return None


@prepared
def _masks_of(collection, edition, token, built, day):
    return KeptMasks.objects.filter(collection=collection, edition=edition, token=token, built=built, day=day)


def store(collection: str, edition: int, day: datetime.date, bitmaps: Bitmaps) -> None:
    """Let other processes find these bitmaps, and let go of those of old editions."""
    token, built = _marks(edition)
    named = {"everything": bitmaps.everything}
    named |= {_STATE + name: bitmap for name, bitmap in bitmaps.states.items()}
    named |= {_GROUND + name: bitmap for name, bitmap in bitmaps.grounds.items()}
    row = KeptMasks(
        collection=collection, edition=edition, token=token, built=built, day=day, names=list(named)
    )
    row.bitmaps = pack_bitmaps(named.values())
    row.ranked = array("Q", chain(*bitmaps.ranked.items())).tobytes()
    of_moment = KeptMasks.objects.filter(collection=collection, edition=edition, day=day)
    of_moment.delete()
    row.save()
    kept = KeptMasks.objects.filter(collection=collection).order_by("-pk").values_list("pk", flat=True)
    KeptMasks.objects.filter(collection=collection, pk__in=list(kept[STORED:])).delete()


def _marks(edition: int) -> tuple[str, str]:
    token, *built = _read_from(edition) or ("",)
    return token, " ".join(mark or "-" for mark in built)


def _unpacked(row: KeptMasks) -> Bitmaps:
    named = dict(zip(row.names, unpack_bitmaps(bytes(row.bitmaps)), strict=True))

    def under(front: str) -> dict[str, FrozenBitMap]:
        return {name[len(front) :]: bitmap for name, bitmap in named.items() if name.startswith(front)}

    flat = array("Q")
    flat.frombytes(bytes(row.ranked))
    return Bitmaps(
        named["everything"],
        under(_STATE),
        dict(zip(flat[::2], flat[1::2], strict=True)),
        under(_GROUND),
    )


def _recall(key: tuple) -> Any:
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    return None


def _keep(key: tuple, found: Any) -> None:
    with _lock:
        _kept[key] = found
        while len(_kept) > KEPT:
            _kept.popitem(last=False)


@contextmanager
def _one_flight(key: tuple) -> Iterator[None]:
    """One thread works out what the others wait for. If it fails, the next one tries."""
    with _lock:
        flight = _flights.setdefault(key, Lock())
    with flight:
        try:
            yield
        finally:
            with _lock:
                _flights.pop(key, None)


_sources: Memory[tuple | None] = Memory(MEGABYTE)
_lock = Lock()
_kept: OrderedDict[tuple, Any] = OrderedDict()
_flights: dict[tuple, Lock] = {}
