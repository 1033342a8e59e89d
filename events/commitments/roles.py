"""Roles of organisations in campaigns, as the pages of this room need them."""

from collections.abc import Iterable
from dataclasses import dataclass

from catalog.campaigns.models import CampaignRole, Organisation
from portal.pages.reading import ReadAt


@dataclass(frozen=True)
class RoleRow:
    """One organisation in one role of one campaign."""

    organisation: int
    name: str
    code: str
    label: str
    campaign_slug: str
    campaign_name: str
    source: str


def roles_at(reading: ReadAt) -> list[RoleRow]:
    """All of them, newest campaign first, then as the notices name them; one query."""
    rows = CampaignRole.objects.select_related("campaign", "organisation")
    order = {code: place for place, code in enumerate(CampaignRole.Role.values)}
    ordered = sorted(rows, key=lambda row: (-row.campaign.from_on.toordinal(), order[row.role], row.position))
    return [
        RoleRow(
            row.organisation_id,
            row.organisation.name,
            row.role,
            row.get_role_display(),
            row.campaign.slug,
            row.campaign.name,
            row.source,
        )
        for row in ordered
    ]


def has_role(organisation: Organisation) -> bool:
    return CampaignRole.objects.filter(organisation=organisation).exists()


@dataclass(frozen=True)
class Section:
    """One role over all campaigns: each organisation once, with the campaigns in which it had the role."""

    code: str
    label: str
    rows: list[tuple[RoleRow, list[RoleRow]]]


def sections_of(roles: Iterable[RoleRow]) -> list[Section]:
    roles = list(roles)
    sections = []
    for code, label in CampaignRole.Role.choices:
        held: dict[int, list[RoleRow]] = {}
        for role in roles:
            if role.code == code:
                held.setdefault(role.organisation, []).append(role)
        if held:
            sections.append(Section(code, str(label), [(rows[0], rows) for rows in held.values()]))
    return sections
