"""What the chain cannot know of batches by itself: their own columns, their frozen lines, the numbers of products."""

from collections.abc import Iterator
from itertools import islice

from django.db.models import F

from portal.core.editions.acts import Known, altered_acts
from portal.core.editions.models import Edition
from portal.core.editions.verify import Fault, chain_faults, redactions, unlawful_redactions
from portal.core.files.removing import remove_left
from portal.core.files.verify import sampled_faults
from portal.core.schedule.acts import Report
from portal.core.text.numbers import format_number

from ..acts import key_of
from ..models import LINE_MODELS, Batch, ProductLine
from .contents import contents_of, digest_of, public_header

NAMED_BY_NIGHT = 5
FILES_A_NIGHT = 500
LATER = {"cancelled_reason"}  # said of a batch after its notice was opened


def all_faults() -> Iterator[Fault]:
    """Every fault of the public record; empty when nothing was altered."""
    yield from chain_faults()
    known = Known.all()
    for batch in Batch.objects.exclude(notice_edition=None, edition=None).order_by("pk").iterator():
        yield from _batch_faults(batch, known)
    yield from _line_faults()


def _batch_faults(batch: Batch, accounts: Known) -> Iterator[Fault]:
    known: list[tuple[Edition, set[str]]] = []
    if batch.notice_edition:
        known.append((batch.notice_edition, LATER))
    if batch.cancelled_edition:
        known.append((batch.cancelled_edition, set()))
    if batch.edition:
        known.append((batch.edition, set()))
    header = public_header(batch)
    for edition, ignored in known:
        for field, value in header.items():
            if field not in ignored and edition.header.get(field) != value:
                yield Fault(edition.number, batch.slug, key_of(batch), field)
        for field in altered_acts(batch, key_of(batch), edition.header, accounts):
            yield Fault(edition.number, batch.slug, key_of(batch), field)
    newest = known[-1][0]
    if _recomputed(digest_of, batch) != batch.digest:
        yield Fault(newest.number, batch.slug, key_of(batch), "digest")
    if not _state_fits(batch):
        yield Fault(newest.number, batch.slug, key_of(batch), "state")
    if batch.edition is None:
        yield from _noticed_lines_faults(batch, newest)


def _recomputed(compute, batch: Batch) -> str:
    """A hash over the batch's lines; empty when a digest was mangled so that it is no hash any more."""
    try:
        return compute(batch)
    except ValueError:
        return ""


def _state_fits(batch: Batch) -> bool:
    if batch.edition_id is not None:
        return batch.state == Batch.State.PUBLISHED
    return batch.state == (Batch.State.CANCELLED if batch.cancelled_edition_id else Batch.State.IN_NOTICE)


def _noticed_lines_faults(batch: Batch, edition: Edition) -> Iterator[Fault]:
    """Lines that were only shown for objection carry no edition, but were read by the public all the same."""
    contents = contents_of(batch)
    if _recomputed(lambda _batch: contents.root, batch) != edition.root:
        yield Fault(edition.number, batch.slug, key_of(batch), "root")
    if contents.ids != edition.header.get("ids"):
        yield Fault(edition.number, batch.slug, key_of(batch), "ids")
    allowed = redactions()
    for model in LINE_MODELS:
        for line in model.objects.filter(batch=batch).select_related("replaces").iterator(chunk_size=2000):
            for field in [*line.broken_fields(), *unlawful_redactions(line, allowed)]:
                yield Fault(edition.number, batch.slug, line.key, field)


def _line_faults() -> Iterator[Fault]:
    for model in LINE_MODELS:
        strays = model.objects.filter(from_edition__isnull=False).exclude(from_edition=F("batch__edition"))
        for line in strays.select_related("batch"):
            yield Fault(line.from_edition_id, line.batch.slug, line.key, "from_edition")
        lost = model.objects.filter(from_edition__isnull=True, batch__edition__isnull=False)
        for line in lost.select_related("batch"):
            yield Fault(line.batch.edition_id, line.batch.slug, line.key, "from_edition")
    numbers = ProductLine.objects.filter(from_edition__isnull=False).values_list(
        "from_edition", "batch__slug", "key", "number", "product__serial"
    )
    for edition, slug, key, number, serial in numbers.iterator(chunk_size=2000):
        if not serial or format_number(serial) != number:
            yield Fault(edition, slug, key, "number")


def by_itself() -> Report:
    """The whole chain, and the stored files whose turn it is today."""
    remove_left()
    altered = list(islice(all_faults(), NAMED_BY_NIGHT))
    broken = [fault for fault in sampled_faults(FILES_A_NIGHT) if not fault.is_orphan]
    if not altered and not broken:
        return Report(f"摘要链完好；今天核对了至多 {FILES_A_NIGHT} 个文件，都完好。")
    named = "；".join(str(fault) for fault in [*altered, *broken][:NAMED_BY_NIGHT])
    return Report(f"发现不符：{named}。请保留现场，运行 verify_chain --files。", is_good=False)
