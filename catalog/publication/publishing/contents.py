"""What a batch says of itself and of its lines: the digest that is approved, and the header that is chained."""

import datetime
import hashlib

from portal.core.editions.digest import canonical
from portal.core.editions.release import Contents

from ..models import LINE_MODELS, Batch


def line_querysets(batch: Batch) -> list:
    return [model.objects.filter(batch=batch) for model in LINE_MODELS]


def contents_of(batch: Batch) -> Contents:
    return Contents(line_querysets(batch))


def digest_of(batch: Batch, contents: Contents | None = None) -> str:
    """What approval and publication name: the tree over the lines, with what the batch says of itself."""
    said = {
        name: getattr(batch, name)
        for name in ("slug", "title", "publisher", "kind", "basis", "notice_days", "notice_waiver")
    }
    root = (contents or contents_of(batch)).root
    return hashlib.sha256(bytes.fromhex(root) + canonical(said)).hexdigest()


def public_header(batch: Batch) -> dict:
    """Everything public of the batch itself: chained with its edition, and compared again by verify_chain."""
    moments = ("notice_from", "notice_until", "submitted_at", "approved_at")
    texts = (
        "slug",
        "title",
        "publisher",
        "kind",
        "year",
        "ordinal",
        "basis",
        "notice_days",
        "notice_waiver",
        "digest",
        "cancelled_reason",
    )
    header = {name: getattr(batch, name) for name in texts}
    header |= {name: _iso(getattr(batch, name)) for name in moments}
    return header | {"campaign": batch.campaign.slug}


def _iso(moment: datetime.date | datetime.datetime | None) -> str:
    if isinstance(moment, datetime.datetime):
        return moment.astimezone(datetime.UTC).isoformat()
    return moment.isoformat() if moment else ""
