"""Facts that come with the project become public together: all rooms in one edition."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from portal.core.editions.models import Edition
from portal.core.editions.release import lock_editions, release
from portal.core.facts import Tally

from .records import Version


@dataclass(frozen=True)
class Prepared:
    """What a room lacked: `versions` are sealed and saved, and wait for their edition."""

    tallies: Sequence[Tally]
    versions: Sequence[Version] = ()


@transaction.atomic
def publish_facts(rooms: Iterable[Callable[[], Prepared]]) -> list[Tally]:
    """Prepare the rooms in turn, later ones rest on earlier ones, then give all that is new one edition.

    Nothing is published where nothing is new.
    """
    lock_editions()  # before what rooms write into their indexes: see the order of locks in portal.core.editions
    prepared = [prepare() for prepare in rooms]
    rows: defaultdict[type[Version], list[Version]] = defaultdict(list)
    for room in prepared:
        for version in room.versions:
            rows[type(version)].append(version)
    if rows:
        release(
            [
                model.objects.unpublished().filter(pk__in=[version.pk for version in versions])
                for model, versions in rows.items()
            ],
            cause=Edition.Cause.RECORD,
            subject="facts",
            header={"records": sorted(version.key for versions in rows.values() for version in versions)},
        )
    return [tally for room in prepared for tally in room.tallies]
