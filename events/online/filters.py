"""The filters of what is for sale. Its rows are asked anew and held in memory, so they are chosen and counted here."""

from collections import Counter
from typing import Any

from catalog.products.models import Category
from portal.core.pages.filters import AnyOf, DeclaredFilters
from portal.core.pages.pagination import Span
from portal.core.pages.parameters import Query
from portal.core.pages.reading import ReadAt

from .models import PlatformVersion
from .rows import OfferedProduct, platforms_at, rows_at


class OfferFilters(DeclaredFilters):
    platform = AnyOf(label="平台", choices=(), is_whole=True)
    category = AnyOf(label="产品类别", choices=())

    def __init__(self, query: Query, reading: ReadAt):
        super().__init__(query, PlatformVersion.objects.none(), reading)
        self.rows = rows_at(reading.edition, reading.day).rows
        self.platforms = platforms_at(reading.edition, reading.day)
        names = dict(Category.objects.values_list("code", "name"))
        names |= {row.line.category_code: row.line.category_name for row in self.rows}
        fields: Any = self.form.fields
        fields["platform"].choices = [(slug, version.name) for slug, version in self.platforms.items()]
        fields["category"].choices = sorted(names.items())

    def values_of(self, row: OfferedProduct, name: str) -> list[str]:
        if name == "category":
            return [row.line.category_code]
        return [link.platform for link in row.links]

    def chosen(self, but: str = "") -> list[OfferedProduct]:
        asked = {name: set(values) for name, values in self.cleaned.items() if values and name != but}
        return [
            row
            for row in self.rows
            if all(values & set(self.values_of(row, name)) for name, values in asked.items())
        ]

    @property
    def total(self) -> int:
        return len(self.chosen())

    def on(self, page: Span) -> list[OfferedProduct]:
        return self.chosen()[page.start : page.stop]

    def counts(self, name: str) -> Counter[str]:
        return Counter(value for row in self.chosen(but=name) for value in self.values_of(row, name))
