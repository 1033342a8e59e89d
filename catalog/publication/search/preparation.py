"""Writes the postings of a batch before it is published, again without harm, and says what the whole index is made of.

The order of locks is batch, then index: the job that prepares a batch writes in steps, and each one makes sure, under the
lock of the batch, that the lines are still those that it read.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, QuerySet, TextField
from django.db.models.functions import Cast
from pyroaring import BitMap

from catalog.publication.models import Batch, CertificateLine, EnterpriseLine, ProductLine
from portal.core.index.building import Building
from portal.core.index.collections import Closing
from portal.core.index.differences import differences
from portal.core.index.documents import Document, by_term, in_lists, rows_in_steps
from portal.core.index.postings import discard, fetch, put
from portal.core.index.sorting import keys_of, place
from portal.core.index.state import hold, hold_all
from portal.core.index.writing import gather, no_collecting, take_out, write_gathered
from portal.core.workflow import NotAllowed

from .documents import (
    ENTERPRISES,
    OF_ENTERPRISE,
    OF_PRODUCT,
    PRODUCTS,
    enterprise_documents_of,
    former_product_documents,
    product_documents_of,
)

# What is written under one lock, each term once: a long step reads and writes the terms that all lines have less often. On SQLite
# everybody waits for that lock; 10,000 lines beside 50,000 held it for a second.
LINES_A_STEP = 25_000 if connection.vendor == "postgresql" else 5_000
REDACTED = Cast("redacted", TextField())  # compared, not read: parsing it takes longer


@dataclass(frozen=True)
class Register:
    """One collection: the lines that it indexes and how."""

    collection: str
    label: str
    lines: Any
    columns: Sequence[str]
    documents_of: Callable[[Sequence], list[Document]]
    former: Callable[[Sequence], list[Document]]

    def rows(self, lines: QuerySet) -> QuerySet:
        """What is read of lines to index them."""
        return lines.annotate(redacted_said=REDACTED).values_list("redacted_said", *self.columns, named=True)

    def documents(self, lines: QuerySet) -> Iterator[Document]:
        for chunk in rows_in_steps(self.rows(lines), LINES_A_STEP):
            yield from self.documents_of(chunk)


REGISTERS = (
    Register(PRODUCTS, "产品清单", ProductLine, OF_PRODUCT, product_documents_of, former_product_documents),
    Register(
        ENTERPRISES, "企业名录", EnterpriseLine, OF_ENTERPRISE, enterprise_documents_of, lambda _lines: []
    ),
)


class NoLongerFrozen(Exception):
    """The batch was sent back or cancelled while its lines were being indexed."""


def opens(batch_id: int) -> str:
    """Term of the lines that a batch brings."""
    return f"opens:{batch_id}"


def ends(batch_id: int) -> str:
    """Term of the lines that a batch takes away."""
    return f"ends:{batch_id}"


def is_prepared(batch: Batch) -> bool:
    """Whether the index has exactly these lines. Each register has its mark: one may be built anew without the other."""
    mark, rests_on = _mark(batch), _rests_on(batch)
    return all(fetch(register.collection, [mark])[mark] == rests_on for register in REGISTERS)


def ensure_prepared(batch: Batch) -> None:
    """Prepare the index of a frozen batch unless that was done for exactly these lines, and certificates as they are now."""
    if not is_prepared(batch):
        prepare(batch)


def refuse_unprepared(batch: Batch) -> None:
    """For the publication, which prepared the batch a moment ago: it may have been sent back and submitted anew since."""
    if not is_prepared(batch):
        raise NotAllowed(
            "batch.unprepared", "这一批刚刚重新提交过，检索还没有准备好。请刷新页面看一遍，再按一次「公布」。"
        )


def prepare(batch: Batch) -> None:
    """Index the frozen lines of a batch. Broken off in the middle, it is mended by running it again.

    A batch that is sent back or cancelled meanwhile is left alone: its lines are swept (`publishing.freezing`).
    """
    rests_on = _rests_on(batch)
    try:
        for register in REGISTERS:
            _prepare_lines(register, batch)
        with _frozen(batch):
            hold_all(register.collection for register in REGISTERS)
            for register in REGISTERS:
                put(register.collection, _said_of(register, batch, rests_on))
    except NoLongerFrozen:
        return


def withdraw(batch: Batch) -> None:
    """Let a batch that is sent back bring and end nothing any more. The caller holds it, and has its lines swept."""
    hold_all(register.collection for register in REGISTERS)
    for register in REGISTERS:
        gone = (opens(batch.pk), ends(batch.pk), _mark(batch), _written(batch))
        put(register.collection, dict.fromkeys(gone, BitMap()))


def forget(lines: QuerySet) -> None:
    """Take lines that are about to be deleted out of the index. The caller holds their batch."""
    for register in REGISTERS:
        if register.lines is lines.model:
            numbers = BitMap(lines.values_list("pk", flat=True))
            hold(register.collection, numbers)  # a rebuild that has read them leaves them alone
            indexed = keys_of(register.collection, numbers).values("document")
            take_out(register.collection, list(register.documents(lines.filter(pk__in=indexed))))


def everything(register: Register) -> Iterator[Document]:
    """The lines of batches that are frozen: others are on their way in or out."""
    return register.documents(register.lines.objects.filter(batch__in=Batch.objects.frozen()))


def is_empty(register: Register) -> bool:
    return not register.lines.objects.filter(batch__in=Batch.objects.frozen()).exists()


def closing(register: Register) -> Closing:
    """For a rebuild: the postings of whole batches. A batch that is frozen after this moment may have lines that the rebuild
    does not read; its own job writes them."""
    frozen = [(batch, _rests_on(batch)) for batch in Batch.objects.frozen().order_by("pk")]

    def close(building: Building) -> None:
        for batch, rests_on in frozen:
            _close_batch(register, batch, rests_on, building)

    return close


def faults(register: Register) -> list[str]:
    """Terms whose postings differ from what the lines say; empty when the index is whole."""
    compared = differences(register.collection, _expected(register))
    return [
        f"{register.collection} {kind} {term} ({len(lines)})"
        for kind, terms in (("missing", compared.missing), ("surplus", compared.surplus))
        for term, lines in sorted(terms.items())
    ]


def _expected(register: Register) -> dict[str, BitMap]:
    expected: defaultdict[str, BitMap] = defaultdict(BitMap)
    for documents in in_lists(everything(register), LINES_A_STEP):
        for term, numbers in by_term(documents).items():
            expected[term].update(numbers)
    for batch in Batch.objects.frozen():
        expected |= _said_of(register, batch, _rests_on(batch))
    return {term: bitmap for term, bitmap in expected.items() if bitmap}


def _prepare_lines(register: Register, batch: Batch) -> None:
    """Terms are made outside of any lock; a step holds one for what it writes. Killed, it goes on with the step after the last
    that was written."""
    said = _written(batch)
    written = fetch(register.collection, [said])[said]
    lines = register.lines.objects.filter(batch=batch)
    for chunk in rows_in_steps(register.rows(lines), LINES_A_STEP):
        if left := [line for line in chunk if line.pk not in written]:
            with no_collecting():
                _prepare_step(register, batch, left)
    place(register.collection, BitMap(lines.values_list("pk", flat=True)))


def _prepare_step(register: Register, batch: Batch, lines: list) -> None:
    """Anew where a redaction came between reading and writing: it holds the index until it is through."""
    said, seen = _written(batch), {line.pk: line.redacted_said for line in lines}
    gathered = gather(register.documents_of(lines), said)
    with _frozen(batch):
        hold(register.collection)
        now = register.lines.objects.filter(batch=batch, pk__range=(lines[0].pk, lines[-1].pk))
        if not seen.items() <= dict(now.values_list("pk", REDACTED)).items():
            again = register.rows(now.filter(pk__in=seen))
            lines = list(again)
            gathered = gather(register.documents_of(lines), said)
        _discard_former(register, lines)
        write_gathered(register.collection, gathered)


def _discard_former(register: Register, lines: list) -> None:
    """Of lines that are prepared again, since a certificate of theirs was said anew: what was said of it before."""
    numbers = BitMap(line.pk for line in lines)
    indexed = set(keys_of(register.collection, numbers).values_list("document", flat=True))
    if former := register.former([line for line in lines if line.pk in indexed]):
        discard(register.collection, by_term(former))


@contextmanager
def _frozen(batch: Batch) -> Iterator[None]:
    """A transaction that holds the batch as it was frozen. Raises NoLongerFrozen."""
    with transaction.atomic():
        same = Batch.objects.frozen().filter(pk=batch.pk, digest=batch.digest)
        if same.select_for_update().first() is None:
            raise NoLongerFrozen
        yield


def _close_batch(register: Register, batch: Batch, rests_on: BitMap, building: Building) -> None:
    try:
        with _frozen(batch):
            building.put(_said_of(register, batch, rests_on))
    except NoLongerFrozen:
        return


def _said_of(register: Register, batch: Batch, rests_on: BitMap) -> dict[str, BitMap]:
    """The terms of a batch itself: the lines that it brings, those that it takes away, and that they are indexed, all of them."""
    ids = list(register.lines.objects.filter(batch=batch).values_list("pk", "replaces_id"))
    return {
        opens(batch.pk): BitMap(pk for pk, _old in ids),
        ends(batch.pk): BitMap(old for _pk, old in ids if old),
        _mark(batch): rests_on,
        _written(batch): BitMap(),
    }


def _rests_on(batch: Batch) -> BitMap:
    """What its lines are indexed with besides themselves: the newest edition that says a certificate of its products; 0 for
    none. Certificates in the batch itself are frozen with it."""
    named = (
        ProductLine.objects.filter(batch=batch, certificate__isnull=False).order_by().values("certificate")
    )
    own = CertificateLine.objects.filter(batch=batch).values("certificate")
    said = CertificateLine.objects.filter(certificate__in=named, from_edition__isnull=False)
    if batch.edition_id:
        said = said.filter(from_edition__lte=batch.edition_id)
    newest = said.exclude(certificate__in=own).aggregate(newest=Max("from_edition"))["newest"]
    return BitMap([newest or 0])


def _mark(batch: Batch) -> str:
    return f"prepared:{batch.pk}:{batch.digest[:32]}"


def _written(batch: Batch) -> str:
    """Term of the lines of a batch that are in the index already, while there are others."""
    return f"written:{batch.pk}:{batch.digest[:32]}"
