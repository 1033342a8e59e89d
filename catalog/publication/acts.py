"""Which acts on a batch each of its editions says, by pseudonymous numbers. The moment of the last one is the edition's own."""

import datetime
from dataclasses import dataclass

from portal.core.editions.acts import ACTS, acts_of
from portal.core.editions.models import Edition

from .models import Batch

PREPARED = ("created_by", "created_at", "submitted_by", "submitted_at", "approved_by", "approved_at")
NOTICE_OPENED = (*PREPARED, "notice_opened_by")
NOTICE_STOPPED = (*NOTICE_OPENED, "cancelled_by")
PUBLISHED = (*NOTICE_OPENED, "published_by")
WORDS = {
    "created": "编制",
    "submitted": "提交",
    "approved": "批准",
    "notice_opened": "开始公示",
    "cancelled": "终止公示",
    "published": "公布",
}


@dataclass(frozen=True)
class Told:
    """One act as a reader sees it: what, by which number, when."""

    word: str
    number: str
    at: datetime.datetime | None


def key_of(batch: Batch) -> str:
    return f"batch/{batch.slug}"


def batch_acts(batch: Batch, columns: tuple[str, ...]) -> dict[str, dict[str, dict[str, str]]]:
    """The part of the header that says them."""
    return {ACTS: {key_of(batch): acts_of([batch], columns)[0]}}


def told(batch: Batch, edition: Edition) -> list[Told]:
    """The acts that the header of this edition says, in their order; none where it is older than what it could say."""
    said = edition.header.get(ACTS, {}).get(key_of(batch), {})
    moments = {"notice_opened": batch.notice_edition, "cancelled": edition, "published": edition}
    return [
        Told(word, said[f"{act}_by"], _moment(said.get(f"{act}_at", ""), moments.get(act)))
        for act, word in WORDS.items()
        if said.get(f"{act}_by")
    ]


def _moment(said: str, edition: Edition | None) -> datetime.datetime | None:
    if said:
        return datetime.datetime.fromisoformat(said)
    return edition.at if edition else None
