"""What stands on a poster: the same for the page, the PDF, the picture and the words."""

import datetime
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from catalog.products.models import Category
from catalog.publication.search.listing import FoundLines, list_products
from catalog.publication.showing.choices import Known
from catalog.publication.showing.filters import ProductFilters
from catalog.publication.showing.tables import ProductRow, product_rows
from catalog.regions.models import Division
from catalog.regions.public import regions_at
from portal.core.pages.reading import ReadAt
from portal.site.house.needs import Subsidies

MOST = 24
LASTS = datetime.timedelta(days=90)
PARTS = [(code, str(label)) for code, label in Category.HousePart.choices]
STARS = {"3": "★★★", "2": "★★☆", "1": "★☆☆", "green": "绿色产品"}


@dataclass(frozen=True)
class Row:
    name: str
    stars: str
    maker: str
    subsidy: str
    number: str


@dataclass(frozen=True)
class Group:
    label: str
    kind: str  # whose drawing stands for it
    rows: list[Row]


class Poster:
    """At most `MOST` rows: as many of each part of a house as of any other, higher stars first, then what was listed last."""

    def __init__(self, filters: ProductFilters, reading: ReadAt, *, is_demonstration: bool):
        self.filters, self.reading, self.is_demonstration = filters, reading, is_demonstration

    @property
    def place(self) -> list[Division]:
        return self.filters.place

    @property
    def here(self) -> str:
        return self.place[-1].name if self.place else "全国"

    @property
    def above(self) -> str:
        return " ".join(one.name for one in self.place[:-1])

    @cached_property
    def found(self) -> list[tuple[str, FoundLines]]:
        asked = replace(self.filters.question(self.reading), facets={}, sort="star", validity="current")
        chosen = asked.chosen.get("part")
        each = [
            (label, list_products(replace(asked, chosen={**asked.chosen, "part": [code]})))
            for code, label in PARTS
            if not chosen or code in chosen
        ]
        return [(label, found) for label, found in each if found.total]

    @property
    def total(self) -> int:
        """Of the list that the poster is of."""
        return sum(found.total for _label, found in self.found)

    @cached_property
    def rows(self) -> list[tuple[str, list[ProductRow]]]:
        share = MOST // max(1, len(self.found))
        publishers = Known.at(self.reading).publishers
        return [
            (label, product_rows(found.page(1, share), self.reading, publishers))
            for label, found in self.found
        ]

    @cached_property
    def kinds(self) -> dict[str, Category]:
        """Of what is on the poster."""
        return Category.objects.in_bulk(
            {row.line.category_code for _label, rows in self.rows for row in rows}
        )

    @cached_property
    def groups(self) -> list[Group]:
        subsidies = Subsidies(self.reading, self.place)
        return [
            Group(label, rows[0].line.category_code, [self._row(row, subsidies) for row in rows])
            for label, rows in self.rows
        ]

    def _row(self, row: ProductRow, subsidies: Subsidies) -> Row:
        line, kind = row.line, self.kinds.get(row.line.category_code)
        rule = subsidies.of(kind) if kind else None
        stars = STARS.get(row.certificate.star, "") if row.certificate else "地方列入"
        return Row(
            line.name or "（已依法隐去）",
            stars,
            line.enterprise_name or "（已依法隐去）",
            rule.amount_words if rule else "",
            line.number,
        )

    @property
    def shown(self) -> int:
        return sum(len(group.rows) for group in self.groups)

    @property
    def subsidised(self) -> int:
        return sum(bool(row.subsidy) for group in self.groups for row in group.rows)

    @property
    def kind_names(self) -> list[str]:
        """In the order of the poster, each once."""
        codes = dict.fromkeys(row.line.category_code for _label, rows in self.rows for row in rows)
        return [self.kinds[code].name for code in codes if code in self.kinds]

    @property
    def until(self) -> datetime.date:
        """To be replaced before: ninety days, or earlier, the day after the first certificate on it ends."""
        ends = [row.certificate.valid_until for _label, rows in self.rows for row in rows if row.certificate]
        return min([self.reading.day + LASTS, *(day + datetime.timedelta(days=1) for day in ends)])

    @property
    def lead(self) -> str:
        sold = f"，企业登记在{self.here}有销售" if self.place else ""
        paid = f"，其中 {self.subsidised} 项有补贴" if self.subsidised else ""
        return f"这 {self.shown} 项在清单上{sold}{paid}。"

    @property
    def rule(self) -> str:
        if self.total <= self.shown:
            return "全部都在这里，按房屋部位排，星级高的在前。"
        return f"共 {self.total:,} 项，这里每个部位放得一样多，星级高的在前，再按最近列入。"

    @cached_property
    def complaint(self) -> str:
        """The pilot's own number, where it has published one."""
        code = self.place[0].code if self.place else ""
        found = regions_at(self.reading).filter(page=code).first() if code else None
        if found is None or found.is_withdrawn or not (found.has_complaint_channel and found.complaint_phone):
            return ""
        return f"{found.complaint_channel} {found.complaint_phone}"

    @property
    def address(self) -> str:
        """Of the list as it is on the day when somebody scans it."""
        query = self.filters.query.drop("page", "as_of", "edition")
        return settings.SITE_URL + query.link(reverse("products:list"))

    @property
    def host(self) -> str:
        return urlsplit(settings.SITE_URL).netloc
