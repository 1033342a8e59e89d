"""The answer to one list page: rows, number, facet counts, and what is left out; exports walk the same rows."""

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from pyroaring import AbstractBitMap, BitMap, FrozenBitMap

from catalog.publication.models import CertificateLine, EnterpriseLine, Hold, ProductLine
from catalog.standing.registers import CURRENT
from portal.core.index.orders import load_order, newest_first, page_of
from portal.core.index.search import Answer, answer, any_of

from .asking.known import known_words
from .asking.slips import mended
from .asking.understanding import Understanding, literally, understand
from .documents import ENTERPRISES, PRODUCTS, facet
from .makers import entries_by_products
from .masks import Masks, enterprise_masks, product_masks

ROWS_AT_A_TIME = 1_000
OWN_LISTS = ("publisher", "batch", "basis")  # filters that ask for one publisher's lines, repeats included
UNSHOWN = (
    "salts",
    "hashes",
)  # read by whoever proves a line and by no list; two thirds of one that was sealed before ADR 0033


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

    @cached_property
    def asked(self) -> Understanding:
        """What the words mean; `literal` takes them as they stand."""
        if self.literal or not self.words:
            return literally(self.words)
        return understand(self.words, known_words(self.edition))


class FoundLines:
    """What a question finds. Facet counts leave the facet's own choice out.

    What stands on several lists is one row, unless lists are what is asked for; the counts of publishers, batches and
    bases say what choosing them gives, so they count every line.
    """

    def __init__(
        self,
        collection: str,
        masks: Masks,
        question: Question,
        given: Mapping[str, AbstractBitMap] | None = None,
    ):
        """`given`: postings for facets that no line of the register has itself."""
        self.collection = collection
        self.asked = question.asked
        self.question = question
        self.masks = masks
        self.given = {**(given or {}), **self._states}
        self._words = self.asked.groups
        self._groups = {
            name: any_of(*(facet(name, value) for value in values))
            for name, values in question.chosen.items()
            if values
        }
        mask = self._mask
        self.found: Answer = self._ask(
            mask - masks.repeats if self._shows_once else mask, list(question.facets)
        )

    @property
    def total(self) -> int:
        return self.found.total

    def counts(self, name: str) -> dict[str, int]:
        """By value of the filter `name`."""
        start = len(name) + 1
        answered = self._every_line if name in OWN_LISTS and self._shows_once else self.found
        return {term[start:]: count for term, count in answered.counts.get(name, {}).items()}

    def left_out(self) -> dict[str, int]:
        """By state, how many rows the same words and filters would show with `validity=all`; states with none are absent."""
        if self.question.validity == "all" or self._is_hopeless:
            return {}
        wider = self.found.within(self.masks.everything)
        hidden = {name: len(wider & mask) for name, mask in self.masks.left_out.items()}
        for shown in (self.question.validity, *self._said):
            hidden.pop(shown, None)
        return {name: count for name, count in hidden.items() if count}

    def page(self, page: int, size: int) -> list[int]:
        """Line numbers of a page, pages counted from 1."""
        return page_of(self.found.result, page, size, by=self._slice, tiers=self._tiers)

    def everything(self) -> Iterator[list[int]]:
        """All line numbers in the order of the pages, in chunks."""
        for page in range(1, -(-self.total // ROWS_AT_A_TIME) + 1):
            yield self.page(page, ROWS_AT_A_TIME)

    @property
    def _said(self) -> list[str]:
        """States that the words name, where no filter names one."""
        if self.question.validity != CURRENT:
            return []
        return [state for state in self.asked.statuses if state in self.masks.states]

    @property
    def _states(self) -> dict[str, AbstractBitMap]:
        """Postings of the states that words name. What is asked for by name is not left out of the list."""
        return {
            facet("validity", state): self.masks.states.get(state, BitMap()) for state in self.asked.statuses
        }

    @property
    def _mask(self) -> AbstractBitMap:
        return FrozenBitMap.union(*(self.masks.of(state) for state in (self.question.validity, *self._said)))

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

    @property
    def _shows_once(self) -> bool:
        is_asked = any(name in self._groups for name in OWN_LISTS)
        return self.question.validity in ("current", "ending") and not is_asked

    @cached_property
    def _every_line(self) -> Answer:
        return self._ask(self._mask, OWN_LISTS)

    def _ask(self, mask: AbstractBitMap, names: Sequence[str]) -> Answer:
        facets = {
            name: [facet(name, value) for value in self.question.facets[name]]
            for name in names
            if name in self.question.facets
        }
        return answer(
            self.collection,
            mask & type(mask)() if self._is_hopeless else mask,
            words=self._words,
            chosen=self._groups,
            facets=facets,
            tiers=self.asked.tiers if self._words else (),
            given=self.given,
        )


def list_products(question: Question) -> FoundLines:
    return FoundLines(PRODUCTS, product_masks(question.edition, question.day), question)


def list_enterprises(question: Question) -> FoundLines:
    """The directory, also by what its enterprises make: category, star and basis of their current products."""
    edition, day = question.edition, question.day
    return FoundLines(
        ENTERPRISES, enterprise_masks(edition, day), question, given=entries_by_products(edition, day)
    )


def forgiving(ask: Callable[[Question], FoundLines], question: Question) -> FoundLines:
    """What is asked; where that finds nothing in any state, what was likely meant. The words of what was asked in the end
    are `question.words` of the answer."""
    found = ask(question)
    if found.total or found.left_out() or question.literal or not question.edition:
        return found
    meant = mended(found.asked, known_words(question.edition))
    other = ask(replace(question, words=meant)) if meant else found
    return other if other.total else found


@dataclass(frozen=True)
class FoundProduct:
    """A product line with what is said of its certificate at the same edition, and the hold on it that day, if any."""

    line: ProductLine
    certificate: CertificateLine | None
    hold: Hold | None
    day: datetime.date


def product_rows(ids: Sequence[int], edition: int, day: datetime.date) -> list[FoundProduct]:
    """Rows for line numbers, in their order, in a constant number of queries."""
    lines = _in_order(ProductLine.objects.filter(pk__in=ids).defer(*UNSHOWN), ids)
    certificates = public_certificates(
        {line.certificate_id for line in lines if line.certificate_id}, edition
    )
    holds = holds_on(lines, edition, day)
    return [
        FoundProduct(line, certificates.get(line.certificate_id), holds.get(line.pk), day)  # type: ignore[arg-type]
        for line in lines
    ]


def enterprise_lines(ids: Sequence[int]) -> list[EnterpriseLine]:
    return _in_order(EnterpriseLine.objects.filter(pk__in=ids).defer(*UNSHOWN), ids)


def public_certificates(certificate_ids, edition: int) -> dict[int, CertificateLine]:
    """What is said of these certificates at an edition, by certificate."""
    lines = CertificateLine.objects.public(edition).filter(certificate__in=certificate_ids).defer(*UNSHOWN)
    return {line.certificate_id: line for line in lines}


def holds_on(lines: Sequence[ProductLine], edition: int, day: datetime.date) -> dict[int, Hold]:
    """The hold in effect on a product line: on the product, its certificate or its enterprise."""
    holds = list(Hold.objects.public(edition).in_effect(day))
    found: dict[int, Hold] = {}
    for line in lines:
        for hold in holds:
            if _reaches(hold, line):
                found[line.pk] = hold
    return found


def _reaches(hold: Hold, line: ProductLine) -> bool:
    targets = (hold.product_id, hold.certificate_id, hold.enterprise_id)
    of_line = (line.product_id, line.certificate_id, line.enterprise_id)
    return any(target is not None and target == own for target, own in zip(targets, of_line, strict=True))


def _in_order(queryset: Any, ids: Sequence[int]) -> list:
    rows = {row.pk: row for row in queryset}
    return [rows[pk] for pk in ids if pk in rows]
