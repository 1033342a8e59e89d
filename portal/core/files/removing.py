"""Takes the bytes of erased contents away: at once, and where the store is away just then, when it is back."""

import logging

from portal.core.busy import FilesAway
from portal.core.jobs.terms import job

from .depot import depot
from .models import StoredFile

logger = logging.getLogger(__name__)


def remove_or_order(root: str, sha256: str) -> None:
    """After the transaction that erased: what else waits for its end must not be lost, and nobody can take it back any more."""
    try:
        _remove(root, sha256)
    except FilesAway as fault:
        logger.warning("Erased file %s/%s is left until the store answers: %s", root, sha256, fault)
        remove_erased.enqueue(root, sha256)


@job()
def remove_erased(root: str, sha256: str) -> None:
    _remove(root, sha256)


def remove_left() -> None:
    """What was erased and is there still: the store was away for longer than a job waits."""
    for root, sha256 in sorted(erased_places()):
        if depot().holds(root, sha256):
            _remove(root, sha256)  # it may have been stored anew while the others were looked for


def erased_places() -> set[tuple[str, str]]:
    return set(StoredFile.objects.exclude(erased_at=None).values_list("root", "sha256"))


def _remove(root: str, sha256: str) -> None:
    """Not what somebody has stored anew meanwhile."""
    if not StoredFile.objects.kept().filter(root=root, sha256=sha256).exists():
        depot().remove(root, sha256)
