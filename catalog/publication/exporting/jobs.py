"""Files are made soon after a publication, by a worker, so that no reader waits for them."""

from catalog.publication.models import Batch
from portal.core.editions.models import Edition
from portal.core.jobs.standing import progress
from portal.core.jobs.terms import job

from .keeping import Overtaken, StillBeingMade, known, made, sweep
from .shelves import Shelf, list_edition

SECONDS = 30.0
BATCHES = 3  # the newest; of older ones files are made when somebody asks


@job(seconds=1800)
def make_files() -> None:
    """What is missing of the newest lists and batches. Broken off or run twice, it does what is left."""
    for export in missing():
        try:
            made(export)
        except (StillBeingMade, Overtaken):
            continue  # asked again in a moment
    sweep(newest_lists())


def order_missing() -> None:
    """Asked by every worker every so many seconds; asking again changes nothing. What a redaction left, and what is beyond
    the limit, is taken away by each itself: the job may be done on another machine, which has a folder of its own.
    """
    sweep(newest_lists())
    ordered = progress(make_files)
    if missing() and not (ordered and ordered.is_pending):
        make_files.enqueue()


def missing() -> list:
    return [export for shelf in newest_shelves() for export in shelf.files if known(export) is None]


def newest_shelves() -> list[Shelf]:
    lists = newest_lists()
    newest = Batch.objects.public(Edition.objects.current_number()).order_by("-pk")
    batches = newest.select_related("edition", "cancelled_edition", "notice_edition")[:BATCHES]
    return [*([lists] if lists else []), *map(shelf_of_batch, batches)]


def newest_lists() -> Shelf | None:
    edition = list_edition(Edition.objects.current_number())
    return Shelf(edition) if edition else None


def shelf_of_batch(batch: Batch) -> Shelf:
    """As it stands now."""
    edition = batch.edition or batch.cancelled_edition or batch.notice_edition
    assert edition is not None  # noqa: S101 - only asked of public batches
    return Shelf(edition, batch)
