"""The campaigns as visitors read them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalog.campaigns.models import CampaignVersion
from catalog.campaigns.public import campaigns_at, parts_of
from portal.pages.cache import public_page
from portal.pages.missing import NeverPublic
from portal.pages.parameters import Query
from portal.pages.reading import PARAMETERS, ReadAt, read_at


@require_safe
@public_page
def campaign_list(request: HttpRequest) -> HttpResponse:
    query, reading = asked(request), read_at(request)
    campaigns = [version for version in campaigns_at(reading) if not version.is_withdrawn]
    context = {
        "query": query,
        "reading": reading,
        "campaigns": campaigns,
        "crumbs": [("历年活动", "")],
    }
    return render(request, "campaigns/campaign_list.html", context)


@require_safe
@public_page
def campaign_detail(request: HttpRequest, slug: str) -> HttpResponse:
    query, reading = asked(request), read_at(request)
    campaigns = campaigns_at(reading)
    version = next((version for version in campaigns if version.campaign.slug == slug), None)
    if version is None:
        return not_yet(request, slug, reading)
    context = {
        "query": query,
        "reading": reading,
        "version": version,
        "parts": parts_of(reading, slug),
        "others": [other for other in campaigns if other.campaign.slug != slug and not other.is_withdrawn],
        "crumbs": [("历年活动", query.link(reverse("campaigns:list"))), (version.name, "")],
    }
    return render(request, "campaigns/campaign_detail.html", context)


def asked(request: HttpRequest) -> Query:
    query = Query.of(request)
    query.refuse_unknown(single=PARAMETERS)
    return query


def not_yet(request: HttpRequest, slug: str, reading: ReadAt) -> HttpResponse:
    """A campaign that became public after the edition read; a 404 where there is none of that name."""
    ever = CampaignVersion.objects.filter(campaign__slug=slug).ever_visible(reading.today)
    first = ever.select_related("from_edition").order_by("from_edition_id").first()
    if first is None:
        raise NeverPublic(f"没有「{slug}」这个活动年度。年度有 2022、2023 和 2024-2026。")
    context = {"what": first.name, "first": first.from_edition, "reading": reading}
    return render(request, "pages/not_yet.html", context)
