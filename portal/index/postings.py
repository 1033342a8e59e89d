"""Writing and reading postings.

Every writer of a collection takes its state row first and holds it to the end of its transaction, so two writers of one term
lose nothing. Postings are added before the documents become public and outside that transaction; readers mask what is not
public yet.
"""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import FilteredRelation, Q
from pyroaring import AbstractBitMap, BitMap, FrozenBitMap

from portal.index.memory import MEMORY
from portal.index.models import IndexState, Posting
from portal.text.tokens import MAX_TERM, RULES

HIGHEST_DOCUMENT = 2**32 - 1
NOTHING = FrozenBitMap()

_TERMS_A_QUERY = 5_000  # far below what either database takes, far above what a page asks for
_ROWS_A_STATEMENT = 500
_PAIRS_A_CHUNK = 2_000_000  # (term, document) pairs kept before they are written

Documents = Iterable[int] | AbstractBitMap


@transaction.atomic
def add(collection: str, postings: Mapping[str, Documents]) -> None:
    """Let each term stand for these documents too. Doing it again changes nothing."""
    added = {_sound(term): _bitmap(documents) for term, documents in postings.items()}
    _lock(collection)
    for chunk in _chunks(list(added), _ROWS_A_STATEMENT):
        stored = dict(_stored(collection, chunk))
        _save(collection, {term: stored.get(term, NOTHING) | added[term] for term in chunk})


def add_documents(collection: str, documents: Iterable[tuple[int, Iterable[str]]]) -> int:
    """Index (number, terms) pairs from an iterator of any length in bounded memory; the number of documents.

    Each chunk is a transaction of its own, so a run that was broken off is mended by running it again.
    """
    gathered: defaultdict[str, list[int]] = defaultdict(list)
    pairs = count = 0
    for document, terms in documents:
        count += 1
        for term in terms:
            gathered[term].append(document)
            pairs += 1
        if pairs >= _PAIRS_A_CHUNK:
            add(collection, gathered)
            gathered.clear()
            pairs = 0
    if gathered:
        add(collection, gathered)
    return count


@transaction.atomic
def put(collection: str, term: str, documents: Documents) -> None:
    """Let a term stand for exactly these documents."""
    bitmap = _bitmap(documents)
    _lock(collection)
    _save(collection, {_sound(term): bitmap})


@transaction.atomic
def discard(collection: str, postings: Mapping[str, Documents]) -> None:
    """Take documents out of terms; a term that stands for nothing any more is deleted, for it may spell a redacted name."""
    removed = {term: _bitmap(documents) for term, documents in postings.items()}
    _lock(collection)
    for chunk in _chunks(list(removed), _ROWS_A_STATEMENT):
        left = {term: bitmap - removed[term] for term, bitmap in _stored(collection, chunk)}
        _save(collection, {term: bitmap for term, bitmap in left.items() if bitmap})
        emptied = [term for term, bitmap in left.items() if not bitmap]
        Posting.objects.filter(collection=collection, term__in=emptied).delete()


@transaction.atomic
def clear(collection: str) -> None:
    """Forget every posting of a collection, which then follows the present rules."""
    _lock(collection)
    Posting.objects.filter(collection=collection).delete()
    IndexState.objects.filter(pk=collection).update(rules=RULES)


def outdated() -> list[str]:
    """Collections that were indexed by other rules than this release's and have to be built again."""
    return list(IndexState.objects.exclude(rules=RULES).order_by("pk").values_list("pk", flat=True))


def fetch(collection: str, terms: Iterable[str]) -> dict[str, FrozenBitMap]:
    """The documents of each term, an unknown term having none. One query, a second one only when somebody has just written."""
    found: dict[str, FrozenBitMap] = {}
    for chunk in _chunks(sorted(set(terms)), _TERMS_A_QUERY):
        found |= _fetch_chunk(collection, chunk)
    return found


@dataclass
class Differences:
    """What an index has too little and too much, term by term. False when there is neither."""

    missing: dict[str, AbstractBitMap] = field(default_factory=dict)
    surplus: dict[str, AbstractBitMap] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.missing or self.surplus)


