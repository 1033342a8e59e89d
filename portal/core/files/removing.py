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
    """Not what somebody has stored anew meanwhile. What is stored between the look and the removal is put back by one of the
    two: here, where the row is seen, or by whoever stored it, when its row is to be seen (`store`)."""
    if _is_kept(root, sha256):
        return
    content = _content(root, sha256)
    depot().remove(root, sha256)
    if content is not None and _is_kept(root, sha256):
        depot().write(root, sha256, content)


def _is_kept(root: str, sha256: str) -> bool:
    return StoredFile.objects.kept().filter(root=root, sha256=sha256).exists()


def _content(root: str, sha256: str) -> bytes | None:
    try:
        return depot().read(root, sha256)
    except FilesAway:
        raise
    except OSError:
        return None  # it is gone, or damaged: nobody wants it back
