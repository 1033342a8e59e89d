"""Which acts on a batch each of its editions says, by pseudonymous numbers. The moment of the last one is the edition's own."""

from portal.editions.acts import ACTS, acts_of

from .models import Batch

PREPARED = ("created_by", "created_at", "submitted_by", "submitted_at", "approved_by", "approved_at")
NOTICE_OPENED = (*PREPARED, "notice_opened_by")
NOTICE_STOPPED = (*NOTICE_OPENED, "cancelled_by")
PUBLISHED = (*NOTICE_OPENED, "published_by")


def key_of(batch: Batch) -> str:
    return f"batch/{batch.slug}"


def batch_acts(batch: Batch, columns: tuple[str, ...]) -> dict[str, dict[str, dict[str, str]]]:
    """The part of the header that says them."""
    return {ACTS: {key_of(batch): acts_of([batch], columns)[0]}}
