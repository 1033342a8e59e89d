"""The parameters of the public lists: declared, cleaned, and turned into terms of the index."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from operator import attrgetter
from typing import Any, ClassVar, Self

import django_filters

from catalog.products.models import Category
from catalog.publication.models import EnterpriseLine, ProductLine, ReasonCode
from catalog.publication.search.asking.understanding import Piece
from catalog.publication.search.forgiving import forgiving
from catalog.publication.search.listing import (
    SOLD,
    FoundLines,
    Question,
    Way,
    list_enterprises,
    list_products,
)
from catalog.publication.showing.choices import Choices, Known
from catalog.publication.showing.words import LITERAL, refuse_half_literal, word_chips
from catalog.regions.chosen import chain_of
from catalog.regions.models import Division
from catalog.standing.registers import LISTING, PRODUCT, filter_words
from portal.core.pages.filters import DeclaredFilters
from portal.core.pages.listing import Chip, Facet, Listing, Option
from portal.core.pages.parameters import Problem, Query, label_of
from portal.core.pages.reading import ReadAt
from portal.core.text.dates import FIRST_YEAR, LAST_YEAR

PLACE = "place"
STARS = [("3", "三星级"), ("2", "二星级"), ("1", "一星级"), ("green", "绿色产品")]
MONTHS = [
    (f"{year}-{month:02}", f"{year}年{month}月")
    for year in range(FIRST_YEAR, LAST_YEAR + 1)
    for month in range(1, 13)
]
BASES = [("certificate", "认证证书"), ("local", "地方技术要求（未经认证）")]
PRODUCT_VALIDITY = filter_words(PRODUCT)
ENTERPRISE_VALIDITY = filter_words(LISTING)


class TermsFilter(django_filters.MultipleChoiceFilter):
    """A filter whose values are values of a facet of the index; the first `open_count` with rows are not folded.

    Its choices are given, or found among what is known at an edition. What is not `is_drawn` has no place in the form, and a
    chip where it is chosen.
    """

    def __init__(
        self, *args, open_count: int = 8, is_by_count: bool = False, is_drawn: bool = True, **kwargs
    ):
        super().__init__(*args, **kwargs)
        self.is_drawn = is_drawn
        self.open_count = open_count
        self.is_by_count = is_by_count


class ListFilters(DeclaredFilters):
    """Filters of one register: declared and cleaned here, answered by the index and not by the database."""

    REGISTER: ClassVar[str]
    VALIDITY: ClassVar[dict[str, str]]
    SORTS: ClassVar[dict[str, str]]
    ASK: ClassVar[Callable[[Question], FoundLines]]

    def __init__(self, query: Query, known: Known):
        """Without a form: to copy one for each page took longer than to find its rows."""
        self.query = query
        self.filters = self.base_filters
        self.known = known
        self.choices = known.kept(type(self).__name__, self._choices)

    @classmethod
    def read(cls, query: Query, *given: Any, more: tuple[str, ...] = ("page",)) -> Self:
        """`given` is what is known at the edition read; without it, it is read now."""
        refuse_half_literal(query)
        return super().read(query, *(given or (Known.now(),)), more=("q", LITERAL, *more))

    def _choices(self) -> dict[str, Choices]:
        declared = {name: one.extra["choices"] for name, one in self.filters.items()}
        return {
            name: Choices.of(choices(self.known) if callable(choices) else choices)
            for name, choices in declared.items()
        }

    def is_sound(self) -> bool:
        return not self.bad_values()

    def bad_values(self) -> list[tuple[str, str]]:
        return [
            (name, value)
            for name, value in self.query.pairs
            if name in self.filters and value not in self.known_values(name)
        ]

    def choices_of(self, name: str) -> Sequence[tuple[str, str]]:
        return self.choices[name].pairs

    def known_values(self, name: str) -> Collection[str]:
        return self.choices[name].values

    @cached_property
    def cleaned(self) -> dict[str, Any]:
        return {
            name: list(self.query.all(name)) if isinstance(one, TermsFilter) else self.query.first(name)
            for name, one in self.filters.items()
        }

    # -- what is asked ---------------------------------------------------------------------------------------

    @property
    def words(self) -> str:
        return self.query.first("q")

    @property
    def validity(self) -> str:
        return self.cleaned["validity"] or "current"

    @property
    def sort(self) -> str:
        return self.cleaned["sort"] or next(iter(self.SORTS))

    @cached_property
    def term_filters(self) -> dict[str, TermsFilter]:
        return {name: one for name, one in self.filters.items() if isinstance(one, TermsFilter)}

    @cached_property
    def drawn_filters(self) -> list[str]:
        return [name for name, one in self.term_filters.items() if one.is_drawn]

    def question(self, reading: ReadAt) -> Question:
        return Question(
            edition=reading.edition,
            day=reading.day,
            words=self.words,
            chosen={name: self.cleaned[name] for name in self.term_filters if self.cleaned[name]},
            validity=self.validity,
            sort=self.sort,
            facets={name: self.choices[name].ordered for name in self.drawn_filters},
            literal=bool(self.query.first(LITERAL)),
        )

    def find(self, reading: ReadAt, **changes: Any) -> FoundLines:
        """`changes` are parts of the question that are asked otherwise than the parameters say."""
        return forgiving(type(self).ASK, replace(self.question(reading), **changes))

    # -- what is drawn ---------------------------------------------------------------------------------------

    def listing(self, path: str, found: FoundLines) -> Listing:
        return Listing(
            self.query,
            path,
            tuple(self.facet(name, found) for name in self.drawn_filters),
            tuple(self.extra_chips(path, found)),
            self.SORTS,
            carried=self.untold(found),
        )

    def untold(self, found: FoundLines) -> str | None:
        """The words whose meaning no tick says; None where all are carried on as they were typed."""
        if found.question.way is not Way.AS_TYPED:
            return None
        ticked = [piece for piece in found.asked.understood if self._is_ticked(piece)]
        return found.asked.without(*ticked) if ticked else None

    def _is_ticked(self, piece: Piece) -> bool:
        return all(
            one.facet in self.term_filters and one.value in self.known_values(one.facet)
            for one in piece.meanings
        )

    def extra_chips(self, path: str, found: FoundLines) -> list[Chip]:
        """The words, each that is understood by itself, and the rest that stands in no facet."""
        chips = word_chips(found.asked, self.query, path)
        chips += self.chips(path, [name for name in self.term_filters if name not in self.drawn_filters])
        if self.validity != "current":
            label = self.VALIDITY[self.validity]
            chips.append(Chip(label, self.query.drop("validity", "page").link(path)))
        return chips

    def chip_words(self, name: str, value: str) -> str:
        return f"{self.filters[name].label} {dict(self.choices_of(name))[value]}"

    def facet(self, name: str, found: FoundLines) -> Facet:
        """Values with rows, and those that are chosen."""
        one = self.term_filters[name]
        said = {
            meaning.value
            for piece in found.asked.understood
            if self._is_ticked(piece)
            for meaning in piece.meanings
            if meaning.facet == name
        }
        options = [
            replace(option, is_said=True) if option.value in said and not option.is_chosen else option
            for option in self.offered(name, found.counts(name), always=said)
        ]
        return Facet(
            name,
            str(one.label),
            nested(options, self.known.groups) if name == "category" else tuple(options),
            one.open_count,
        )


def nested(options: list[Option], groups: Mapping[str, str]) -> tuple[Option, ...]:
    """Kinds under their groups."""
    kinds: defaultdict[str, list[Option]] = defaultdict(list)
    for option in options:
        if option.value in groups:
            kinds[groups[option.value]].append(option)
    return tuple(
        replace(option, children=tuple(kinds[option.value]))
        for option in options
        if option.value not in groups
    )


class SharedFilters(ListFilters):
    """What both registers are filtered by."""

    category = TermsFilter(label="产品类别", choices=attrgetter("categories"))
    star = TermsFilter(label="星级", choices=STARS)
    province = TermsFilter(
        label="企业所在地", choices=attrgetter("provinces"), open_count=5, is_by_count=True
    )
    publisher = TermsFilter(
        label="发布方", choices=lambda known: list(known.publishers.items()), open_count=5
    )
    batch = TermsFilter(label="批次", choices=attrgetter("batches"), open_count=5)
    basis = TermsFilter(label="列入依据", choices=BASES)


class ProductFilters(SharedFilters):
    REGISTER = "products"
    VALIDITY = PRODUCT_VALIDITY
    SORTS: ClassVar = {"newest": "最新列入", "name": "名称", "star": "星级", "end": "到期日"}
    ASK = list_products

    part = TermsFilter(label="房屋部位", choices=Category.HousePart.choices)
    ends = TermsFilter(label="证书到期月", choices=MONTHS, is_drawn=False)
    reason = TermsFilter(label="原因", choices=ReasonCode.choices, is_drawn=False)
    validity = django_filters.ChoiceFilter(label="有效状态", choices=list(PRODUCT_VALIDITY.items()))
    sort = django_filters.ChoiceFilter(label="排序", choices=list(SORTS.items()))

    class Meta:
        model = ProductLine
        fields: ClassVar[list[str]] = []

    @classmethod
    def read(cls, query: Query, *given: Any, more: tuple[str, ...] = ("page",)) -> Self:
        return super().read(query, *given, more=(PLACE, *more))

    @cached_property
    def place(self) -> list[Division]:
        """Where it has to be sold, from the province down."""
        return chain_of(self.query.first(PLACE)) if self.query.first(PLACE) else []

    def bad_values(self) -> list[tuple[str, str]]:
        asked = self.query.first(PLACE)
        return super().bad_values() + ([(PLACE, asked)] if asked and not self.place else [])

    def problems(self) -> list[Problem]:
        return [
            Problem(name, value, f"「{label_of(name)}」没有「{value}」这个值。")
            for name, value in self.bad_values()
        ]

    def question(self, reading: ReadAt) -> Question:
        asked = super().question(reading)
        sold = {SOLD: [self.place[-1].code]} if self.place else {}
        return replace(asked, chosen={**asked.chosen, **sold})

    def extra_chips(self, path: str, found: FoundLines) -> list[Chip]:
        sold = [
            Chip(f"在{one.name}有售", self.query.drop(PLACE, "page").link(path)) for one in self.place[-1:]
        ]
        return sold + super().extra_chips(path, found)

    @property
    def only_kind(self) -> str:
        """The code of the one kind that is asked for."""
        chosen = self.cleaned["category"]
        return chosen[0] if len(chosen) == 1 and chosen[0] in self.known.groups else ""


class EnterpriseFilters(SharedFilters):
    REGISTER = "enterprises"
    ASK = list_enterprises
    VALIDITY = ENTERPRISE_VALIDITY
    SORTS: ClassVar = {"newest": "最新列入", "name": "名称"}

    validity = django_filters.ChoiceFilter(label="名录状态", choices=list(ENTERPRISE_VALIDITY.items()))
    sort = django_filters.ChoiceFilter(label="排序", choices=list(SORTS.items()))

    class Meta:
        model = EnterpriseLine
        fields: ClassVar[list[str]] = []
