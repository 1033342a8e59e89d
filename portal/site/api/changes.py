"""Every change of every record, in order: what a reader puts over what it has, to have what is public now.

A change carries the record as it was published, without what a day makes of it (in force, expired): that is judged by
whoever reads it. What a redaction took away is in no change any more, and the redaction is a change itself.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce, Greatest, TruncDate

from catalog.publication.models import Batch
from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.pages.reading import ReadAt

from .batches import Batches
from .catalogue import KINDS
from .positions import Position
from .records import RecordKind
from .registers import Register, files

ADDED, CHANGED, REDACTED = "added", "changed", "redacted"
STATES = ("notice_edition", "edition", "cancelled_edition")
WORDS = {ADDED: "新增", CHANGED: "变更", REDACTED: "依法隐去"}


@dataclass(frozen=True)
class Change:
    """Where a change stands, and of what."""

    position: Position
    key: str
    replaces: str | None
    what: str

    @property
    def row(self) -> tuple[int, int, int]:
        """What its record is read by: only that of a batch differs from edition to edition."""
        return self.position.kind, self.position.edition, self.position.row


class Stream(Protocol):
    def after(self, position: Position, reading: ReadAt, most: int) -> Iterable[Change]: ...


@dataclass(frozen=True)
class Lines:
    """Of a register: each of its lines became public in an edition, in place of another or new."""

    place: int
    register: str

    def after(self, position: Position, reading: ReadAt, most: int) -> Iterable[Change]:
        lines = files.LINES[self.register].objects.filter(
            position.behind(self.place), from_edition__lte=reading.edition
        )
        asked = lines.order_by("from_edition_id", "pk")
        said = asked.values_list("from_edition_id", "from_edition__at", "pk", "key", "replaces__key")[:most]
        for edition, at, pk, key, replaced in said:
            at_place = Position(clock.day_of(at), edition, self.place, pk)
            yield Change(at_place, key, replaced, CHANGED if replaced else ADDED)


@dataclass(frozen=True)
class Versions:
    """Of a kind of record: each version is read from its edition on, or from the day that it waits for."""

    place: int
    kind: RecordKind

    def after(self, position: Position, reading: ReadAt, most: int) -> Iterable[Change]:
        known: QuerySet[Any] = self.kind.model.objects.ever_visible(reading.day, reading.edition)
        published = TruncDate("from_edition__at", tzinfo=clock.SHANGHAI)
        known = known.annotate(seen_on=Greatest(published, Coalesce("publish_on", published)))
        known = known.filter(position.behind_waiting(self.place), from_edition__lte=reading.edition)
        asked = known.order_by("seen_on", "from_edition_id", "pk")
        said = asked.values_list("seen_on", "from_edition_id", "pk", "key", "replaces__key")[:most]
        for day, edition, pk, key, replaced in said:
            at_place = Position(day, edition, self.place, pk)
            yield Change(at_place, key, replaced, CHANGED if replaced else ADDED)


@dataclass(frozen=True)
class BatchStates:
    """A batch is announced, published, cancelled: each is an edition of its own."""

    place: int

    def after(self, position: Position, reading: ReadAt, most: int) -> Iterable[Change]:
        reached = Q()
        for name in STATES:
            reached |= Q(**{f"{name}__gte": position.first_edition, f"{name}__lte": reading.edition})
        moments = (f"{name}__at" for name in STATES)
        batches = Batch.objects.filter(reached).values_list("pk", "slug", *STATES, *moments)
        for batch in batches:
            yield from self._of(batch, position, reading)

    def _of(self, batch: Sequence[Any], position: Position, reading: ReadAt) -> Iterator[Change]:
        pk, slug, *reached = batch
        first = True
        for edition, at in sorted(pair for pair in zip(reached[:3], reached[3:], strict=True) if pair[0]):
            at_place = Position(clock.day_of(at), edition, self.place, pk)
            key = f"batch/{slug}"
            if position < at_place and edition <= reading.edition:
                yield Change(at_place, key, None if first else key, ADDED if first else CHANGED)
            first = False


@dataclass(frozen=True)
class Redactions:
    """Lines out of which a redaction took something, as they stood at its edition."""

    def after(self, position: Position, reading: ReadAt, most: int) -> Iterable[Change]:
        editions = Edition.objects.filter(
            cause=Edition.Cause.REDACTION,
            number__gte=position.first_edition,
            number__lte=reading.edition,
        )
        # All of them: they are few, and of an edition that took nothing out of a public line no change comes.
        emptied = list(editions.order_by("number"))
        keys = {key for one in emptied for key, _name in one.header.get("redacted", [])}
        if not keys:
            return
        for place, kind in enumerate(KINDS):
            if isinstance(kind, Register):
                yield from self._of(place, kind.name, keys, emptied, position)

    def _of(
        self, place: int, register: str, keys: set[str], emptied: list[Edition], position: Position
    ) -> Iterator[Change]:
        model = files.LINES[register]
        own: defaultdict[str, list[tuple[int, int, int | None]]] = defaultdict(list)
        asked = model.objects.filter(key__in=keys, from_edition__isnull=False)
        for key, pk, since, until in asked.values_list("key", "pk", "from_edition_id", "until_edition_id"):
            own[key].append((pk, since, until))
        for edition in emptied:
            for key in sorted({key for key, _name in edition.header.get("redacted", [])}):
                for pk, since, until in own[key]:
                    at_place = Position(edition.day, edition.number, place, pk)
                    stood = since <= edition.number and (until is None or until > edition.number)
                    if stood and position < at_place:
                        yield Change(at_place, key, key, REDACTED)


def streams() -> list[Stream]:
    found: list[Stream] = [Redactions()]
    for place, kind in enumerate(KINDS):
        if isinstance(kind, Register):
            found.append(Lines(place, kind.name))
        elif isinstance(kind, RecordKind):
            found.append(Versions(place, kind))
        elif isinstance(kind, Batches):
            found.append(BatchStates(place))
    return found


def changes_after(position: Position, reading: ReadAt, limit: int) -> tuple[list[Change], bool]:
    """The next ones in order, and whether there are more. As many questions for many as for few."""
    found = [change for stream in streams() for change in stream.after(position, reading, limit + 1)]
    found.sort(key=lambda change: change.position)
    return found[:limit], len(found) > limit


def told(changes: Sequence[Change], reading: ReadAt) -> list[str]:
    """Each as JSON, with its record."""
    numbers = {change.position.edition for change in changes}
    editions = Edition.objects.in_bulk(numbers)
    records = dict(_records(changes, editions, reading))
    return [_told(change, editions[change.position.edition], records[change.row]) for change in changes]


def _records(
    changes: Sequence[Change], editions: dict[int, Edition], reading: ReadAt
) -> Iterator[tuple[tuple[int, int, int], str]]:
    by_kind: defaultdict[int, list[Change]] = defaultdict(list)
    for change in changes:
        by_kind[change.position.kind].append(change)
    for place, own in by_kind.items():
        kind = KINDS[place]
        if isinstance(kind, Batches):
            stood = [(change.position.row, editions[change.position.edition]) for change in own]
            texts: Iterable[str] = kind.said_at(stood, reading)
        else:
            texts = kind.said([change.position.row for change in own], reading)
        yield from zip((change.row for change in own), texts, strict=True)


def _told(change: Change, edition: Edition, record: str) -> str:
    head = {
        "position": str(change.position),
        "edition": edition.number,
        "at": edition.at.isoformat(),
        "day": change.position.day.isoformat(),
        "cause": edition.cause,
        "cause_word": str(edition.get_cause_display()),
        "kind": KINDS[change.position.kind].name,
        "key": change.key,
        "replaces": change.replaces,
        "change": change.what,
        "change_word": WORDS[change.what],
    }
    return f'{json.dumps(head, ensure_ascii=False)[:-1]}, "record": {record}}}'
