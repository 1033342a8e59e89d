"""What the page of a difference asks for, and how it says what it found."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from catalog.publication.compiling.redactable import PLACEHOLDER
from catalog.publication.differences.difference import Difference
from catalog.publication.differences.groups import GROUPS, Group
from catalog.publication.differences.scope import REGISTERS, Scope
from catalog.publication.differences.sides import LEFT, RIGHT, Side, sides_asked
from catalog.publication.differences.telling import Told
from catalog.publication.models import Batch
from catalog.publication.showing.choices import Choice, Known, short_title
from catalog.publication.showing.filters import STARS, ListFilters
from portal.core.editions.models import Edition
from portal.core.pages.pagination import Page, page_of
from portal.core.pages.parameters import BadParameter, Query, label_of
from portal.core.pages.reading import ReadAt, read_at

FILTERS = ("publisher", "province", "category", "star")
PARAMETERS = (LEFT, RIGHT, "register")
FIRST_FEW = 3
OFFERED = 12  # batches, beside the field


@dataclass(frozen=True)
class Asked:
    """The parameters of a difference, each one known. `left` is None where none was given."""

    query: Query
    left: Side | None
    right: Side
    scope: Scope
    known: Known
    action: str = ""

    @classmethod
    def of(cls, request: HttpRequest, more: tuple[str, ...] = ()) -> "Asked":
        query = Query.of(request)
        query.refuse_unknown(single=(*PARAMETERS, *more), several=FILTERS)
        known = Known.at(read_at(request))
        scope, action = _scope(query, known), _one_of(query, "action", GROUPS, "")
        return cls(query, *sides_asked(query, request), scope, known, action)

    @property
    def difference(self) -> Difference | None:
        return Difference(self.left, self.right, self.scope) if self.left else None

    @property
    def selects(self) -> list[tuple[str, str, list[Choice], str]]:
        """Name, label, choices and choice of each filter that the register has."""
        return [
            (name, label_of(name), _choices(name, self.known), self.query.first(name))
            for name in self.scope.of.filters
        ]

    @property
    def chips(self) -> list[tuple[str, str]]:
        """The words of each value that is chosen, and the address without it."""
        words = {name: dict(_choices(name, self.known)) for name in FILTERS}
        return [
            (words[name][value], self.query.minus(name, value).drop("page").link(reverse("differences")))
            for name in FILTERS
            for value in self.query.all(name)
        ]

    @property
    def registers(self) -> list[tuple[str, str, bool]]:
        """Label, address and whether it is this one; what another register is not filtered by is not taken along."""
        address = reverse("differences")
        return [
            (
                of.label,
                self.query.drop("page", "action", *(name for name in FILTERS if name not in of.filters))
                .put(register=code)
                .link(address),
                code == self.scope.register,
            )
            for code, of in REGISTERS.items()
        ]

    def exports(self) -> list[tuple[str, str]]:
        query = self.query.drop("page", "action")
        files = [("Excel", "xlsx"), ("CSV", "csv"), ("JSON", "jsonl")]
        links = [(label, query.link(reverse("differences-export", args=[kind]))) for label, kind in files]
        return [*links, ("Atom", query.drop(LEFT, RIGHT).link(reverse("differences-feed")))]


def _scope(query: Query, known: Known) -> Scope:
    register = _one_of(query, "register", REGISTERS, "products")
    of = REGISTERS[register]
    for name in FILTERS:
        if query.first(name) and name not in of.filters:
            sentence = f"「{of.label}」不按「{label_of(name)}」比较。请去掉它，或改看产品清单。"
            raise BadParameter.one(query, name, query.first(name), sentence, query.drop(name))
        for value in query.all(name):
            if value not in dict(_choices(name, known)):
                raise BadParameter.one(query, name, value)
    return Scope(register, {name: query.all(name) for name in FILTERS if query.first(name)})


def _one_of(query: Query, name: str, values: Iterable[str], otherwise: str) -> str:
    value = query.first(name, otherwise)
    if value and value not in values:
        raise BadParameter.one(query, name, value)
    return value


def _choices(name: str, known: Known) -> list[Choice]:
    return {
        "publisher": list(known.publishers.items()),
        "province": known.provinces,
        "category": list(known.categories),
        "star": STARS,
    }[name]


@dataclass(frozen=True)
class Row:
    """A pair as a table shows it."""

    told: Told
    name: str
    href: str
    under: str
    holder: str

    @property
    def is_relisted(self) -> bool:
        return self.told.sign.was == "removed"


@dataclass(frozen=True)
class Section:
    group: Group
    count: int
    rows: list[Row]


class DifferencePage:
    """One difference drawn: the first few of each group, or a page of one group."""

    def __init__(self, asked: Asked, difference: Difference):
        self.asked, self.difference = asked, difference
        self.left, self.right = difference.left, difference.right

    @cached_property
    def page(self) -> Page:
        action = self.asked.action
        return page_of(self.asked.query, self.difference.counts.get(action, 0) if action else 0)

    @cached_property
    def sections(self) -> list[Section]:
        action = self.asked.action
        if not action:
            firsts = self.difference.firsts(FIRST_FEW)
            return [
                Section(group, count, self._rows(firsts[group.code]))
                for group, count in self.difference.groups
            ]
        told = self.difference.page(action, self.page.start, self.page.stop)
        return [Section(GROUPS[action], self.page.total, self._rows(told))] if told else []

    @property
    def terms(self) -> list[tuple[Group, int]]:
        """What enters the sum."""
        return [(group, count) for group, count in self.difference.groups if group.sign]

    @property
    def beside(self) -> list[tuple[Group, int]]:
        return [(group, count) for group, count in self.difference.groups if not group.sign]

    @cached_property
    def heads(self) -> dict[int, str]:
        return dict(
            Edition.objects.filter(number__in=(self.left.edition, self.right.edition)).values_list(
                "number", "head"
            )
        )

    @property
    def left_head(self) -> str:
        return self.heads.get(self.left.edition, "")

    @property
    def right_head(self) -> str:
        return self.heads.get(self.right.edition, "")

    @property
    def is_one_moment(self) -> bool:
        return (self.left.edition, self.left.day) == (self.right.edition, self.right.day)

    def _rows(self, told: list[Told]) -> list[Row]:
        return [drawn(one, self.asked.scope.register, self.right) for one in told]


def drawn(told: Told, register: str, right: Side) -> Row:
    line, moment = told.line, Query().put(**right.reading.cited) if right.reading.is_past else Query()
    under, holder = {
        "products": lambda: (f"清单编号 {line.number}", line.enterprise_name or PLACEHOLDER),
        "enterprises": lambda: (line.uscc, line.division_name),
        "certificates": lambda: (line.body_name, line.applicant_name or PLACEHOLDER),
    }[register]()
    return Row(told, name_of(line, register), address_of(line, register, moment), under, holder)


def name_of(line: Any, register: str) -> str:
    return line.number if register == "certificates" else line.name or PLACEHOLDER


def address_of(line: Any, register: str, moment: Query) -> str:
    if register == "products":
        return moment.link(reverse("products:detail", args=[line.number]))
    if register == "enterprises":
        return moment.link(reverse("enterprises:detail", args=[line.uscc]))
    return moment.put(number=line.number).link(reverse("check"))


def batches_offered(reading: ReadAt) -> list[tuple[str, str]]:
    """The newest published batches: what most readers compare with."""
    batches = Batch.objects.published(reading.edition).order_by("-edition_id").values_list("slug", "title")
    return [(slug, short_title(title)) for slug, title in batches[:OFFERED]]


def compared_with(reading: ReadAt, filters: ListFilters | None = None) -> str:
    """The address at which what is read here is compared with what a reader chooses there, in the same scope."""
    query = Query().put(until=reading.edition) if reading.is_past and reading.edition else Query()
    if filters is not None:
        register = filters.REGISTER
        kept = (name for name in REGISTERS[register].filters if filters.query.first(name))
        query = query.put(register=register, **{name: filters.query.all(name) for name in kept})
    return query.link(reverse("differences"))
