"""The answer to one list page: rows, number, facet counts, and what is left out; exports walk the same rows."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from pyroaring import AbstractBitMap, BitMap, FrozenBitMap

from catalog.standing.registers import CURRENT
from portal.core.index.orders import between, load_order, newest_first
from portal.core.index.search import Answer, answer, any_of, search

from .asking.known import known_words
from .asking.understanding import Understanding, literally, understand
from .asking.vocabulary import Meaning, Vocabulary
from .bitmaps import Bitmaps, enterprise_bitmaps, product_bitmaps
from .documents import ENTERPRISES, PRODUCTS, facet
from .makers import entries_by_products
from .particulars import NAMES, particulars
from .selling import sold_in

ROWS_AT_A_TIME = 2_000
SOLD = "sold"
OWN_LISTS = (
    "publisher",
    "batch",
)  # filters that ask for the lines of certain lists, whoever else has the thing too


class Way(StrEnum):
    """How the words of a question came about: as they were typed, or in place of others that find nothing."""

    AS_TYPED = "as typed"
    INITIALS = "initials"
    MAKER = "maker"
    LIKELY = "likely"
    FEWER = "fewer"


@dataclass(frozen=True)
class Question:
    """Cleaned parameters of a list. `chosen` has the values of each filter that is a facet: values of one are alternatives.

    `facets` names the values whose counts are wanted, by filter.
    """

    edition: int
    day: datetime.date
    words: str = ""
    chosen: Mapping[str, Sequence[str]] = field(default_factory=dict)
    validity: str = "current"
    sort: str = "newest"
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    literal: bool = False
    way: Way = Way.AS_TYPED
    told: Mapping[str, tuple[Meaning, ...]] = field(default_factory=dict)

    @cached_property
    def asked(self) -> Understanding:
        """What the words mean; `literal` takes them as they stand, `told` says what some mean that are in no vocabulary."""
        if self.literal or not self.words:
            return literally(self.words)
        asked = understand(self.words, self.vocabulary).told(self.told)
        return replace(asked, with_initials=self.way is Way.INITIALS)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return known_words(self.edition)


class FoundLines:
    """What a question finds. Facet counts leave the facet's own choice out.

    What stands on several lists is one row, in whatever state is asked for; the row is a line of the lists chosen, where
    lists are. The counts of publishers and batches say what choosing them gives, so they count every line.
    """

    def __init__(
        self,
        collection: str,
        bitmaps: Bitmaps,
        question: Question,
        given: Mapping[str, AbstractBitMap] | None = None,
    ):
        """`given`: postings for facets that no line of the register has itself."""
        self.collection = collection
        self.asked = question.asked
        self.question = question
        self.bitmaps = bitmaps
        self.given = {**(given or {}), **self._states}
        self._words = self.asked.groups
        self._groups = {
            name: any_of(*(facet(name, value) for value in values))
            for name, values in question.chosen.items()
            if values
        }
        self.found: Answer = self._ask(self._once(self._bitmap))

    @property
    def total(self) -> int:
        return self.found.total

    @property
    def rows(self) -> AbstractBitMap:
        """The lines that are its rows."""
        return self.found.result

    @property
    def every_line(self) -> AbstractBitMap:
        """Beside its rows the other lines of what stands on several lists."""
        return self.found.within(self._hopefully(self._bitmap))

    @property
    def is_nothing(self) -> bool:
        """In any state."""
        return not self.total and not self.left_out()

    def would_find(self, words: str) -> bool:
        """Whether other words find something in any state by the same filters. One query."""
        asked = understand(words, self.question.vocabulary)
        everything, given = self.bitmaps.everything, self.given
        found = answer(self.collection, everything, words=asked.groups, chosen=self._groups, given=given)
        return bool(asked.groups) and bool(found.total)

    def counts(self, name: str) -> dict[str, int]:
        """By value of the filter `name`."""
        start = len(name) + 1
        counts = self._of_every_line if name in OWN_LISTS else self.found.counts
        return {term[start:]: count for term, count in counts.get(name, {}).items()}

    def left_out(self) -> dict[str, int]:
        """By state, how many rows the same words and filters would show with `validity=all`; states with none are absent."""
        if self.question.validity == "all" or self._is_hopeless:
            return {}
        wider = self.found.within(self._once(self.bitmaps.everything))
        hidden = {name: len(wider & bitmap) for name, bitmap in self.bitmaps.left_out.items()}
        for shown in (self.question.validity, *self._said):
            hidden.pop(shown, None)
        return {name: count for name, count in hidden.items() if count}

    def page(self, page: int, size: int) -> list[int]:
        """Line numbers of a page, pages counted from 1."""
        return self.between((page - 1) * size, page * size)

    def between(self, start: int, stop: int) -> list[int]:
        """Line numbers from place `start` to `stop`, places counted from 0."""
        return between(self.found.result, start, stop, by=self._slice, tiers=self._tiers)

    def everything(self) -> Iterator[list[int]]:
        """All line numbers in the order of the pages, in chunks."""
        for page in range(1, -(-self.total // ROWS_AT_A_TIME) + 1):
            yield self.page(page, ROWS_AT_A_TIME)

    @property
    def _said(self) -> list[str]:
        """States that the words name, where no filter names one."""
        if self.question.validity != CURRENT:
            return []
        return [state for state in self.asked.statuses if state in self.bitmaps.states]

    @property
    def _states(self) -> dict[str, AbstractBitMap]:
        """Postings of the states that words name. What is asked for by name is not left out of the list."""
        return {
            facet("validity", state): self.bitmaps.states.get(state, BitMap())
            for state in self.asked.statuses
        }

    @property
    def _bitmap(self) -> AbstractBitMap:
        return FrozenBitMap.union(
            *(self.bitmaps.of(state) for state in (self.question.validity, *self._said))
        )

    @property
    def _is_hopeless(self) -> bool:
        """Words without a letter, a digit or a character: nothing can match them."""
        return bool(self.question.words.strip()) and not self._words

    @property
    def _tiers(self) -> list[AbstractBitMap]:
        return self.found.tiers if self.question.sort == "newest" else []

    @property
    def _slice(self):
        if self.question.sort == "newest":
            return newest_first
        return load_order(self.collection, self.question.sort).ascending

    def _once(self, lines: AbstractBitMap) -> AbstractBitMap:
        """The lines of a bitmap that stand for a thing. One list has no thing twice."""
        asked = [name for name in OWN_LISTS if name in self._groups]
        if not asked:
            return lines - self.bitmaps.repeats
        if any(len(self.question.chosen[name]) == 1 for name in asked):
            return lines
        return self.bitmaps.once(search(self.collection, [self._groups[name] for name in asked], lines))

    @cached_property
    def _of_every_line(self) -> dict[str, dict[str, int]]:
        asked = [name for name in OWN_LISTS if name in self.question.facets]
        return self.found.counted(self._hopefully(self._bitmap), asked)

    def _hopefully(self, bitmap: AbstractBitMap) -> AbstractBitMap:
        return bitmap & type(bitmap)() if self._is_hopeless else bitmap

    def _ask(self, bitmap: AbstractBitMap) -> Answer:
        facets = {
            name: [facet(name, value) for value in values] for name, values in self.question.facets.items()
        }
        return answer(
            self.collection,
            self._hopefully(bitmap),
            words=self._words,
            chosen=self._groups,
            facets=facets,
            tiers=self.asked.tiers if self._words else (),
            given=self.given,
        )


def list_products(question: Question) -> FoundLines:
    """Also by the place where they are sold, and by what is told of them beside the index: no line has either itself."""
    edition, day = question.edition, question.day
    given = {facet(SOLD, place): sold_in(edition, day, place) for place in question.chosen.get(SOLD, ())}
    if any(map(question.chosen.get, NAMES)):
        given = {**given, **particulars(edition).given}
    return FoundLines(PRODUCTS, product_bitmaps(edition, day), question, given=given)


def list_enterprises(question: Question) -> FoundLines:
    """The directory, also by what its enterprises make: category, star and basis of their current products."""
    edition, day = question.edition, question.day
    return FoundLines(
        ENTERPRISES, enterprise_bitmaps(edition, day), question, given=entries_by_products(edition, day)
    )
