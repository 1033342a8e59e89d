from .campaigns import Campaign, CampaignVersion
from .organisations import CampaignRole, Organisation, OrganisationVersion, RoleVersion

__all__ = [
    "Campaign",
    "CampaignRole",
    "CampaignVersion",
    "Organisation",
    "OrganisationVersion",
    "RoleVersion",
]
