"""`/kinds/`: what each kind of product is, what its stars mean, what to ask, and how many there are."""

from typing import Any

from django.http import HttpResponse

from catalog.products.models import Category, KindGuide, KindGuideVersion
from catalog.publication.showing.kind_page import KindPage, counts_by_kind
from portal.core.pages.missing import NeverPublic
from portal.core.pages.records import Records


class Kinds(Records[KindGuideVersion]):
    model, what = KindGuideVersion, "品类说明"
    label, address, template = "产品类别", "kinds:list", "products/kind"
    order = ("kind__category__group_code", "kind__category__position")
    listed_with = read_with = ("kind__category",)
    size = None

    def beside_list(self, filters: Any, rows: Any) -> dict[str, Any]:
        """By the part of a house that they are for."""
        counts = counts_by_kind([row.kind_id for row in rows], self.reading)
        of_part: dict[str, list[tuple[KindGuideVersion, int]]] = {}
        for row in rows:
            of_part.setdefault(row.kind.category.house_part, []).append((row, counts.get(row.kind_id, 0)))
        parts = Category.HousePart.choices
        return {"parts": [(code, label, of_part[code]) for code, label in parts if code in of_part]}

    def detail(self, code: int | str) -> HttpResponse:
        if not KindGuide.objects.filter(pk=code).exists():
            raise NeverPublic(f"没有代码是「{str(code)[:20]}」的产品类别说明。全部类别在 /kinds/ 。")
        return super().detail(code)

    def told(self, version: KindGuideVersion, versions: list[KindGuideVersion]) -> dict[str, Any]:
        return {"kind": KindPage(version, self.reading, self.query)}
