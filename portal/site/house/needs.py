"""What one part of the house needs: its kinds, and of each the first products that are sold and subsidised in the place."""

from dataclasses import dataclass
from functools import cached_property

from catalog.products.guides import guided_kinds
from catalog.products.models import Category
from catalog.publication.search.listing import SOLD, Question, list_products
from catalog.publication.showing.choices import Known
from catalog.publication.showing.tables import ProductRow, product_rows
from catalog.regions.models import Division, SubsidyVersion
from catalog.regions.public import subsidies_at
from portal.core.pages.reading import ReadAt

from .links import Links
from .measures import Amount, House, amount_of

SHOWN = 3


@dataclass(frozen=True)
class Need:
    kind: Category
    amount: Amount | None
    total: int
    offers: list[
        tuple[ProductRow, str]
    ]  # with the address of the list that has it, too; none where it has it already
    subsidy: SubsidyVersion | None
    has_page: bool


class Subsidies:
    """The rules that somebody in a place can claim by on the day; of several for one kind, that of the largest sum."""

    def __init__(self, reading: ReadAt, place: list[Division]):
        code = place[-1].code if place else ""
        rules = subsidies_at(reading, code) if code else []
        self.rules = [
            rule
            for rule in rules
            if not rule.is_withdrawn and rule.holds_on(reading.day) and rule.reaches(code)
        ]

    def of(self, kind: Category, unit: str = "") -> SubsidyVersion | None:
        """The largest; first of those that are counted as the kind is, for amounts of two units cannot be compared."""
        found = [rule for rule in self.rules if rule.is_for({kind.code, kind.group_code})]
        return max(found, key=lambda rule: (rule.amount_unit == unit, rule.amount_fen or 0), default=None)


class Part:
    def __init__(self, code: str, house: House, place: list[Division], reading: ReadAt, links: Links):
        self.code, self.house, self.place, self.reading, self.links = code, house, place, reading, links

    @property
    def label(self) -> str:
        return str(Category.HousePart(self.code).label)

    @cached_property
    def subsidies(self) -> Subsidies:
        return Subsidies(self.reading, self.place)

    @cached_property
    def guided(self) -> set[str]:
        return guided_kinds(self.reading)

    @cached_property
    def needs(self) -> list[Need]:
        """What has products comes first, and of that what is subsidised."""
        found = [self._need(kind) for kind in Category.objects.filter(house_part=self.code)]
        return sorted(found, key=lambda need: (not need.total, need.subsidy is None))

    def _need(self, kind: Category) -> Need:
        chosen = {"category": [kind.code]}
        if self.place:
            chosen[SOLD] = [self.place[-1].code]
        found = list_products(Question(self.reading.edition, self.reading.day, chosen=chosen, sort="star"))
        rows = (
            product_rows(found.page(1, SHOWN), self.reading, Known.at(self.reading).publishers)
            if found.total
            else []
        )
        links = self.links
        offers = [
            (row, "" if row.line.number in links.numbers else links.more(row.line.number)) for row in rows
        ]
        amount = amount_of(kind.code, self.house)
        subsidy = self.subsidies.of(kind, amount.unit if amount else "")
        return Need(kind, amount, found.total, offers, subsidy, kind.code in self.guided)
