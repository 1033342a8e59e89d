"""Questions to the index: which documents, how many of each facet value, in at most two queries whatever the size.

Words and filters have one form, the groups of `portal.core.text.tokens`: every group must be met by one of its alternatives, and an
alternative by all of its terms. A filter on two stars is `any_of("star:2", "star:3")`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import and_

from pyroaring import AbstractBitMap, BitMap

from portal.core.index.postings import fetch
from portal.core.text.tokens import Group

Postings = Mapping[str, AbstractBitMap]


def any_of(*terms: str) -> Group:
    return [frozenset({term}) for term in terms]


def search(collection: str, groups: Sequence[Group], bitmap: AbstractBitMap) -> BitMap:
    """Documents of `bitmap` that meet every group; all of them when there is no group."""
    return _matching(fetch(collection, _terms(groups)), groups, bitmap)


def facet_counts(
    collection: str, result: AbstractBitMap, facets: Mapping[str, Iterable[str]]
) -> dict[str, dict[str, int]]:
    """How many documents of `result` each term has, by facet."""
    postings = fetch(collection, [term for terms in facets.values() for term in terms])
    return {facet: _counts(postings, result, terms) for facet, terms in facets.items()}


def union(collection: str, terms: Iterable[str]) -> BitMap:
    """Documents of any of these terms."""
    return BitMap.union(BitMap(), *fetch(collection, terms).values())


def alive(postings: Postings, opened: Iterable[str], ended: Iterable[str]) -> BitMap:
    """Documents that the terms in `opened` brought and no term in `ended` took away: the bitmap of one edition."""
    brought = BitMap.union(BitMap(), *(postings[term] for term in opened))
    return brought - BitMap.union(BitMap(), *(postings[term] for term in ended))


@dataclass(frozen=True)
class Answer:
    """`counts` of a facet leave the facet's own choice out: they say what choosing another value would give.

    `within` gives what the same words and filters find in another bitmap, `counted` its counts of some of the facets, both
    from the postings read already.
    """

    result: AbstractBitMap
    within: Callable[[AbstractBitMap], AbstractBitMap]
    counted: Callable[[AbstractBitMap, Iterable[str]], dict[str, dict[str, int]]]
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    tiers: list[AbstractBitMap] = field(default_factory=list)

    @property
    def total(self) -> int:
        return len(self.result)


def answer(
    collection: str,
    bitmap: AbstractBitMap,
    *,
    words: Sequence[Group] = (),
    chosen: Mapping[str, Group] | None = None,
    facets: Mapping[str, Sequence[str]] | None = None,
    tiers: Sequence[Sequence[Group]] = (),
    given: Postings | None = None,
) -> Answer:
    """A whole listing page in one fetch: rows that meet `words` and every filter in `chosen` (by facet), and facet counts.

    `given` are postings that the caller has made himself, for terms that are not stored.
    `tiers` are stricter readings of the words (`literal_tiers`); their rows come first in `page_of(..., tiers=answer.tiers)`.
    """
    chosen, facets = chosen or {}, facets or {}
    asked = [*words, *chosen.values(), *(group for tier in tiers for group in tier)]
    needed = {*_terms(asked), *(term for terms in facets.values() for term in terms)}
    postings = {**fetch(collection, needed.difference(given or ())), **(given or {})}
    met = {facet: _meeting(postings, group) for facet, group in chosen.items()}

    def within(other: AbstractBitMap) -> AbstractBitMap:
        return reduce(and_, met.values(), _matching(postings, words, other))

    def counted(other: AbstractBitMap, names: Iterable[str]) -> dict[str, dict[str, int]]:
        base = _matching(postings, words, other)
        found = reduce(and_, met.values(), base)
        return {
            name: _counts(postings, _without(name, met, base) if name in met else found, facets[name])
            for name in names
        }

    result = within(bitmap)
    in_tiers: list[AbstractBitMap] = [_matching(postings, tier, result) for tier in tiers]
    return Answer(result, within, counted, counted(bitmap, facets), in_tiers)


def _terms(groups: Iterable[Group]) -> set[str]:
    return {term for group in groups for alternative in group for term in alternative}


def _matching(postings: Postings, groups: Iterable[Group], bitmap: AbstractBitMap) -> BitMap:
    return reduce(and_, (_meeting(postings, group) for group in groups), BitMap(bitmap))


def _meeting(postings: Postings, group: Group) -> AbstractBitMap:
    return BitMap.union(BitMap(), *(_having_all(postings, alternative) for alternative in group))


def _having_all(postings: Postings, terms: Iterable[str]) -> AbstractBitMap:
    rarest_first = sorted((postings[term] for term in terms), key=len)
    return reduce(and_, rarest_first)


def _without(facet: str, met: Mapping[str, AbstractBitMap], base: AbstractBitMap) -> AbstractBitMap:
    return reduce(and_, (documents for name, documents in met.items() if name != facet), base)


def _counts(postings: Postings, result: AbstractBitMap, terms: Iterable[str]) -> dict[str, int]:
    """A result of most documents is counted by what is not in it: the values of a facet share all documents out among them,
    so that each facet would go through the whole result."""
    found = {term: postings[term] for term in terms}
    end = 1 + max((documents.max() for documents in found.values() if documents), default=-1)
    if 2 * len(result) <= end:
        return {term: result.intersection_cardinality(documents) for term, documents in found.items()}
    rest = result.flip(0, end)
    return {
        term: len(documents) - rest.intersection_cardinality(documents) for term, documents in found.items()
    }
