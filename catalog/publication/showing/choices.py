"""The values that the public filters offer: kinds, provinces, batches and publishers, read once an edition."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db.models import F, QuerySet, Value

from catalog.products.models import Category
from catalog.publication.models import Batch
from catalog.publication.publishers import named
from catalog.regions.models import Division
from portal.core.pages.memory import MEGABYTE, Memory
from portal.core.pages.reading import ReadAt
from portal.core.prepared import prepared

Choice = tuple[str, str]

_known: "Memory[Known]" = Memory(MEGABYTE)


@dataclass(frozen=True)
class Choices:
    """Values of one filter with their labels, in the order in which they are offered."""

    pairs: tuple[Choice, ...]
    values: frozenset[str]
    ordered: tuple[str, ...]

    @classmethod
    def of(cls, pairs: Iterable[Choice]) -> "Choices":
        pairs = tuple(pairs)
        values = frozenset(value for value, _label in pairs)
        return cls(pairs, values, tuple(sorted(values)))


@dataclass(frozen=True)
class Known:
    """`publishers` are names by code, the provinces among them; `groups` the group of each kind."""

    categories: tuple[Choice, ...]
    groups: dict[str, str]
    publishers: dict[str, str]
    batches: tuple[Choice, ...]
    offered: dict[str, dict[str, Choices]] = field(default_factory=dict, compare=False)

    @classmethod
    def at(cls, reading: ReadAt) -> "Known":
        """Kept until something public changes, as pages are."""
        return _known.kept(reading.token, cls.now) if reading.token else cls.now()

    @classmethod
    def now(cls) -> "Known":
        """One query."""
        said: dict[str, list[tuple[str, str, str, str]]] = {"kind": [], "province": [], "batch": []}
        for of, _group, _place, *row in sorted(_offered()):
            said[of].append(tuple(row))  # type: ignore[arg-type]  # code, name, group and its name
        kinds = said["kind"]
        return cls(
            (
                *{group: name for _code, _name, group, name in kinds}.items(),
                *((code, name) for code, name, _group, _name in kinds),
            ),
            {code: group for code, _name, group, _group_name in kinds},
            named({code: name for code, name, *_ in said["province"]}),
            tuple((slug, short_title(title)) for slug, title, *_ in said["batch"]),
        )

    def kept(self, filters: str, make: Callable[[], dict[str, Choices]]) -> dict[str, Choices]:
        """What these filters offer, by filter; made once."""
        if filters not in self.offered:
            self.offered[filters] = make()
        return self.offered[filters]

    @property
    def provinces(self) -> list[Choice]:
        return sorted((code, name) for code, name in self.publishers.items() if code.isdigit())


@prepared
def _offered():
    return _kinds().union(_provinces(), _batches(), all=True)


def _kinds() -> QuerySet:
    """As all three: what it is, its group and place, then code, name, group and the group's name."""
    kinds = Category.objects.order_by().annotate(of=Value("kind"))
    return kinds.values_list("of", "group_code", "position", "code", "name", "group_code", "group_name")


def _provinces() -> QuerySet:
    provinces = Division.objects.filter(level=Division.Level.PROVINCE).order_by()
    provinces = provinces.annotate(of=Value("province"), none=Value(""), place=Value(0))
    return provinces.values_list("of", "none", "place", "code", "name", "none", "none")


def _batches() -> QuerySet:
    """Those that were ever announced or published, newest first: what was once a value stays one."""
    batches = Batch.objects.ever_public().order_by()
    batches = batches.annotate(of=Value("batch"), none=Value(""), place=-F("pk"))
    return batches.values_list("of", "none", "place", "slug", "title", "none", "none")


def short_title(title: str) -> str:
    return title.removesuffix("产品清单和企业名录")
