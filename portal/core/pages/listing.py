"""The pieces of a filtered list: facets with counts at the left, chips for what is chosen, ways to sort."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from portal.core.pages.parameters import Query


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    count: int
    is_chosen: bool = False
    children: tuple["Option", ...] = ()
    is_said: bool = False  # by the words of the query: ticked like a choice, but their chip is the words' own

    @property
    def is_ticked(self) -> bool:
        return self.is_chosen or self.is_said

    @property
    def is_open(self) -> bool:
        """Whether the children are unfolded: a choice is never hidden."""
        return any(child.is_ticked for child in self.children)


@dataclass(frozen=True)
class Facet:
    """One group of choices. Long ones fold all but the first few; what is chosen is never folded."""

    name: str
    label: str
    options: tuple[Option, ...]
    open: int = 8

    def __iter__(self) -> Iterator[Option]:
        """Every option, children included."""
        for option in self.options:
            yield option
            yield from option.children

    @property
    def shown(self) -> tuple[Option, ...]:
        return tuple(
            option
            for place, option in enumerate(self.options)
            if place < self.open or option.is_ticked or option.is_open
        )

    @property
    def folded(self) -> tuple[Option, ...]:
        shown = {option.value for option in self.shown}
        return tuple(option for option in self.options if option.value not in shown)


@dataclass(frozen=True)
class Chip:
    """A chosen filter and the address without it."""

    label: str
    href: str


@dataclass(frozen=True)
class SortLink:
    label: str
    href: str
    is_current: bool


@dataclass(frozen=True)
class Listing:
    """What the list templates draw around the rows. `carried`: the words that the ticks of the form do not say already."""

    query: Query
    path: str
    facets: tuple[Facet, ...] = ()
    extra_chips: tuple[Chip, ...] = ()
    sorts: dict[str, str] = field(default_factory=dict)
    carried: str | None = None

    @property
    def chips(self) -> list[Chip]:
        chosen = [
            Chip(option.label, self.without(facet.name, option.value))
            for facet in self.facets
            for option in facet
            if option.is_chosen
        ]
        return [*self.extra_chips, *chosen]

    @property
    def cleared(self) -> str:
        """Without any filter; the moment that is read stays."""
        return self.query.keep("as_of", "edition").link(self.path)

    @property
    def sort_links(self) -> list[SortLink]:
        default = next(iter(self.sorts))
        current = self.query.first("sort", default)
        return [
            SortLink(
                label,
                self.query.drop("page").put(sort=key if key != default else None).link(self.path),
                key == current,
            )
            for key, label in self.sorts.items()
        ]

    @property
    def is_cited(self) -> bool:
        """An exact edition is asked: the filters keep it, and the day is not chosen anew."""
        return bool(self.query.first("edition"))

    @property
    def hidden_pairs(self) -> list[tuple[str, str]]:
        """What the filter form must carry along, so that choosing a filter loses nothing else."""
        drawn = {facet.name for facet in self.facets} | {"page"}
        if not self.is_cited:
            drawn.add("as_of")
        carried = self.query if self.carried is None else self.query.put(q=self.carried or None)
        return [(name, value) for name, value in carried.pairs if name not in drawn]

    def without(self, name: str, value: str) -> str:
        return self.query.minus(name, value).drop("page").link(self.path)
