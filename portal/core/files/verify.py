"""Reads stored files and compares them with their digests: all of them, or a part each day so that all have their turn."""

import datetime
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils import timezone

from .depot import depot
from .models import StoredFile
from .naming import Place, named_files
from .removing import erased_places
from .store import is_whole

YOUNG_SECONDS = 3600  # bytes are written before the row that names them
KINDS = {
    "missing": "缺失",
    "damaged": "损坏",
    "unregistered": "没有登记",
    "not_erased": "已清除而内容还在",
    "orphaned": "没有记录指向它",
    "exposed": "存储服务把它给任何人",
}


@dataclass(frozen=True)
class FileFault:
    """A stored content that is not as it should be, with the records that name it. An orphan harms no record."""

    kind: str
    root: str
    sha256: str
    records: tuple[str, ...] = ()

    @property
    def is_orphan(self) -> bool:
        return self.kind == "orphaned"

    def __str__(self):
        named = "、".join(self.records[:5]) or "—"
        return f"{KINDS[self.kind]}：{self.root}/{self.sha256[:2]}/{self.sha256[2:]}（{named}）"


def file_faults() -> Iterator[FileFault]:
    """Every fault of the stored files; reads every byte."""
    kept, erased, named = _kept(), erased_places(), named_files()
    yield from _broken((place for place in sorted(kept) if not is_whole(place[1], place[0])), named)
    for place in sorted(set(named) - set(kept) - erased):
        yield FileFault("unregistered", *place, records=tuple(named[place]))
    yield from _left(erased - set(kept), named)
    yield from _exposed(sorted(kept))
    for root, sha256 in _lying_there():
        if (root, sha256) not in erased and (root, sha256) not in kept:
            yield FileFault("orphaned", root, sha256)


def sampled_faults(count: int, *, on: datetime.date | None = None) -> Iterator[FileFault]:
    """The faults of the `count` files whose turn it is on that day: day by day all are read, then again from the first. What
    was to be erased is looked for each time: the store may have been away just then."""
    if count < 1:
        return
    kept = sorted(_kept())
    yield from _left(erased_places() - set(kept), {})
    if not kept:
        return
    start = (on or timezone.localdate()).toordinal() * count % len(kept)
    turn = [kept[(start + step) % len(kept)] for step in range(min(count, len(kept)))]
    broken = [place for place in turn if not is_whole(place[1], place[0])]
    yield from _broken(broken, named_files() if broken else {})
    yield from _exposed(kept)


def _broken(places: Iterable[Place], named: Mapping[Place, list[str]]) -> Iterator[FileFault]:
    for root, sha256 in places:
        kind = "damaged" if depot().holds(root, sha256) else "missing"
        yield FileFault(kind, root, sha256, tuple(named.get((root, sha256), ())))


def _left(erased: Iterable[Place], named: Mapping[Place, list[str]]) -> Iterator[FileFault]:
    for root, sha256 in sorted(erased):
        if depot().holds(root, sha256):
            yield FileFault("not_erased", root, sha256, tuple(named.get((root, sha256), ())))


def _kept() -> set[Place]:
    return set(StoredFile.objects.kept().values_list("root", "sha256"))


def _lying_there() -> Iterator[Place]:
    """Contents in both roots, but for those that were written a moment ago."""
    for root, sha256, written_at in depot().everything():
        if written_at < time.time() - YOUNG_SECONDS:
            yield root, sha256


def _exposed(kept: Iterable[Place]) -> Iterator[FileFault]:
    """The first private content that is given to whoever asks for it past the portal; one says it of all."""
    first = next((place for place in kept if place[0] == StoredFile.Root.PRIVATE), None)
    if first and depot().is_open_to_all(*first):
        yield FileFault("exposed", *first)
