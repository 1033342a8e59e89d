"""The regions as visitors read them: all of them in a grid, each one, and each of their subsidy rules."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

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
from portal.core.pages.cache import public_page
from portal.core.pages.missing import NeverPublic
from portal.core.pages.reading import moment_asked
from portal.core.pages.records import came_later, versions_until


@require_safe
@public_page
def region_list(request: HttpRequest) -> HttpResponse:
    query, reading = moment_asked(request)
    regions = regions_at(reading)
    context = {
        "query": query,
        "reading": reading,
        "regions": regions,
        "approvals": approvals_of(regions),
        "others": [version for version in regions if not version.is_pilot],
        "crumbs": [("试点地区", "")],
    }
    return render(request, "regions/region_list.html", context)


@require_safe
@public_page
def region_detail(request: HttpRequest, code: str) -> HttpResponse:
    query, reading = moment_asked(request)
    if not RegionPage.objects.filter(pk=code).exists():
        raise NeverPublic(unknown_region(code))
    versions = versions_until(RegionVersion, code, reading, "page__division")
    if not versions:
        return came_later(request, RegionVersion, code, reading, what="地区页面")
    version = versions[0]
    context = {
        "query": query,
        "reading": reading,
        "region": RegionDossier(version, reading),
        "version": version,
        "versions": versions,
        "crumbs": [("试点地区", query.link(reverse("regions:list"))), (version.name, "")],
    }
    return render(request, "regions/region_detail.html", context)


@require_safe
@public_page
def subsidy_detail(request: HttpRequest, code: str, number: int) -> HttpResponse:
    query, reading = moment_asked(request)
    page = RegionPage.objects.select_related("division").filter(pk=code).first()
    if page is None:
        raise NeverPublic(unknown_region(code))
    if not SubsidyRule.objects.of_province(code).filter(pk=number).exists():
        raise NeverPublic(f"{page.division.name}没有公布过编号 {number} 的补贴规则。")
    versions = versions_until(SubsidyVersion, number, reading)
    if not versions:
        return came_later(request, SubsidyVersion, number, reading, what="补贴规则")
    region_href = query.link(reverse("regions:detail", args=[code]))
    context = {
        "query": query,
        "reading": reading,
        "rule": versions[0],
        "versions": versions,
        "status": versions[0].status_on(reading.day),
        "region_name": page.division.name,
        "region_href": region_href,
        "crumbs": [
            ("试点地区", query.link(reverse("regions:list"))),
            (page.division.name, region_href),
            ("补贴规则", ""),
        ],
    }
    return render(request, "regions/subsidy_detail.html", context)


def unknown_region(code: str) -> str:
    """Why there is no page for a code: only province-level units have one."""
    division = Division.objects.select_related("parent__parent").filter(pk=code).first()
    if division is None:
        return f"「{code}」不是省级区划代码：六位数字，例如 350000（福建省）。"
    province = province_of(code)
    return f"「{code}」是{division.full_name}。地区页面按省级设立，请看 /regions/{province}/ 。"
