"""Roles of organisations in campaigns, as the pages of this room need them."""

from collections.abc import Iterable
from dataclasses import dataclass

from catalog.campaigns.models import CampaignRole, Organisation, RoleVersion
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
    visible = RoleVersion.objects.visible(reading.edition, reading.day).standing()
    rows = visible.select_related("role__campaign")
    order = {code: place for place, code in enumerate(CampaignRole.Role.values)}
    ordered = sorted(
        rows, key=lambda row: (-row.role.campaign.from_on.toordinal(), order[row.role_code], row.position)
    )
    return [
        RoleRow(
            row.role.organisation_id,
            row.organisation_name,
            row.role_code,
            row.get_role_code_display(),
            row.campaign_slug,
            row.role.campaign.name,
            row.source,
        )
        for row in ordered
    ]


def has_role(organisation: Organisation, reading: ReadAt) -> bool:
    """Whether a visitor could ever read that it has one."""
    versions = RoleVersion.objects.filter(role__organisation=organisation)
    return versions.ever_visible(reading.today).exists()


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
