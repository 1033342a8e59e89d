"""What the page of figures is asked for: the parameters of a list, what is counted, two things to count by, an edition to compare."""

from dataclasses import dataclass, replace
from functools import cached_property

from django.http import HttpRequest
from django.urls import reverse

from catalog.publication.models import Batch
from catalog.publication.showing.choices import Known, short_title
from catalog.publication.showing.difference_page import compared_with
from catalog.publication.showing.filters import EnterpriseFilters, ListFilters, ProductFilters
from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.pages.parameters import BadParameter, Query
from portal.core.pages.reading import ReadAt, read_at
from portal.core.text.digits import whole

OWN = ("count", "rows", "columns", "versus")  # parameters of the figures alone


@dataclass(frozen=True)
class Thing:
    """What is counted, and the list that has its rows."""

    label: str
    unit: str
    address: str
    filters: type[ListFilters]


THINGS = {
    "products": Thing("产品", "项", "products:list", ProductFilters),
    "enterprises": Thing("企业", "家", "enterprises:list", EnterpriseFilters),
    "certificates": Thing("证书", "张", "products:list", ProductFilters),
}
# Those with fewer values stand first: they make the columns of a pair.
DIMENSIONS = {"star": "星级", "publisher": "发布方", "category": "品类", "province": "省份", "batch": "批次"}
PAIRS = (
    ("province", "star"),
    ("category", "star"),
    ("province", "category"),
    ("batch", "star"),
    ("category", "publisher"),
    ("province", "publisher"),
)


@dataclass(frozen=True)
class Offered:
    """An edition by which a batch changed the lists."""

    number: int
    label: str


class Asked:
    """Read once a request. Raises BadParameter."""

    def __init__(self, request: HttpRequest):
        self.query = Query.of(request)
        self.reading = read_at(request)
        self.count = self._one_of("count", THINGS, "products")
        self.rows = self._one_of("rows", DIMENSIONS, "province")
        self.columns = self._one_of("columns", DIMENSIONS, "star" if self.rows != "star" else "province")
        if self.rows == self.columns:
            raise BadParameter.one(self.query, "columns", self.columns, "各行和各列要选不同的两项。")
        self.known = Known.at(self.reading)
        self.filters = self.thing.filters.read(self.query, self.known, more=OWN)

    @property
    def thing(self) -> Thing:
        return THINGS[self.count]

    @property
    def list_query(self) -> Query:
        """What the list is asked for the same rows."""
        return self.query.drop(*OWN, "sort")

    def list_href(self, **chosen: object) -> str:
        return self.list_query.put(**chosen).link(reverse(self.thing.address))

    @property
    def is_narrowed(self) -> bool:
        return bool(self.list_query.drop("as_of", "edition").pairs)

    @cached_property
    def versus(self) -> ReadAt | None:
        """The edition to compare with, on the day of its publication."""
        given = self.query.first("versus")
        if not given:
            return None
        number = whole(given, 9)
        found = Edition.objects.filter(number=number).first() if number else None
        if found is None:
            raise BadParameter.one(self.query, "versus", given, f"没有第「{given}」版，请从列表里选一版。")
        return replace(self.reading, edition=found.number, day=found.day)

    @property
    def compared_href(self) -> str:
        """Where the change since the compared edition is told row by row."""
        if self.versus is None or not 0 < self.versus.edition < self.reading.edition:
            return ""
        path, _, parameters = compared_with(self.reading, self.filters).partition("?")
        sides = {"from": self.versus.edition, "until": self.reading.edition}
        return Query.typed(parameters).put(**sides).link(path)

    @cached_property
    def editions(self) -> list[Offered]:
        """Newest first."""
        batches = Batch.objects.published(self.reading.newest).order_by("-edition_id")
        rows = batches.values_list("edition_id", "edition__at", "title")
        return [Offered(number, _words(number, at, title)) for number, at, title in rows]

    @property
    def edition_given(self) -> int | None:
        return self.reading.edition if self.query.first("edition") else None

    @property
    def day_given(self) -> str:
        return self.query.first("as_of")

    def file_href(self, slug: str, extension: str = "csv") -> str:
        return self.query.link(f"{reverse('figures:page')}{slug}.{extension}")

    @property
    def first(self) -> Offered | None:
        """The first list."""
        return self.editions[-1] if self.editions else None

    def _one_of(self, name: str, known: dict, default: str) -> str:
        given = self.query.first(name, default)
        if given not in known:
            raise BadParameter.one(self.query, name, given)
        return given


def _words(number: int, at: object, title: str) -> str:
    day = clock.day_of(at)  # type: ignore[arg-type]
    return f"第{number}版·{day.year}年{day.month}月{day.day}日 {short_title(title)}"
