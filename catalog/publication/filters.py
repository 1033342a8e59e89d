"""The parameters of the public lists: declared, cleaned, and turned into terms of the index."""

from collections.abc import Iterable
from functools import cached_property
from typing import ClassVar

import django_filters
from django.http import QueryDict

from catalog.products.models import Category, Certificate
from catalog.publication.models import Batch, EnterpriseLine, ProductLine
from catalog.publication.publishers import publisher_names
from catalog.publication.search import Found, Question
from catalog.publication.terms import ENTERPRISES, PRODUCTS
from catalog.regions.models import Division
from portal.index.search import any_of
from portal.pages.listing import Chip, Facet, Listing, Option
from portal.pages.parameters import BadParameter, Problem, Query
from portal.pages.reading import PARAMETERS, ReadAt
from portal.text.tokens import Group

STARS = [("3", "三星级"), ("2", "二星级"), ("1", "一星级"), ("green", "绿色产品")]
BASES = [("certificate", "认证证书"), ("local", "地方技术要求（未经认证）")]
PRODUCT_VALIDITY = {
    "current": "现行",
    "soon": "即将到期",
    "expired": "过期",
    "suspended": "暂停",
    "checking": "核查中",
    "revoked": "撤销",
    "cancelled": "注销",
    "removed": "已移出",
    "all": "全部状态",
}
ENTERPRISE_VALIDITY = {code: PRODUCT_VALIDITY[code] for code in ("current", "suspended", "checking", "removed", "all")}


class Catalogue:
    """Categories as the filters offer them: by group, and by part of the house. Read once a request."""

    @cached_property
    def categories(self) -> list[Category]:
        return list(Category.objects.order_by("group_code", "position"))

    @cached_property
    def groups(self) -> dict[str, str]:
        return {category.group_code: category.group_name for category in self.categories}

    def kinds_of(self, group: str) -> list[Category]:
        return [category for category in self.categories if category.group_code == group]

    def codes(self, values: Iterable[str]) -> list[str]:
        """Codes of categories for values that are codes of categories or of groups."""
        wanted = set(values)
        return [one.code for one in self.categories if one.code in wanted or one.group_code in wanted]

    def codes_of_parts(self, parts: Iterable[str]) -> list[str]:
        wanted = set(parts)
        return [one.code for one in self.categories if one.house_part in wanted]


class TermsFilter(django_filters.MultipleChoiceFilter):
    """A filter whose values are terms `name:value` of the index."""

    def __init__(self, *args, open_count: int = 8, **kwargs):
        super().__init__(*args, **kwargs)
        self.open_count = open_count

    def values(self, filters: "ListFilters", chosen: list[str]) -> list[str]:
        return chosen


class CategoryFilter(TermsFilter):
    def values(self, filters, chosen):
        return filters.catalogue.codes(chosen)


class ListFilters(django_filters.FilterSet):
    """Filters of one register. `read` refuses what it does not know; nothing is filtered in the database."""

    COLLECTION: ClassVar[str]
    VALIDITY: ClassVar[dict[str, str]]
    SORTS: ClassVar[dict[str, str]]

    def __init__(self, query: Query):
        self.query = query
        self.catalogue = Catalogue()
        data = QueryDict(mutable=True)
        for name, value in query.pairs:
            data.appendlist(name, value)
        super().__init__(data, queryset=self._meta.model.objects.none())

    @classmethod
    def read(cls, query: Query, *, more: tuple[str, ...] = ("page",)) -> "ListFilters":
        """Raises BadParameter that names every unknown parameter or value at once."""
        several = [name for name, one in cls.base_filters.items() if isinstance(one, TermsFilter)]
        query.refuse_unknown(single=("q", "validity", "sort", *more, *PARAMETERS), several=several)
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

    def chosen(self) -> dict[str, Group]:
        """A group of terms for each filter in use; a value without a line in the index matches nothing."""
        return {
            name: any_of(*(f"{prefix_of(name)}:{value}" for value in one.values(self, self.cleaned[name])))
            for name, one in self.term_filters.items()
            if self.cleaned[name]
        }

    def facets(self) -> dict[str, list[str]]:
        return {
            name: [f"{prefix_of(name)}:{value}" for value in self.counted_values(name)] for name in self.term_filters
        }

    def counted_values(self, name: str) -> list[str]:
        if name in ("category", "part"):
            return [category.code for category in self.catalogue.categories]
        return sorted(self.known_values(name))

    def found(self, reading: ReadAt) -> Found:
        return Found(
            Question(
                self.COLLECTION, reading, self.words, self.chosen(), self.facets(), self.validity, self.sort
            )
        )

    # -- what is drawn ---------------------------------------------------------------------------------------

    def listing(self, path: str, found: Found) -> Listing:
        return Listing(
            self.query,
            path,
            tuple(self.facet(name, found) for name in self.term_filters),
            tuple(self.extra_chips(path)),
            self.SORTS,
        )

    def extra_chips(self, path: str) -> list[Chip]:
        """The words and the validity, which stand in no facet."""
        chips = []
        if self.words:
            chips.append(Chip(f"搜索「{self.words}」", self.query.drop("q", "page").link(path)))
        if self.validity != "current":
            label = self.VALIDITY[self.validity]
            chips.append(Chip(label, self.query.drop("validity", "page").link(path)))
        return chips

    def facet(self, name: str, found: Found) -> Facet:
        one = self.term_filters[name]
        options = self.category_options(found) if name == "category" else self.options(name, found)
        return Facet(name, str(one.label), tuple(options), one.open_count)

    def options(self, name: str, found: Found) -> list[Option]:
        """Values with lines, and those that are chosen."""
        options = []
        for value, label in self.form.fields[name].choices:
            codes = self.term_filters[name].values(self, [value]) if name == "part" else [value]
            count = sum(found.count(name, f"{prefix_of(name)}:{code}") for code in codes)
            is_chosen = value in self.cleaned[name]
            if count or is_chosen:
                options.append(Option(value, str(label), count, is_chosen))
        return options

    def category_options(self, found: Found) -> list[Option]:
        options = []
        for code, label in self.catalogue.groups.items():
            kinds = [
                Option(kind.code, kind.name, found.count("category", f"category:{kind.code}"), is_chosen)
                for kind in self.catalogue.kinds_of(code)
                if (is_chosen := kind.code in self.cleaned["category"])
                or found.count("category", f"category:{kind.code}")
            ]
            is_chosen = code in self.cleaned["category"]
            if kinds or is_chosen:
                options.append(Option(code, label, sum(kind.count for kind in kinds), is_chosen, tuple(kinds)))
        return options


