"""The regions as visitors read them: all of them in a grid, each one, and each of their subsidy rules."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalog.regions.dossier import RegionDossier
from catalog.regions.models import Division, RegionPage, RegionVersion, SubsidyVersion, province_of
from catalog.regions.public import regions_at
from catalog.regions.tiles import approvals_of
from portal.pages.cache import public_page
from portal.pages.missing import NeverPublic
from portal.pages.parameters import Query
from portal.pages.reading import PARAMETERS, ReadAt, read_at
from portal.workflow.records import VersionQuerySet


@require_safe
@public_page
def region_list(request: HttpRequest) -> HttpResponse:
    query = asked(request)
    reading = read_at(request)
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
    query = asked(request)
    reading = read_at(request)
    regions = regions_at(reading)
    version = next((version for version in regions if version.page_id == code), None)
    if version is None:
        return not_yet(request, RegionVersion.objects.filter(page=code), reading, unknown_region(code))
    context = {
        "query": query,
        "reading": reading,
        "region": RegionDossier(version, reading, regions),
        "version": version,
        "crumbs": [("试点地区", query.link(reverse("regions:list"))), (version.name, "")],
    }
    return render(request, "regions/region_detail.html", context)


@require_safe
@public_page
def subsidy_detail(request: HttpRequest, code: str, number: int) -> HttpResponse:
    query = asked(request)
    reading = read_at(request)
    region = RegionPage.objects.select_related("division").filter(pk=code).first()
    if region is None:
        raise NeverPublic(unknown_region(code))
    versions = SubsidyVersion.objects.filter(rule=number).of_province(code)
    rule = versions.visible(reading.edition, reading.day).select_related("from_edition", "replaces").first()
    if rule is None:
        return not_yet(request, versions, reading, f"这里没有公布过编号 {number} 的补贴规则。")
    region_href = query.link(reverse("regions:detail", args=[code]))
    context = {
        "query": query,
        "reading": reading,
        "rule": rule,
        "status": rule.status_on(reading.day),
        "region_name": region.division.name,
        "region_href": region_href,
        "crumbs": [
            ("试点地区", query.link(reverse("regions:list"))),
            (region.division.name, region_href),
            ("补贴规则", ""),
        ],
    }
    return render(request, "regions/subsidy_detail.html", context)


def asked(request: HttpRequest) -> Query:
    """The parameters, which are those of the moment read and no others."""
    query = Query.of(request)
    query.refuse_unknown(single=PARAMETERS)
    return query


def not_yet(
    request: HttpRequest, versions: VersionQuerySet[Any], reading: ReadAt, sentence: str
) -> HttpResponse:
    """What became public after the edition read; a 404 with the sentence where nothing ever was."""
    ever = versions.ever_visible(reading.today).select_related("from_edition")
    first = ever.order_by("from_edition_id").first()
    if first is None:
        raise NeverPublic(sentence)
    context = {"what": str(first), "first": first.from_edition, "reading": reading}
    return render(request, "pages/not_yet.html", context)


def unknown_region(code: str) -> str:
    """Why there is no page for a code: only province-level units have one."""
    division = Division.objects.select_related("parent__parent").filter(pk=code).first()
    if division is None:
        return f"「{code}」不是省级区划代码：六位数字，例如 350000（福建省）。"
    province = province_of(code)
    return f"「{code}」是{division.full_name}。地区页面按省级设立，请看 /regions/{province}/ 。"
