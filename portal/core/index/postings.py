"""Writing and reading postings.

Every writer of a collection takes its state row first and holds it to the end of its transaction, so two writers of one term
lose nothing. Postings are added before the documents become public and outside that transaction; readers mask what is not
public yet.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from struct import Struct
from typing import TypeVar

from django.db import connection, transaction
from django.db.models import F, FilteredRelation, Q
from pyroaring import AbstractBitMap, BitMap, FrozenBitMap

from portal.core.index.documents import Documents
from portal.core.index.keys import key_of, keys_of_all
from portal.core.index.memory import MEMORY
from portal.core.index.models import IndexState, Posting
from portal.core.index.state import hold
from portal.core.index.upsert import upsert
from portal.core.prepared import prepared
from portal.core.text.tokens import MAX_TERM

Item = TypeVar("Item")

HIGHEST_DOCUMENT = 2**32 - 1
NOTHING = FrozenBitMap()

_FEW = 8
# No runs, one container: its upper half, its size less one, where it begins; the lower halves.
_FORMS = {count: Struct(f"<IIHHI{count}H") for count in range(1, _FEW + 1)}
_TERMS_A_QUERY = 5_000  # far below what either database takes, far above what a page asks for
_ROWS_A_STATEMENT = 2_000


@transaction.atomic
def add(collection: str, postings: Mapping[str, Documents]) -> None:
    """Let each term stand for these documents too. Doing it again changes nothing.

    The documents are given with all of their terms: a rebuild that runs meanwhile takes them from here.
    """
    added = {term: bitmap_of(documents) for term, documents in postings.items()}
    held = hold(collection, BitMap.union(BitMap(), *added.values()))
    for generation in held.written:
        add_into(collection, generation, added)


def add_into(collection: str, generation: int, postings: Mapping[str, Documents]) -> None:
    """For whoever holds the collection."""
    keyed = _keyed(collection, generation, postings)
    for chunk in _chunks(sorted(keyed), _ROWS_A_STATEMENT):
        merged = {key: (keyed[key], postings[keyed[key]]) for key in chunk}
        for key, term, stored in _stored(generation, chunk):
            merged[key] = term, BitMap.deserialize(bytes(stored)) | bitmap_of(postings[term])
        _save(collection, generation, merged)


@transaction.atomic
def put(collection: str, postings: Mapping[str, Documents]) -> None:
    """Let each term stand for exactly these documents. No document has such a term of itself."""
    bitmaps = {_sound(term): bitmap_of(documents) for term, documents in postings.items()}
    for generation in hold(collection).written:
        put_into(collection, generation, bitmaps)


def put_into(collection: str, generation: int, bitmaps: Mapping[str, AbstractBitMap]) -> None:
    """For whoever holds the collection. What stands for nothing has no posting."""
    if filled := {term: bitmap for term, bitmap in bitmaps.items() if bitmap}:
        save_postings(collection, generation, filled)
    if empty := [key_of(collection, term, generation) for term in bitmaps.keys() - filled.keys()]:
        Posting.objects.filter(pk__in=empty).delete()


@transaction.atomic
def discard(collection: str, postings: Mapping[str, Documents]) -> None:
    """Take documents with all of their terms out, of every generation, and of one that a killed rebuild left behind.

    A term that stands for nothing any more is deleted, for it may spell a redacted name.
    """
    removed = {term: bitmap_of(documents) for term, documents in postings.items()}
    hold(collection, BitMap.union(BitMap(), *removed.values()))
    for chunk in _chunks(keys_of_all(collection, removed), _ROWS_A_STATEMENT):
        left: defaultdict[int, dict[str, AbstractBitMap]] = defaultdict(dict)
        emptied = []
        for posting in Posting.objects.filter(pk__in=chunk):
            bitmap = BitMap.deserialize(bytes(posting.bitmap)) - removed[posting.term]
            if bitmap:
                left[posting.generation][posting.term] = bitmap
            else:
                emptied.append(posting.pk)
        for generation, postings in left.items():
            save_postings(collection, generation, postings)
        Posting.objects.filter(pk__in=emptied).delete()


def fetch(collection: str, terms: Iterable[str]) -> dict[str, FrozenBitMap]:
    """The documents of each term, an unknown term having none. One query, a second one only when somebody has just written."""
    wanted = sorted(set(terms))
    while True:
        found: dict[str, FrozenBitMap] = {}
        stamps = set()
        for chunk in _chunks(wanted, _TERMS_A_QUERY):
            stamp, postings = _fetch_chunk(collection, chunk)
            found |= postings
            stamps.add(stamp)
        if len(stamps) <= 1:  # otherwise somebody wrote between two queries: they do not belong together
            return found


def _fetch_chunk(collection: str, terms: list[str]) -> tuple[str | None, dict[str, FrozenBitMap]]:
    known, held = MEMORY.recall(collection, terms)
    missing = [term for term in terms if term not in held] if len(held) < len(terms) else []
    stamp, found = _read(collection, missing)
    if stamp != known and held:
        held = {}
        stamp, found = _read(collection, terms)
    if stamp is not None:
        MEMORY.keep(collection, stamp, found)
    if len(held) == len(terms):
        return stamp, held
    return stamp, dict.fromkeys(terms, NOTHING) | held | {term: bitmap for term, (bitmap, _) in found.items()}


def _read(collection: str, terms: list[str]) -> tuple[str | None, dict[str, tuple[FrozenBitMap, int]]]:
    """The stamp and the postings of the generation in force, in one statement so that they belong together; absent terms
    come as empty."""
    if not terms:
        return next(iter(_stamps(collection=collection)), None), {}
    rows = _stamps_and_postings(collection=collection, keys=keys_of_all(collection, terms))
    if not rows:
        return None, {}
    found = dict.fromkeys(terms, (NOTHING, 0))
    for _, term, stored in rows:
        if term is not None:
            found[term] = FrozenBitMap.deserialize(bytes(stored)), len(stored)
    return rows[0][0], found


@prepared
def _stamps(collection):
    return IndexState.objects.filter(pk=collection).values_list("stamp", flat=True)


@prepared
def _stamps_and_postings(collection, keys):
    is_wanted = Q(postings__pk__in=keys, postings__generation=F("generation"))
    state = IndexState.objects.filter(pk=collection)
    wanted = state.annotate(wanted=FilteredRelation("postings", condition=is_wanted))
    return wanted.values_list("stamp", "wanted__term", "wanted__bitmap")


def stored_in(collection: str, generation: int, terms: Iterable[str]) -> Iterator[tuple[str, BitMap]]:
    keys = [key_of(collection, term, generation) for term in terms]
    for _key, term, stored in _stored(generation, keys):
        yield term, BitMap.deserialize(bytes(stored))


def save_postings(collection: str, generation: int, postings: Mapping[str, Documents]) -> None:
    """For whoever holds the collection."""
    keyed = _keyed(collection, generation, postings)
    _save(collection, generation, {key: (keyed[key], postings[keyed[key]]) for key in sorted(keyed)})


def _keyed(collection: str, generation: int, terms: Iterable[str]) -> dict[int, str]:
    return {key_of(collection, _sound(term), generation): term for term in terms}


def _stored(generation: int, keys: list[int]) -> Iterable[tuple[int, str, bytes]]:
    """Asked by the thousand: a statement made by hand costs half of a queryset's. The keys are numbers of ours."""
    query = (
        f"SELECT id, term, bitmap FROM {Posting._meta.db_table} "  # noqa: S608
        f"WHERE id IN ({','.join(map(str, keys))}) AND generation = %s"
    )
    if not keys:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(query, [generation])
        found: list[tuple[int, str, bytes]] = cursor.fetchall()
    return found


