"""The answer to the list: which notices a visitor finds, how many of each facet value, in the order of the board."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from pyroaring import BitMap

from catalog.standing.days import reaches
from portal.core.editions.models import Edition
from portal.core.index.orders import between, load_order
from portal.core.index.postings import fetch
from portal.core.index.search import Answer, answer, any_of
from portal.core.text.highlight import highlight
from portal.core.text.tokens import literal_tiers, query_terms

from .indexing import COLLECTION, ORDER, facet
from .models import NoticeVersion

FACETS = ("kind", "year", "region")


@dataclass(frozen=True)
class Question:
    """Cleaned parameters. Values of one filter are alternatives; `regions` are the values whose counts are wanted."""

    edition: int
    day: datetime.date
    words: str = ""
    chosen: Mapping[str, Sequence[str]] = field(default_factory=dict)
    regions: Sequence[str] = ()


class Board:
    """Everything that stands on the board at an edition and on a day, and what a question finds of it.

    What is found is what is shown: the bitmap comes from the rows, and no row is dropped afterwards.
    """

    def __init__(self, question: Question):
        self.question = question
        token = Edition.objects.filter(pk=question.edition).values_list("token", flat=True).first()
        standing = _standing(token, question.edition, question.day)
        self.bitmap, self.pinned, self.years = standing.bitmap, standing.pinned, standing.years

    @cached_property
    def found(self) -> Answer:
        words = query_terms(self.question.words)
        is_hopeless = bool(self.question.words.strip()) and not words
        return answer(
            COLLECTION,
            BitMap() if is_hopeless else self.bitmap,
            words=words,
            chosen={
                name: any_of(*(facet(name, value) for value in values))
                for name, values in self.question.chosen.items()
                if values
            },
            facets={
                "kind": [facet("kind", value) for value in NoticeVersion.Kind.values],
                "year": [facet("year", year) for year in self.years],
                "region": [facet("region", code) for code in self.question.regions],
            },
            tiers=literal_tiers(self.question.words) if words else (),
        )

    @property
    def total(self) -> int:
        return self.found.total

    def counts(self, name: str) -> dict[str, int]:
        """By value of the facet `name`, its own choice left out."""
        start = len(name) + 1
        return {term[start:]: count for term, count in self.found.counts.get(name, {}).items()}

    def page(self, number: int, size: int) -> list[NoticeVersion]:
        return self.between((number - 1) * size, number * size)

    def between(self, start: int, stop: int) -> list[NoticeVersion]:
        """Pinned ones first, then by date; with search words, literal hits first."""
        tiers = self.found.tiers if self.question.words else [self.pinned]
        order = load_order(COLLECTION, ORDER)
        ids = between(self.found.result, start, stop, by=order.descending, tiers=tiers)
        rows = NoticeVersion.objects.in_bulk(ids)
        return [rows[pk] for pk in ids if pk in rows]


@dataclass(frozen=True)
class _Standing:
    """What stands on the board: all of it, what is pinned, and the years from which it is, newest first."""

    bitmap: BitMap
    pinned: BitMap
    years: list[str]


@lru_cache(maxsize=16)
def _standing(token: str | None, edition: int, day: datetime.date) -> _Standing:
    """Remembered under the token of the edition: numbers come again in another database, and after a restore."""
    standing = NoticeVersion.objects.visible(edition, day).standing()
    rows = list(standing.values_list("pk", "dated_on", "pinned_until"))
    return _Standing(
        BitMap(pk for pk, _dated, _pinned in rows),
        BitMap(pk for pk, _dated, until in rows if reaches(until, day)),
        sorted({str(dated.year) for _pk, dated, _pinned in rows if dated}, reverse=True),
    )


def notices_about(
    edition: int, day: datetime.date, name: str, value: str, most: int = 8
) -> list[NoticeVersion]:
    """The newest notices about one thing, for the page of that thing: `notices_about(12, day, "batch", "2022-1")`.

    Where there is none, as for most enterprises, it costs one query.
    """
    term = facet(name, value)
    if not fetch(COLLECTION, [term])[term]:
        return []
    return Board(Question(edition, day, chosen={name: (value,)})).page(1, most)


def excerpts(words: str, texts: Sequence[str], around: int = 40) -> Iterator[str]:
    """The surroundings of the first hit in each text that has one."""
    for text in texts:
        start = 0
        for part, is_hit in highlight(text, words):
            if is_hit:
                first, last = max(0, start - around), start + len(part) + around
                yield ("…" if first else "") + text[first:last] + ("…" if last < len(text) else "")
                break
            start += len(part)
