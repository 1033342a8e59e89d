"""The campaigns as visitors read them."""

from typing import Any

from django.http import HttpResponse

from catalog.campaigns.models import Campaign, CampaignVersion
from catalog.campaigns.public import parts_of
from portal.core.pages.missing import NeverPublic
from portal.core.pages.records import Records


class Campaigns(Records[CampaignVersion]):
    model, what = CampaignVersion, "活动年度"
    label, address, template = "历年活动", "campaigns:list", "campaigns/campaign"
    order = ("-from_on",)
    listed_with = read_with = ("campaign",)
    size = None

    def of_slug(self, slug: str) -> HttpResponse:
        campaign = Campaign.objects.filter(slug=slug).first()
        if campaign is None:
            raise NeverPublic(f"没有「{slug}」这个活动年度。年度有 2022、2023 和 2024-2026。")
        return self.detail(campaign.pk)

    def name_of(self, version: CampaignVersion) -> str:
        return version.name

    def told(self, version: CampaignVersion, versions: list[CampaignVersion]) -> dict[str, Any]:
        others = self.rows().exclude(campaign=version.campaign_id)
        return {"parts": parts_of(self.reading, version.campaign.slug), "others": others}
