"""What a product page answers to 「您在哪个省市县」: is it sold there, in which shops, with what subsidy today."""

from functools import cached_property

from catalog.enterprises.models import OutletVersion
from catalog.enterprises.selling import Sold, places_of, sold_at
from catalog.products.models import Category
from catalog.publication.models import EnterpriseLine, ProductLine
from catalog.publication.search.rows import UNSHOWN
from catalog.regions.chosen import chain_of
from catalog.regions.models import Division, SubsidyVersion
from catalog.regions.places import Place, UnknownPlace, place_of
from catalog.regions.public import subsidies_at
from portal.core.accounts.roles import covers
from portal.core.pages.parameters import BadParameter, Query
from portal.core.pages.reading import ReadAt
from portal.core.prepared import prepared

PARAMETER = "place"


class WhereToBuy:
    """`line` is the product; `enterprise` its maker's line, where one is public; `is_current` whether it is listed today."""

    def __init__(
        self,
        reading: ReadAt,
        place: Place,
        line: ProductLine,
        enterprise: EnterpriseLine | None,
        *,
        is_current: bool,
    ):
        self.reading = reading
        self.place = place
        self.line = line
        self.enterprise = enterprise
        self.is_current = is_current

    @property
    def sells_in(self) -> str:
        return self.enterprise.sells_in if self.enterprise else ""

    @property
    def sold(self) -> str:
        """The value of `Sold` for the chosen place."""
        return sold_at(self.sells_in, self.place.code).value if self.place.code else ""

    @cached_property
    def named_places(self) -> list[str]:
        """The places of the registered range, of which only those in the chosen place where the range names parts of it."""
        codes = places_of(self.sells_in)
        if self.sold == Sold.IN_PARTS.value:
            codes = [code for code in codes if covers(self.place.code, code)]
        if not codes:
            return []
        names = dict(Division.objects.filter(pk__in=codes).values_list("code", "name"))
        return [names.get(code, code) for code in codes]

    @cached_property
    def _outlets(self) -> list[OutletVersion]:
        reading = self.reading
        return _outlets(edition=reading.edition, day=reading.day, enterprise=self.line.enterprise_id)

    @property
    def outlets(self) -> list[OutletVersion]:
        """In the chosen place."""
        code = self.place.code
        return [row for row in self._outlets if code and covers(code, row.division_id)]

    @property
    def outlet_count(self) -> int:
        """Anywhere."""
        return len(self._outlets)

    @cached_property
    def _rules(self) -> list[SubsidyVersion]:
        """Rules of the province that hold on the day for products of this kind."""
        if not self.place.code or not self.is_current:
            return []
        groups = Category.objects.filter(pk=self.line.category_code).values_list("group_code", flat=True)
        codes = {self.line.category_code, *groups}
        rules = subsidies_at(self.reading, self.place.code)
        return [
            rule
            for rule in rules
            if not rule.is_withdrawn and rule.holds_on(self.reading.day) and rule.is_for(codes)
        ]

    @property
    def rules(self) -> list[SubsidyVersion]:
        """For whoever lives in the chosen place."""
        return [rule for rule in self._rules if rule.reaches(self.place.code)]

    @property
    def narrower_rules(self) -> list[SubsidyVersion]:
        """For parts of the chosen place only."""
        return [rule for rule in self._rules if rule.lies_within(self.place.code)]


@prepared
def _outlets(edition, day, enterprise):
    rows = OutletVersion.objects.visible(edition, day).standing()
    return rows.filter(enterprise=enterprise).defer(*UNSHOWN).by_place()


def asked_place(query: Query, remembered: str = "") -> Place:
    """The place in the address, else the one that the visitor chose once; a code in the address that no division bears is told."""
    if not query.all(PARAMETER) and remembered and chain_of(remembered):
        return place_of([remembered])
    try:
        return place_of(query.all(PARAMETER))
    except UnknownPlace as unknown:
        raise BadParameter.one(query, PARAMETER, unknown.value) from None