def _save(collection: str, generation: int, postings: Mapping[int, tuple[str, Documents]]) -> None:
    """By key, ascending."""
    upsert(
        Posting,
        ["id", "collection", "term", "generation", "bitmap"],
        (
            (key, collection, term, generation, _packed(documents))
            for key, (term, documents) in postings.items()
        ),
        unique=["id"],
    )


def _packed(documents: Documents) -> bytes:
    if isinstance(documents, list) and len(documents) <= _FEW and (few := packed_few(documents)):
        return few
    bitmap = bitmap_of(documents)
    packed = bitmap if isinstance(bitmap, BitMap) else BitMap(bitmap)
    packed.run_optimize()  # what is in it stays as it is
    return packed.serialize()


def packed_few(documents: Iterable[int]) -> bytes | None:
    """A bitmap as roaring bitmaps are stored everywhere, in a fraction of the library's time: most terms of a list have a few
    documents. None where they lie too far apart."""
    numbers = sorted(set(documents))
    upper = numbers[0] >> 16
    if upper != numbers[-1] >> 16 or not 0 <= upper <= 0xFFFF:
        return None
    lower = [number & 0xFFFF for number in numbers]
    return _FORMS[len(lower)].pack(12346, 1, upper, len(lower) - 1, 16, *lower)


def bitmap_of(documents: Documents) -> AbstractBitMap:
    if isinstance(documents, AbstractBitMap):
        return documents
    numbers = documents if isinstance(documents, list) else list(documents)
    try:
        return BitMap(array("I", numbers))
    except OverflowError:
        beyond = next(number for number in numbers if not 0 <= number <= HIGHEST_DOCUMENT)
        raise ValueError(
            f"Document {beyond} cannot be indexed: numbers go from 0 to {HIGHEST_DOCUMENT}."
        ) from None


def _sound(term: str) -> str:
    if not 0 < len(term) <= MAX_TERM:
        raise ValueError(f"A term has 1 to {MAX_TERM} characters, not {len(term)}: {term[:40]!r}")
    return term


def _chunks(items: list[Item], size: int) -> Iterator[list[Item]]:
    return (items[start : start + size] for start in range(0, len(items), size))
