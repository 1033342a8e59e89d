"""The values that the public filters offer: kinds, provinces, batches and publishers, read once an edition."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from catalog.products.models import Category
from catalog.publication.models import Batch
from catalog.publication.publishers import publisher_names
from portal.core.pages.memory import MEGABYTE, Memory
from portal.core.pages.reading import ReadAt

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
        """Three queries."""
        rows = list(
            Category.objects.order_by("group_code", "position").values_list(
                "code", "name", "group_code", "group_name"
            )
        )
        groups = {group: name for _code, _name, group, name in rows}
        kinds = [(code, name) for code, name, _group, _group_name in rows]
        return cls(
            (*groups.items(), *kinds),
            {code: group for code, _name, group, _group_name in rows},
            publisher_names(),
            tuple(batches()),
        )

    def kept(self, filters: str, make: Callable[[], dict[str, Choices]]) -> dict[str, Choices]:
        """What these filters offer, by filter; made once."""
        if filters not in self.offered:
            self.offered[filters] = make()
        return self.offered[filters]

    @property
    def provinces(self) -> list[Choice]:
        return sorted((code, name) for code, name in self.publishers.items() if code.isdigit())


def batches() -> list[Choice]:
    """Batches that were ever announced or published, newest first: what was once a value stays one."""
    rows = Batch.objects.exclude(edition=None, notice_edition=None).order_by("-id")
    return [
        (slug, title.removesuffix("产品清单和企业名录")) for slug, title in rows.values_list("slug", "title")
    ]
