"""The parameters of the public lists: declared, cleaned, and turned into terms of the index."""

from collections import defaultdict
from dataclasses import replace
from functools import cached_property
from typing import ClassVar

import django_filters
from django.http import QueryDict

from catalog.products.models import Category
from catalog.publication.models import Batch, EnterpriseLine, ProductLine
from catalog.publication.publishers import publisher_names
from catalog.publication.search.listing import Listing as Found
from catalog.publication.search.listing import Question, forgiving, list_enterprises, list_products
from catalog.publication.showing.words import LITERAL, refuse_half_literal, word_chips
from catalog.regions.models import Division
from catalog.standing.registers import LISTING, PRODUCT, filter_words
from portal.core.pages.listing import Chip, Facet, Listing, Option
from portal.core.pages.parameters import BadParameter, Problem, Query
from portal.core.pages.reading import PARAMETERS, ReadAt

STARS = [("3", "三星级"), ("2", "二星级"), ("1", "一星级"), ("green", "绿色产品")]
BASES = [("certificate", "认证证书"), ("local", "地方技术要求（未经认证）")]
PRODUCT_VALIDITY = filter_words(PRODUCT)
ENTERPRISE_VALIDITY = filter_words(LISTING)


class TermsFilter(django_filters.MultipleChoiceFilter):
    """A filter whose values are values of a facet of the index; the first `open_count` with rows are not folded."""

    def __init__(self, *args, open_count: int = 8, is_by_count: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.open_count = open_count
        self.is_by_count = is_by_count


class ListFilters(django_filters.FilterSet):
    """Filters of one register. `read` refuses what it does not know; nothing is filtered in the database."""

    VALIDITY: ClassVar[dict[str, str]]
    SORTS: ClassVar[dict[str, str]]

    def __init__(self, query: Query):
        self.query = query
        data = QueryDict(mutable=True)
        for name, value in query.pairs:
            data.appendlist(name, value)
        super().__init__(data, queryset=self._meta.model.objects.none())
        for field in self.form.fields.values():
            field.choices = list(
                field.choices
            )  # a callable would be called, and query, for every value compared

    @classmethod
    def read(cls, query: Query, *, more: tuple[str, ...] = ("page",)) -> "ListFilters":
        """Raises BadParameter that names every unknown parameter or value at once."""
        several = [name for name, one in cls.base_filters.items() if isinstance(one, TermsFilter)]
        query.refuse_unknown(single=("q", LITERAL, "validity", "sort", *more, *PARAMETERS), several=several)
        refuse_half_literal(query)
        filters = cls(query)
        if not filters.form.is_valid():
            raise BadParameter(query, filters.problems(), filters.mended())
        return filters

    def problems(self) -> list[Problem]:
        return [
            Problem(name, value, f"「{self.filters[name].label}」没有「{value}」这个值。")
            for name, value in self.bad_values()
        ]

    def bad_values(self) -> list[tuple[str, str]]:
        """Choices are compared one by one: the form names only the first that it does not know."""
        return [
            (name, value)
            for name in self.form.errors
            for value in self.query.all(name)
            if value not in self.known_values(name)
        ]

    def known_values(self, name: str) -> set[str]:
        return {str(value) for value, _label in self.form.fields[name].choices}

    def mended(self) -> Query:
        mended = self.query
        for name, value in self.bad_values():
            mended = mended.minus(name, value)
        return mended

    # -- what is asked ---------------------------------------------------------------------------------------

    @property
    def cleaned(self) -> dict:
        return self.form.cleaned_data

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

    def question(self, reading: ReadAt) -> Question:
        return Question(
            edition=reading.edition,
            day=reading.day,
            words=self.words,
            chosen={name: self.cleaned[name] for name in self.term_filters if self.cleaned[name]},
            validity=self.validity,
            sort=self.sort,
            facets={name: sorted(self.known_values(name)) for name in self.term_filters},
            literal=bool(self.query.first(LITERAL)),
        )

    def find(self, reading: ReadAt) -> Found:
        raise NotImplementedError

    # -- what is drawn ---------------------------------------------------------------------------------------

    def listing(self, path: str, found: Found) -> Listing:
        return Listing(
            self.query,
            path,
            tuple(self.facet(name, found) for name in self.term_filters),
            tuple(self.extra_chips(path, found)),
            self.SORTS,
        )

    def extra_chips(self, path: str, found: Found) -> list[Chip]:
        """The words, each that is understood by itself, and the validity: what stands in no facet."""
        chips = word_chips(found.asked, self.query, path)
        if self.validity != "current":
            label = self.VALIDITY[self.validity]
            chips.append(Chip(label, self.query.drop("validity", "page").link(path)))
        return chips

    def facet(self, name: str, found: Found) -> Facet:
        """Values with rows, and those that are chosen."""
        one, counts = self.term_filters[name], found.counts(name)
        options = [
            Option(value, str(label), counts.get(value, 0), value in self.cleaned[name])
            for value, label in self.form.fields[name].choices
            if counts.get(value) or value in self.cleaned[name]
        ]
        return Facet(
            name, str(one.label), nested(options) if name == "category" else tuple(options), one.open_count
        )


def nested(options: list[Option]) -> tuple[Option, ...]:
    """Kinds under their groups."""
    groups = dict(Category.objects.values_list("code", "group_code"))
    kinds: defaultdict[str, list[Option]] = defaultdict(list)
    for option in options:
        if option.value in groups:
            kinds[groups[option.value]].append(option)
    return tuple(
        replace(option, children=tuple(kinds[option.value]))
        for option in options
        if option.value not in groups
    )


def category_choices() -> list[tuple[str, str]]:
    """Groups first, then kinds: both are values."""
    rows = Category.objects.order_by("group_code", "position").values_list(
        "code", "name", "group_code", "group_name"
    )
    groups: dict[str, str] = {}
    kinds = []
    for code, name, group, group_name in rows:
        groups[group] = group_name
        kinds.append((code, name))
    return [*groups.items(), *kinds]


def province_choices() -> list[tuple[str, str]]:
    return list(
        Division.objects.filter(level=Division.Level.PROVINCE).order_by("code").values_list("code", "name")
    )


def batch_choices() -> list[tuple[str, str]]:
    """Batches that were ever announced or published, newest first: what was once a value stays one."""
    batches = Batch.objects.exclude(edition=None, notice_edition=None).order_by("-id")
    return [
        (slug, title.removesuffix("产品清单和企业名录"))
        for slug, title in batches.values_list("slug", "title")
    ]


def publisher_choices() -> list[tuple[str, str]]:
    return list(publisher_names().items())


class SharedFilters(ListFilters):
    """What both registers are filtered by."""

    category = TermsFilter(label="产品类别", choices=category_choices)
    star = TermsFilter(label="星级", choices=STARS)
    province = TermsFilter(label="企业所在地", choices=province_choices, open_count=5, is_by_count=True)
    publisher = TermsFilter(label="发布方", choices=publisher_choices, open_count=5)
    batch = TermsFilter(label="批次", choices=batch_choices, open_count=5)
    basis = TermsFilter(label="列入依据", choices=BASES)


class ProductFilters(SharedFilters):
    VALIDITY = PRODUCT_VALIDITY
    SORTS: ClassVar = {"newest": "最新列入", "name": "名称", "star": "星级", "end": "到期日"}

    part = TermsFilter(label="房屋部位", choices=Category.HousePart.choices)
    validity = django_filters.ChoiceFilter(label="有效状态", choices=list(PRODUCT_VALIDITY.items()))
    sort = django_filters.ChoiceFilter(label="排序", choices=list(SORTS.items()))

    class Meta:
        model = ProductLine
        fields: ClassVar[list[str]] = []

    def find(self, reading: ReadAt) -> Found:
        return forgiving(list_products, self.question(reading))


class EnterpriseFilters(SharedFilters):
    VALIDITY = ENTERPRISE_VALIDITY
    SORTS: ClassVar = {"newest": "最新列入", "name": "名称"}

    validity = django_filters.ChoiceFilter(label="名录状态", choices=list(ENTERPRISE_VALIDITY.items()))
    sort = django_filters.ChoiceFilter(label="排序", choices=list(SORTS.items()))

    class Meta:
        model = EnterpriseLine
        fields: ClassVar[list[str]] = []

    def find(self, reading: ReadAt) -> Found:
        return forgiving(list_enterprises, self.question(reading))
