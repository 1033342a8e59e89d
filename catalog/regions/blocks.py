"""What the regions show on the page of a campaign: the pilots that were approved in its years."""

from catalog.campaigns.models import CampaignVersion
from catalog.regions.public import regions_at
from catalog.regions.tiles import approvals_of
from portal.core.pages.blocks import fills
from portal.core.pages.reading import ReadAt


@fills("campaign.main", "regions/_campaign_pilots.html", place=10)
def pilots(reading: ReadAt, campaign: CampaignVersion) -> dict | None:
    approvals = [approval for approval in approvals_of(regions_at(reading)) if campaign.covers(approval.year)]
    return {"approvals": approvals} if approvals else None
