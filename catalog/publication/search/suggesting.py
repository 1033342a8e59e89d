"""What somebody may be about to type: kinds, places, makers and numbers that are on the lists at an edition and on a day.

Everything is bounded: words of the vocabulary in memory, two questions to the index, and a page of rows.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from itertools import islice

from pyroaring import AbstractBitMap

from catalog.publication.models import EnterpriseLine, ProductLine
from catalog.standing.registers import CURRENT
from portal.core.index.orders import page_of
from portal.core.index.search import answer, facet_counts
from portal.core.pages.reading import ReadAt
from portal.core.text.han import is_han
from portal.core.text.tokens import literal_tiers, query_terms

from .asking.known import known_words
from .asking.understanding import SHORTEST_INITIALS
from .asking.vocabulary import Meaning, Vocabulary, squeeze
from .bitmaps import Bitmaps, enterprise_bitmaps, product_bitmaps, remembered
from .documents import ENTERPRISES, PRODUCTS

MOST_OF_A_GROUP = 4
_LOOKED_AT = 40  # words of the vocabulary whose products are counted
_NUMBERS_LOOKED_AT = 20  # lines: one certificate has several
_SHORTEST_NUMBER = 3


class About(StrEnum):
    """What a suggestion leads to; `value` of the suggestion is a word, a code or a number."""

    KIND = "品类"
    PLACE = "地区"
    MAKER = "企业"
    PRODUCT = "清单编号"
    CERTIFICATE = "证书"


@dataclass(frozen=True)
class Suggestion:
    about: About
    value: str
    text: str
    under: str = ""


class Suggesting:
    """Suggestions for what was typed so far; for nothing, the kinds and places with the most products."""

    def __init__(self, typed: str, reading: ReadAt):
        self.word = squeeze(typed)
        self.typed = typed
        self.edition, self.day = reading.edition, reading.day

    def all(self) -> list[Suggestion]:
        if not self.edition or (self.typed.strip() and not self.word):
            return []
        known = [*self._known(About.KIND), *self._known(About.PLACE)]
        return [*_each_once(self._numbers()), *known, *self._makers()]

    @cached_property
    def _products(self) -> Bitmaps:
        return product_bitmaps(self.edition, self.day)

    @cached_property
    def _counted(self) -> dict[Meaning, tuple[str, int]]:
        """What the vocabulary knows by words that begin with the typed one, or have it in them, with a word and a number. For
        nothing typed that is the whole of it: counted once an edition and day, for anybody may ask."""
        return self._count() if self.word else remembered("known", self.edition, self.day, self._count)

    def _count(self) -> dict[Meaning, tuple[str, int]]:
        meant: dict[Meaning, str] = {}
        for word, meaning in _beginning(self.word, known_words(self.edition)):
            meant.setdefault(meaning, word)
        chosen = list(meant) if not self.word else list(islice(meant, _LOOKED_AT))
        shown = self._products.of(CURRENT) - self._products.repeats
        counts = facet_counts(PRODUCTS, shown, {"": [meaning.term for meaning in chosen]})[""]
        return {one: (meant[one], counts[one.term]) for one in chosen if counts[one.term]}

    def _known(self, about: About) -> list[Suggestion]:
        found = [
            item for item in self._counted.items() if (item[0].facet == "category") == (about is About.KIND)
        ]
        if not self.word or about is About.PLACE:
            found.sort(key=lambda item: -item[1][1])
        return [
            Suggestion(about, meaning.term, meaning.label, _under(self.word and word, meaning, count))
            for meaning, (word, count) in found[:MOST_OF_A_GROUP]
        ]

    def _makers(self) -> list[Suggestion]:
        bitmaps = enterprise_bitmaps(self.edition, self.day)
        ids = self._lines(ENTERPRISES, bitmaps.of(CURRENT) - bitmaps.repeats)
        lines = EnterpriseLine.objects.in_bulk(ids) if ids else {}
        rows = (lines[pk] for pk in ids if pk in lines)
        return [Suggestion(About.MAKER, row.uscc, row.name, row.division_name) for row in rows if row.name]

    def _numbers(self) -> Iterator[Suggestion]:
        if (
            len(self.word) < _SHORTEST_NUMBER
            or any(map(is_han, self.word))
            or not any(map(str.isdigit, self.word))
        ):
            return
        ids = self._lines(PRODUCTS, self._products.everything - self._products.repeats, _NUMBERS_LOOKED_AT)
        columns = ("number", "name", "certificate_number")
        for number, name, certificate in (
            ProductLine.objects.filter(pk__in=ids).order_by("-pk").values_list(*columns)
        ):
            if self.word in squeeze(number):
                yield Suggestion(About.PRODUCT, number, number, name)
            elif self.word in squeeze(certificate):
                yield Suggestion(About.CERTIFICATE, certificate, certificate, name)

    def _lines(self, collection: str, bitmap: AbstractBitMap, most: int = MOST_OF_A_GROUP) -> list[int]:
        groups = query_terms(self.typed, SHORTEST_INITIALS) if self.word else []
        if not groups:
            return []
        found = answer(collection, bitmap, words=groups, tiers=literal_tiers(self.typed))
        return page_of(found.result, 1, most, tiers=found.tiers)


def _each_once(numbers: Iterable[Suggestion]) -> list[Suggestion]:
    """A certificate of several products leads to one page: it is said once, with the first of them."""
    found: dict[tuple[About, str], Suggestion] = {}
    for one in numbers:
        first = found.setdefault((one.about, one.value), one)
        if first.under != one.under and not first.under.endswith("等"):
            found[one.about, one.value] = replace(first, under=f"{first.under}等")
    return list(islice(found.values(), MOST_OF_A_GROUP))


def _beginning(typed: str, vocabulary: Vocabulary) -> Iterable[tuple[str, Meaning]]:
    """Words and what they mean, those that begin like this first, shorter ones first."""
    words = vocabulary.in_order
    start = bisect_left(words, typed)
    begun = list(
        islice((word for word in words[start:] if word.startswith(typed)), None if not typed else 200)
    )
    having = (word for word in vocabulary.of_kinds if typed in word[1:]) if len(typed) > 1 else ()
    for word in (*sorted(begun, key=len), *having):
        for meaning in vocabulary.phrases[word]:
            if meaning.facet in ("category", "province", "division"):
                yield word, meaning


def _under(word: str, meaning: Meaning, count: int) -> str:
    said = "" if word.isascii() or word in squeeze(meaning.label) else f"{word}·"
    return f"{said}{count:,} 项产品"
