"""Compares an index with what it should be, term by term."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import F
from pyroaring import AbstractBitMap, BitMap

from portal.core.index.documents import Documents
from portal.core.index.models import Posting
from portal.core.index.postings import bitmap_of


@dataclass
class Differences:
    """What an index has too little and too much, term by term. False when there is neither."""

    missing: dict[str, AbstractBitMap] = field(default_factory=dict)
    surplus: dict[str, AbstractBitMap] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.missing or self.surplus)


def differences(collection: str, expected: Mapping[str, Documents]) -> Differences:
    """Compare all postings of the generation in force with what they should be."""
    found, unseen = Differences(), set(expected)
    rows = Posting.objects.filter(collection=collection, generation=F("collection__generation")).values_list(
        "term", "bitmap"
    )
    for term, stored in rows.iterator(chunk_size=2_000):
        have = BitMap.deserialize(bytes(stored))
        want = bitmap_of(expected.get(term, ()))
        unseen.discard(term)
        if too_little := want - have:
            found.missing[term] = too_little
        if too_much := have - want:
            found.surplus[term] = too_much
    found.missing |= {term: want for term in unseen if (want := bitmap_of(expected[term]))}
    return found
