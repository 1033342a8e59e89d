"""Writes the postings of a batch before it is published, again without harm, and the whole index anew."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pyroaring import BitMap

from catalog.publication.models import Batch, EnterpriseLine, ProductLine
from portal.index.orders import add_to_order, forget_order
from portal.index.postings import add, clear, differences, discard, fetch, put

from .documents import ENTERPRISES, PRODUCTS, Document, enterprise_documents, product_documents

DOCUMENTS_AT_A_TIME = 5_000
MARK = [0]  # no line has number 0: a posting that stands for it says only that something is done


@dataclass(frozen=True)
class Register:
    """One collection: the lines that it indexes and how."""

    collection: str
    lines: Any
    documents: Callable[[Any], Iterator[Document]]


REGISTERS = (
    Register(PRODUCTS, ProductLine, product_documents),
    Register(ENTERPRISES, EnterpriseLine, enterprise_documents),
)


def opens(batch_id: int) -> str:
    """Term of the lines that a batch brings."""
    return f"opens:{batch_id}"


def ends(batch_id: int) -> str:
    """Term of the lines that a batch takes away."""
    return f"ends:{batch_id}"


def ensure_prepared(batch: Batch) -> None:
    """Prepare the index of a frozen batch unless that was done for exactly these lines."""
    mark = _mark(batch)
    if not fetch(PRODUCTS, [mark])[mark]:
        prepare(batch)


def prepare(batch: Batch) -> None:
    """Index the frozen lines of a batch. Broken off in the middle, it is mended by running it again."""
    for register in REGISTERS:
        lines = register.lines.objects.filter(batch=batch)
        _index(register, register.documents(lines.order_by("pk")))
        _put_interval(register, batch)
    put(PRODUCTS, _mark(batch), MARK)


def withdraw(batch: Batch) -> None:
    """Take the lines of a batch that is sent back out of the index again."""
    for register in REGISTERS:
        lines = register.lines.objects.filter(batch=batch)
        discard_documents(register, lines)
        put(register.collection, opens(batch.pk), BitMap())
        put(register.collection, ends(batch.pk), BitMap())
    put(PRODUCTS, _mark(batch), BitMap())


def discard_documents(register: Register, lines) -> None:
    """Take lines out of every term that spells their content; `lines` still hold the content that was indexed."""
    postings: defaultdict[str, list[int]] = defaultdict(list)
    for document in register.documents(lines):
        for term in document.terms:
            postings[term].append(document.number)
    discard(register.collection, postings)


def index_again(register: Register, lines) -> None:
    """Index lines whose content was redacted."""
    _index(register, register.documents(lines))


def rebuild() -> int:
    """Index everything that was frozen anew; returns the number of documents. Searches see the parts done so far."""
    count = 0
    for register in REGISTERS:
        clear(register.collection)
        forget_order(register.collection)
        count += _index(register, register.documents(register.lines.objects.order_by("pk")))
    for batch in Batch.objects.frozen().order_by("pk"):
        for register in REGISTERS:
            _put_interval(register, batch)
        put(PRODUCTS, _mark(batch), MARK)
    return count


def faults() -> list[str]:
    """Terms whose postings differ from what the lines say; empty when the index is whole."""
    found = []
    for register in REGISTERS:
        expected = _expected(register)
        compared = differences(register.collection, expected)
        for kind, terms in (("missing", compared.missing), ("surplus", compared.surplus)):
            found += [
                f"{register.collection} {kind} {term} ({len(lines)})" for term, lines in sorted(terms.items())
            ]
    return found


def _expected(register: Register) -> dict[str, BitMap]:
    expected: defaultdict[str, BitMap] = defaultdict(BitMap)
    for document in register.documents(register.lines.objects.order_by("pk")):
        for term in document.terms:
            expected[term].add(document.number)
    for batch in Batch.objects.frozen():
        lines = register.lines.objects.filter(batch=batch)
        expected[opens(batch.pk)] = BitMap(lines.values_list("pk", flat=True))
        expected[ends(batch.pk)] = BitMap(lines.exclude(replaces=None).values_list("replaces_id", flat=True))
        if register.collection == PRODUCTS:
            expected[_mark(batch)] = BitMap(MARK)
    return {term: bitmap for term, bitmap in expected.items() if bitmap}


def _put_interval(register: Register, batch: Batch) -> None:
    ids = register.lines.objects.filter(batch=batch).values_list("pk", "replaces_id")
    put(register.collection, opens(batch.pk), BitMap(pk for pk, _old in ids))
    put(register.collection, ends(batch.pk), BitMap(old for _pk, old in ids if old))


def _index(register: Register, documents: Iterable[Document]) -> int:
    """Add documents in bounded memory, then their places in the prepared orders."""
    count = 0
    keys: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    iterator = iter(documents)
    while chunk := list(islice(iterator, DOCUMENTS_AT_A_TIME)):
        postings: defaultdict[str, list[int]] = defaultdict(list)
        for document in chunk:
            for term in document.terms:
                postings[term].append(document.number)
            for name, key in document.keys.items():
                keys[name].append((document.number, key))
        add(register.collection, postings)
        count += len(chunk)
    for name, pairs in keys.items():
        add_to_order(register.collection, name, pairs)
    return count


def _mark(batch: Batch) -> str:
    return f"prepared:{batch.pk}:{batch.digest[:32]}"
