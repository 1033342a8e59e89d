"""The campaigns as visitors read them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalog.campaigns.models import Campaign, CampaignVersion
from catalog.campaigns.public import campaigns_at, parts_of
from portal.core.pages.cache import public_page
from portal.core.pages.missing import NeverPublic
from portal.core.pages.reading import moment_asked
from portal.core.pages.records import came_later, versions_until


@require_safe
@public_page
def campaign_list(request: HttpRequest) -> HttpResponse:
    query, reading = moment_asked(request)
    campaigns = [version for version in campaigns_at(reading) if not version.is_withdrawn]
    context = {"query": query, "reading": reading, "campaigns": campaigns, "crumbs": [("历年活动", "")]}
    return render(request, "campaigns/campaign_list.html", context)


@require_safe
@public_page
def campaign_detail(request: HttpRequest, slug: str) -> HttpResponse:
    query, reading = moment_asked(request)
    campaign = Campaign.objects.filter(slug=slug).first()
    if campaign is None:
        raise NeverPublic(f"没有「{slug}」这个活动年度。年度有 2022、2023 和 2024-2026。")
    versions = versions_until(CampaignVersion, campaign.pk, reading)
    if not versions:
        return came_later(request, CampaignVersion, campaign.pk, reading, what="活动年度")
    others = [row for row in campaigns_at(reading) if row.campaign_id != campaign.pk and not row.is_withdrawn]
    context = {
        "query": query,
        "reading": reading,
        "version": versions[0],
        "versions": versions,
        "campaign": campaign,
        "parts": parts_of(reading, slug),
        "others": others,
        "crumbs": [("历年活动", query.link(reverse("campaigns:list"))), (versions[0].name, "")],
    }
    return render(request, "campaigns/campaign_detail.html", context)
