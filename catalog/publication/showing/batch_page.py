"""What the public reads of batches: in which state one was at an edition, and the lines that it froze."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from django.db.models import Count, Q, QuerySet

from catalog.publication.acts import Told, told
from catalog.publication.differences.comparing import Change, differences
from catalog.publication.models import Action, Batch, CertificateLine, EnterpriseLine, Line, ProductLine
from catalog.standing.days import days_left
from portal.core.editions.digest import canonical
from portal.core.editions.models import Edition
from portal.core.pages.memory import MEGABYTE, Memory
from portal.core.pages.reading import ReadAt
from portal.core.pages.unchanged import until_changed

REGISTERS: dict[str, tuple[str, type[Line]]] = {
    "products": ("产品", ProductLine),
    "enterprises": ("企业", EnterpriseLine),
    "certificates": ("证书", CertificateLine),
}
_in_notice: Memory[tuple[int, ...]] = Memory(MEGABYTE)
TAGS = {Action.LIST: "new", Action.RELIST: "new", Action.SUSPEND: "out", Action.REMOVE: "out"}


def in_notice(reading: ReadAt) -> QuerySet[Batch]:
    """Batches that were announced and neither published nor cancelled at the edition read."""
    later = {"edition": Q(edition__gt=reading.edition), "cancelled": Q(cancelled_edition__gt=reading.edition)}
    return Batch.objects.filter(
        Q(edition__isnull=True) | later["edition"],
        Q(cancelled_edition__isnull=True) | later["cancelled"],
        notice_edition__lte=reading.edition,
    )


def batches_in_notice(reading: ReadAt) -> tuple[int, ...]:
    """Their numbers: there are few at a time, and mostly none."""
    return until_changed(
        _in_notice,
        reading.edition,
        None,
        lambda: tuple(in_notice(reading).values_list("pk", flat=True)),  # not even made where it is known
    )


@dataclass(frozen=True)
class BatchState:
    """`code` names the status in the look, `word` overrides its usual word."""

    code: str
    word: str


def state_of(batch: Batch, reading: ReadAt) -> BatchState:
    """The state of a public batch as a visitor of that edition saw it on that day."""
    if batch.edition_id is not None and batch.edition_id <= reading.edition:
        return BatchState("published", "已公布")
    if batch.cancelled_edition_id is not None and batch.cancelled_edition_id <= reading.edition:
        return BatchState("withdrawn", "已取消")
    if batch.is_notice_over(reading.day):
        return BatchState("approved", "公示期满，待公布")
    return BatchState("notice", "公示中")


@dataclass(frozen=True)
class BatchRow:
    batch: Batch
    state: BatchState
    publisher: str
    product_count: int
    enterprise_count: int


def batch_rows(batches: list[Batch], reading: ReadAt, publishers: dict[str, str]) -> list[BatchRow]:
    """Two queries beside the one that reads the batches."""
    products, enterprises = counts_of(ProductLine, batches), counts_of(EnterpriseLine, batches)
    return [
        BatchRow(
            batch,
            state_of(batch, reading),
            publishers.get(batch.publisher, batch.publisher),
            products.get(batch.pk, 0),
            enterprises.get(batch.pk, 0),
        )
        for batch in batches
    ]


def counts_of(model: type[Line], batches: list[Batch]) -> dict[int, int]:
    rows = model.objects.filter(batch__in=batches).order_by().values("batch")
    return dict(rows.annotate(count=Count("pk")).values_list("batch", "count"))


@dataclass(frozen=True)
class LineRow:
    """A frozen line with what it changes; `certificate` is the certificate of a product line."""

    line: Line
    tag: str
    changes: list[Change]
    certificate: CertificateLine | None


class BatchPage:
    """One batch, one of its registers, perhaps one action."""

    def __init__(self, batch: Batch, reading: ReadAt):
        self.batch = batch
        self.reading = reading

    @property
    def state(self) -> BatchState:
        return state_of(self.batch, self.reading)

    @property
    def is_published(self) -> bool:
        return self.state.code == "published"

    @property
    def is_in_notice(self) -> bool:
        return self.state.code == "notice"

    @property
    def edition(self) -> Edition | None:
        """The edition that put the batch into the state which is shown."""
        batch = self.batch
        by_state = {"published": batch.edition, "withdrawn": batch.cancelled_edition}
        return by_state.get(self.state.code, batch.notice_edition)

    @property
    def acts(self) -> list[Told]:
        return told(self.batch, self.edition) if self.edition else []

    @property
    def days_left(self) -> int:
        return days_left(self.batch.notice_until, self.reading.day) if self.batch.notice_until else 0

    @cached_property
    def action_counts(self) -> dict[str, Counter]:
        """Lines by register and action; three queries."""
        return {
            register: Counter(
                dict(
                    model.objects.filter(batch=self.batch)
                    .order_by()
                    .values("action")
                    .annotate(count=Count("pk"))
                    .values_list("action", "count")
                )
            )
            for register, (_label, model) in REGISTERS.items()
        }

    @property
    def total(self) -> int:
        return sum(counts.total() for counts in self.action_counts.values())

    @property
    def first_register(self) -> str:
        """The first register that has lines."""
        return next((register for register, counts in self.action_counts.items() if counts), "products")

    def count(self, register: str, action: str = "") -> int:
        counts = self.action_counts[register]
        return counts[action] if action else counts.total()

    def rows(self, register: str, action: str, start: int, stop: int) -> list[LineRow]:
        _label, model = REGISTERS[register]
        lines = model.objects.filter(batch=self.batch).order_by("pk")  # as they were frozen: by position
        if action:
            lines = lines.filter(action=action)
        ids = list(lines.values_list("pk", flat=True)[start:stop])
        found = list(model.objects.filter(pk__in=ids).select_related("replaces").order_by("pk"))
        certificates = self.certificates({getattr(line, "certificate_id", None) for line in found} - {None})
        return [
            LineRow(
                line,
                TAGS.get(Action(line.action), ""),
                differences(line) if line.action not in TAGS else [],
                certificates.get(getattr(line, "certificate_id", 0)),
            )
            for line in found
        ]

    def certificates(self, ids: set[int | None]) -> dict[int, CertificateLine]:
        """The certificates as the batch has them, else as they were public beside it."""
        edition = self.batch.edition_id or self.reading.edition
        beside = CertificateLine.objects.public(edition).filter(certificate_id__in=ids)
        own = CertificateLine.objects.filter(batch=self.batch, certificate_id__in=ids)
        return {line.certificate_id: line for line in [*beside, *own]}

    @cached_property
    def previous_edition(self) -> Edition | None:
        """The edition to whose head the batch's root was chained."""
        if not self.is_published:
            return None
        return Edition.objects.filter(number__lt=self.batch.edition_id).order_by("-number").first()


def sealed_lines(batch: Batch) -> Iterator[str]:
    """JSON Lines in the order of the tree: every sealed value with salt and hash, as they went into the digest."""
    rows = (
        model.objects.filter(batch=batch).select_related("replaces").order_by()
        for _label, model in REGISTERS.values()
    )
    for line in sorted(chain.from_iterable(rows), key=lambda line: (line.key, line.digest)):
        salts, hashes = line.proof()
        sealed = {
            "key": line.key,
            "values": line.sealed_values(),
            "salts": salts,
            "hashes": hashes,
            "redacted": line.redacted,
            "digest": line.digest,
        }
        yield canonical(sealed).decode() + "\n"