class PartFilter(TermsFilter):
    def values(self, filters, chosen):
        return filters.catalogue.codes_of_parts(chosen)


def prefix_of(name: str) -> str:
    """A part of the house is a set of categories."""
    return "category" if name == "part" else name


def category_choices() -> list[tuple[str, str]]:
    rows = Category.objects.order_by("group_code", "position").values_list("code", "name", "group_code", "group_name")
    groups: dict[str, str] = {}
    kinds = []
    for code, name, group, group_name in rows:
        groups[group] = group_name
        kinds.append((code, name))
    return [*groups.items(), *kinds]


def province_choices() -> list[tuple[str, str]]:
    return list(Division.objects.filter(level=Division.Level.PROVINCE).order_by("code").values_list("code", "name"))


def batch_choices() -> list[tuple[str, str]]:
    """Batches that were ever announced or published, newest first: what was once a value stays one."""
    batches = Batch.objects.exclude(edition=None, notice_edition=None).order_by("-id")
    return list(batches.values_list("slug", "title"))


def publisher_choices() -> list[tuple[str, str]]:
    return list(publisher_names().items())


class ProductFilters(ListFilters):
    COLLECTION = PRODUCTS
    VALIDITY = PRODUCT_VALIDITY
    SORTS: ClassVar = {"newest": "最新列入", "name": "名称", "star": "星级", "end": "到期日"}

    category = CategoryFilter(label="产品类别", choices=category_choices)
    star = TermsFilter(label="星级", choices=STARS)
    province = TermsFilter(label="企业所在地", choices=province_choices, open_count=5)
    publisher = TermsFilter(label="发布方", choices=publisher_choices, open_count=5)
    batch = TermsFilter(label="批次", choices=batch_choices, open_count=5)
    basis = TermsFilter(label="列入依据", choices=BASES)
    part = PartFilter(label="房屋部位", choices=Category.HousePart.choices)
    validity = django_filters.ChoiceFilter(label="有效状态", choices=list(PRODUCT_VALIDITY.items()))
    sort = django_filters.ChoiceFilter(label="排序", choices=list(SORTS.items()))

    class Meta:
        model = ProductLine
        fields: ClassVar = []


class EnterpriseFilters(ListFilters):
    COLLECTION = ENTERPRISES
    VALIDITY = ENTERPRISE_VALIDITY
    SORTS: ClassVar = {"newest": "最新列入", "name": "名称"}

    category = CategoryFilter(label="产品类别", choices=category_choices)
    star = TermsFilter(label="星级", choices=STARS)
    province = TermsFilter(label="所在地", choices=province_choices, open_count=5)
    publisher = TermsFilter(label="发布方", choices=publisher_choices, open_count=5)
    batch = TermsFilter(label="批次", choices=batch_choices, open_count=5)
    basis = TermsFilter(label="列入依据", choices=BASES)
    validity = django_filters.ChoiceFilter(label="名录状态", choices=list(ENTERPRISE_VALIDITY.items()))
    sort = django_filters.ChoiceFilter(label="排序", choices=list(SORTS.items()))

    class Meta:
        model = EnterpriseLine
        fields: ClassVar = []
