"""How much of a list a batch takes away: what is asked to be typed before much of it goes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef

from ..models import Batch, EnterpriseLine, ListingStatus, ProductLine
from ..publishers import publisher_names
from .line_making import STATUS_AFTER

REGISTERS: dict[Any, str] = {ProductLine: "产品", EnterpriseLine: "企业"}
ENDING = [action for action, status in STATUS_AFTER.items() if status != ListingStatus.LISTED]


@dataclass(frozen=True)
class Ending:
    """`count` of the `current` listed lines of one publisher's register would be listed no more."""

    publisher: str
    publisher_label: str
    register: str
    count: int
    current: int

    @property
    def percent(self) -> float:
        return 100 * self.count / self.current if self.current else 0

    @property
    def is_large(self) -> bool:
        return self.percent > settings.LISTING_END_CONFIRM_PERCENT


@dataclass(frozen=True)
class Endings:
    items: list[Ending]

    @property
    def count(self) -> int:
        return sum(item.count for item in self.items)

    @property
    def must_be_typed(self) -> bool:
        return any(item.is_large for item in self.items)


def endings_of_draft(batch: Batch) -> Endings:
    """All that it ends: an act that is entered and whose line is on the list is never left out when lines are made."""
    entries = batch.entries.filter(action__in=ENDING)
    return _compared(
        (model, publisher, count)
        for model, target in ((ProductLine, "product"), (EnterpriseLine, "enterprise"))
        for publisher, count in _counted(
            model.objects.current().filter(
                Exists(entries.filter(**{target: OuterRef(target)}, publisher=OuterRef("publisher"))),
                **{f"{target}__in": entries.filter(**{f"{target}__isnull": False}).values(target)},
                listing_status=ListingStatus.LISTED,
            )
        )
    )


def endings_of_frozen(batch: Batch) -> Endings:
    """Of one that is published: what it ended, of what was listed before it. One that was given up ends nothing."""
    if batch.state == Batch.State.CANCELLED:
        return Endings([])
    counts = (
        (model, publisher, count)
        for model in REGISTERS
        for publisher, count in _counted(
            model.objects.filter(batch=batch, replaces__listing_status=ListingStatus.LISTED).exclude(
                listing_status=ListingStatus.LISTED
            )
        )
    )
    return _compared(counts, before=batch.edition_id - 1 if batch.edition_id else None)


def _counted(lines: Any) -> Any:
    return lines.order_by().values_list("publisher").annotate(count=Count("pk"))


def _compared(counts: Iterable[tuple[type, str, int]], *, before: int | None = None) -> Endings:
    names = publisher_names()
    return Endings(
        [
            Ending(
                publisher,
                names.get(publisher, publisher),
                REGISTERS[model],
                count,
                listed_count(model, publisher, at=before),
            )
            for model, publisher, count in counts
        ]
    )


def listed_count(model: Any, publisher: str, *, at: int | None = None) -> int:
    """Lines of a publisher's register that are on the list now, or were at an edition."""
    lines = model.objects.current() if at is None else model.objects.public(at)
    return lines.filter(publisher=publisher, listing_status=ListingStatus.LISTED).count()
