"""The rebuild as a job beside the server."""

import logging

from portal.index import health
from portal.index.alone import AlreadyRunning
from portal.index.building import Overtaken
from portal.index.collections import Kept, kept
from portal.index.rebuilding import rebuild
from portal.jobs.terms import job

LONGEST = 4 * 3600  # seconds; a million lines take most of an hour

logger = logging.getLogger(__name__)


@job(seconds=LONGEST)
def rebuild_outdated() -> None:
    """Build what has to be built again. Ordered by each node that starts, it is done once: a second one finds nothing to do."""
    for room in kept():
        if room.collection in health.outdated():
            _rebuild(room)


@job(seconds=LONGEST)
def rebuild_everything() -> None:
    for room in kept():
        _rebuild(room)


def _rebuild(room: Kept) -> None:
    try:
        logger.info("Index of %s built anew: %d documents.", room.collection, rebuild(room))
    except (AlreadyRunning, Overtaken) as refusal:
        logger.warning("Index of %s not built: %s", room.collection, refusal)
