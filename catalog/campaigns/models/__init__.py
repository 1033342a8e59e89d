from .campaigns import Campaign, CampaignVersion
from .organisations import CampaignRole, Organisation, RoleVersion

__all__ = ["Campaign", "CampaignRole", "CampaignVersion", "Organisation", "RoleVersion"]