def differences(collection: str, expected: Mapping[str, Documents]) -> Differences:
    """Compare all postings of a collection with what they should be."""
    found, unseen = Differences(), set(expected)
    rows = Posting.objects.filter(collection=collection).values_list("term", "bitmap")
    for term, stored in rows.iterator(chunk_size=2_000):
        have = BitMap.deserialize(bytes(stored))
        want = _bitmap(expected.get(term, ()))
        unseen.discard(term)
        if too_little := want - have:
            found.missing[term] = too_little
        if too_much := have - want:
            found.surplus[term] = too_much
    found.missing |= {term: want for term in unseen if (want := _bitmap(expected[term]))}
    return found


def _fetch_chunk(collection: str, terms: list[str]) -> dict[str, FrozenBitMap]:
    known, held = MEMORY.recall(collection, terms)
    missing = [term for term in terms if term not in held]
    stamp, found = _read(collection, missing)
    if stamp != known and held:
        held = {}
        stamp, found = _read(collection, terms)
    if stamp is not None:
        MEMORY.keep(collection, stamp, found)
    return dict.fromkeys(terms, NOTHING) | held | {term: bitmap for term, (bitmap, _) in found.items()}


def _read(collection: str, terms: list[str]) -> tuple[str | None, dict[str, tuple[FrozenBitMap, int]]]:
    """The stamp and the postings under it, in one statement so that they belong together; absent terms come as empty."""
    state = IndexState.objects.filter(pk=collection)
    if not terms:
        return state.values_list("stamp", flat=True).first(), {}
    wanted = FilteredRelation("postings", condition=Q(postings__term__in=terms))
    rows = list(state.annotate(wanted=wanted).values_list("stamp", "wanted__term", "wanted__bitmap"))
    if not rows:
        return None, {}
    found = dict.fromkeys(terms, (NOTHING, 0))
    for _, term, stored in rows:
        if term is not None:
            found[term] = FrozenBitMap.deserialize(bytes(stored)), len(stored)
    return rows[0][0], found


def _lock(collection: str) -> None:
    """Hold the collection to the end of the transaction, and tell readers that what they remember is over."""
    IndexState.objects.get_or_create(pk=collection, defaults={"stamp": "", "rules": RULES})
    state = IndexState.objects.select_for_update().get(pk=collection)
    state.stamp = secrets.token_hex(12)
    state.save(update_fields=["stamp"])


def _stored(collection: str, terms: list[str]) -> Iterator[tuple[str, BitMap]]:
    for term, stored in Posting.objects.filter(collection=collection, term__in=terms).values_list(
        "term", "bitmap"
    ):
        yield term, BitMap.deserialize(bytes(stored))


def _save(collection: str, postings: Mapping[str, AbstractBitMap]) -> None:
    Posting.objects.bulk_create(
        [
            Posting(collection_id=collection, term=term, bitmap=_packed(bitmap))
            for term, bitmap in postings.items()
        ],
        update_conflicts=True,
        unique_fields=["collection", "term"],
        update_fields=["bitmap"],
    )


def _packed(bitmap: AbstractBitMap) -> bytes:
    packed = BitMap(bitmap)
    packed.run_optimize()
    return packed.serialize()


def _bitmap(documents: Documents) -> AbstractBitMap:
    if isinstance(documents, AbstractBitMap):
        return documents
    numbers = list(documents)
    try:
        return BitMap(numbers)
    except OverflowError:
        beyond = next(number for number in numbers if not 0 <= number <= HIGHEST_DOCUMENT)
        raise ValueError(
            f"Document {beyond} cannot be indexed: numbers go from 0 to {HIGHEST_DOCUMENT}."
        ) from None


def _sound(term: str) -> str:
    if not 0 < len(term) <= MAX_TERM:
        raise ValueError(f"A term has 1 to {MAX_TERM} characters, not {len(term)}: {term[:40]!r}")
    return term


def _chunks(items: list[str], size: int) -> Iterator[list[str]]:
    return (items[start : start + size] for start in range(0, len(items), size))
