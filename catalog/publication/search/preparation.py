"""Writes the postings of a batch before it is published, again without harm, and says what the whole index is made of.

The order of locks is batch, then index: the job that prepares a batch writes in steps, and each one makes sure, under the
lock of the batch, that the lines are still those that it read.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from pyroaring import BitMap

from catalog.publication.models import Batch, EnterpriseLine, ProductLine
from portal.core.index.building import Building
from portal.core.index.collections import Closing
from portal.core.index.differences import differences
from portal.core.index.documents import Document, rows_in_steps
from portal.core.index.postings import discard, fetch, put
from portal.core.index.sorting import keys_of, refresh_orders
from portal.core.index.state import hold, hold_all
from portal.core.index.writing import orders_of, take_out, write
from portal.core.workflow import NotAllowed

from .documents import (
    ENTERPRISES,
    PRODUCTS,
    enterprise_documents,
    enterprise_documents_of,
    product_documents,
    product_documents_of,
)

LINES_A_STEP = 500  # what is written under one lock
MARK = BitMap([0])  # no line has number 0: a posting that stands for it says only that something is done


@dataclass(frozen=True)
class Register:
    """One collection: the lines that it indexes and how."""

    collection: str
    label: str
    lines: Any
    documents: Callable[[Any], Iterator[Document]]
    documents_of: Callable[[list], list[Document]]


REGISTERS = (
    Register(PRODUCTS, "产品清单", ProductLine, product_documents, product_documents_of),
    Register(ENTERPRISES, "企业名录", EnterpriseLine, enterprise_documents, enterprise_documents_of),
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
    mark = _mark(batch)
    return all(fetch(register.collection, [mark])[mark] for register in REGISTERS)


def ensure_prepared(batch: Batch) -> None:
    """Prepare the index of a frozen batch unless that was done for exactly these lines."""
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
    try:
        for register in REGISTERS:
            _prepare_lines(register, batch)
        with _frozen(batch):
            hold_all(register.collection for register in REGISTERS)
            for register in REGISTERS:
                for term, documents in _said_of(register, batch).items():
                    put(register.collection, term, documents)
    except NoLongerFrozen:
        return


def withdraw(batch: Batch) -> None:
    """Let a batch that is sent back bring and end nothing any more. The caller holds it, and has its lines swept."""
    hold_all(register.collection for register in REGISTERS)
    for register in REGISTERS:
        for term in (opens(batch.pk), ends(batch.pk), _mark(batch)):
            put(register.collection, term, BitMap())


def forget(lines: QuerySet) -> None:
    """Take lines that are about to be deleted out of the index. The caller holds their batch."""
    for register in REGISTERS:
        if register.lines is lines.model:
            numbers = BitMap(lines.values_list("pk", flat=True))
            hold(register.collection, numbers)  # a rebuild that has read them leaves them alone
            indexed = keys_of(register.collection, numbers).values("document")
            take_out(register.collection, list(register.documents(lines.filter(pk__in=indexed))))


def discard_documents(register: Register, lines) -> None:
    """Take lines out of every term that spells their content; `lines` still hold the content that was indexed."""
    postings: defaultdict[str, list[int]] = defaultdict(list)
    for document in register.documents(lines):
        for term in document.terms:
            postings[term].append(document.number)
    discard(register.collection, postings)


def index_again(register: Register, lines) -> None:
    """Index lines whose content was redacted."""
    moved = write(register.collection, list(register.documents(lines)))
    refresh_orders(register.collection, moved)


def everything(register: Register) -> Iterator[Document]:
    """The lines of batches that are frozen: others are on their way in or out."""
    return register.documents(register.lines.objects.filter(batch__in=Batch.objects.frozen()))


def is_empty(register: Register) -> bool:
    return not register.lines.objects.filter(batch__in=Batch.objects.frozen()).exists()


def closing(register: Register) -> Closing:
    """For a rebuild: the postings of whole batches. A batch that is frozen after this moment may have lines that the rebuild
    does not read; its own job writes them."""
    frozen = list(Batch.objects.frozen().order_by("pk"))

    def close(building: Building) -> None:
        for batch in frozen:
            _close_batch(register, batch, building)

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
    for document in everything(register):
        for term in document.terms:
            expected[term].add(document.number)
    for batch in Batch.objects.frozen():
        expected |= _said_of(register, batch)
    return {term: bitmap for term, bitmap in expected.items() if bitmap}


def _prepare_lines(register: Register, batch: Batch) -> None:
    """Terms are made outside of any lock; a step holds one for what it writes."""
    names: set[str] = set()
    for chunk in rows_in_steps(register.lines.objects.filter(batch=batch), LINES_A_STEP):
        documents = register.documents_of(chunk)
        names |= orders_of(documents)
        with _frozen(batch):
            hold(register.collection)
            write(register.collection, _still_true(register, chunk, documents))
    refresh_orders(register.collection, names)


def _still_true(register: Register, lines: list, documents: list[Document]) -> list[Document]:
    """Anew where a redaction came between reading and writing: it holds the index until it is through."""
    seen = {line.pk: line.redacted for line in lines}
    now = register.lines.objects.filter(pk__in=seen)
    if dict(now.values_list("pk", "redacted")) == seen:
        return documents
    return register.documents_of(list(now))


@contextmanager
def _frozen(batch: Batch) -> Iterator[None]:
    """A transaction that holds the batch as it was frozen. Raises NoLongerFrozen."""
    with transaction.atomic():
        same = Batch.objects.frozen().filter(pk=batch.pk, digest=batch.digest)
        if same.select_for_update().first() is None:
            raise NoLongerFrozen
        yield


def _close_batch(register: Register, batch: Batch, building: Building) -> None:
    try:
        with _frozen(batch):
            for term, documents in _said_of(register, batch).items():
                building.put(term, documents)
    except NoLongerFrozen:
        return


def _said_of(register: Register, batch: Batch) -> dict[str, BitMap]:
    """The terms of a batch itself: the lines that it brings, those that it takes away, and that they are indexed."""
    ids = list(register.lines.objects.filter(batch=batch).values_list("pk", "replaces_id"))
    return {
        opens(batch.pk): BitMap(pk for pk, _old in ids),
        ends(batch.pk): BitMap(old for _pk, old in ids if old),
        _mark(batch): MARK,
    }


def _mark(batch: Batch) -> str:
    return f"prepared:{batch.pk}:{batch.digest[:32]}"
