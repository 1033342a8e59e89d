"""What the pages of kinds say besides their lines: how many products there are, by star, each number a link to its rows."""

from functools import cached_property

from django.urls import reverse

from catalog.products.guides import stars_line
from catalog.products.models import Category, KindGuideVersion
from catalog.publication.search.listing import FoundLines, Question, list_products
from catalog.publication.showing.filters import STARS
from portal.core.pages.parameters import Query
from portal.core.pages.reading import PARAMETERS, ReadAt


class KindPage:
    def __init__(self, version: KindGuideVersion, reading: ReadAt, query: Query):
        self.version, self.reading = version, reading
        self.moment = query.keep(*PARAMETERS)

    @property
    def kind(self) -> Category:
        return self.version.kind.category

    @property
    def stars_line(self) -> str:
        return stars_line(self.kind)

    @property
    def plain_stars_line(self) -> str:
        return stars_line(self.kind, plainly=True)

    @cached_property
    def found(self) -> FoundLines:
        asked = {"category": [self.kind.code]}
        facets = {"star": [code for code, _label in STARS]}
        return list_products(Question(self.reading.edition, self.reading.day, chosen=asked, facets=facets))

    @property
    def total(self) -> int:
        return self.found.total

    @property
    def href(self) -> str:
        return self._link()

    @property
    def by_star(self) -> list[tuple[str, int, str]]:
        """Word, number and the list of those rows; only stars that a product has."""
        counts = self.found.counts("star")
        return [(label, counts[code], self._link(star=code)) for code, label in STARS if counts.get(code)]

    def _link(self, **more: str) -> str:
        return self.moment.put(category=self.kind.code, **more).link(reverse("products:list"))


def counts_by_kind(codes: list[str], reading: ReadAt) -> dict[str, int]:
    """How many products the list shows of each."""
    found = list_products(Question(reading.edition, reading.day, facets={"category": sorted(codes)}))
    return found.counts("category")
