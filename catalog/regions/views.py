"""The regions as visitors read them: all of them in a grid, each one, and each of their subsidy rules."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from catalog.regions.dossier import RegionDossier
from catalog.regions.models import (
    Division,
    RegionPage,
    RegionVersion,
    SubsidyRule,
    SubsidyVersion,
    province_of,
)
from catalog.regions.public import regions_at
from catalog.regions.tiles import approvals_of
from portal.core.pages.missing import NeverPublic
from portal.core.pages.records import Crumb, Records


class Regions(Records[RegionVersion]):
    model, what = RegionVersion, "地区页面"
    label, address, template = "试点地区", "regions:list", "regions/region"
    read_with = ("page__division",)
    size = None

    def rows(self) -> Any:
        return regions_at(self.reading)

    def beside_list(self, filters: Any, rows: Any) -> dict[str, Any]:
        others = [version for version in rows if not version.is_pilot]
        return {"approvals": approvals_of(rows), "others": others}

    def detail(self, code: int | str) -> HttpResponse:
        if not RegionPage.objects.filter(pk=code).exists():
            raise NeverPublic(unknown_region(str(code)))
        return super().detail(code)

    def told(self, version: RegionVersion, versions: list[RegionVersion]) -> dict[str, Any]:
        return {"region": RegionDossier(version, self.reading)}


class Subsidies(Records[SubsidyVersion]):
    """The rules stand in the pages of their regions; each has one of its own below it."""

    model, what = SubsidyVersion, "补贴规则"
    label, address, template = Regions.label, Regions.address, "regions/subsidy"

    def of_region(self, code: str, number: int) -> HttpResponse:
        page = RegionPage.objects.select_related("division").filter(pk=code).first()
        if page is None:
            raise NeverPublic(unknown_region(code))
        if not SubsidyRule.objects.of_province(code).filter(pk=number).exists():
            raise NeverPublic(f"{page.division.name}没有公布过编号 {number} 的补贴规则。")
        self.page = page
        return self.detail(number)

    @property
    def region(self) -> tuple[str, str]:
        """Its name and where its page is."""
        return self.page.division.name, self.moment.link(reverse("regions:detail", args=[self.page.pk]))

    def crumbs_of(self, version: SubsidyVersion) -> list[Crumb]:
        return [(self.label, self.list_href), self.region, (self.what, None)]

    def told(self, version: SubsidyVersion, versions: list[SubsidyVersion]) -> dict[str, Any]:
        return {"status": version.status_on(self.reading.day), "region": self.region}


def unknown_region(code: str) -> str:
    """Why there is no page for a code: only province-level units have one."""
    division = Division.objects.select_related("parent__parent").filter(pk=code).first()
    if division is None:
        return f"「{code}」不是省级区划代码：六位数字，例如 350000（福建省）。"
    province = province_of(code)
    return f"「{code}」是{division.full_name}。地区页面按省级设立，请看 /regions/{province}/ 。"
