"""The rebuild as a job beside the server."""

import logging

from portal.core.index import health
from portal.core.index.alone import AlreadyRunning
from portal.core.index.building import Overtaken
from portal.core.index.collections import Kept, kept
from portal.core.index.rebuilding import rebuild
from portal.core.jobs.terms import job

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
