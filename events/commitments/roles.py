"""Roles of organisations in campaigns, as the pages of this room need them."""

from collections.abc import Iterable
from dataclasses import dataclass

from catalog.campaigns.models import CampaignRole, Organisation, RoleVersion
from catalog.campaigns.public import organisation_names
from portal.core.pages.reading import ReadAt


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
class Line:
    """An organisation with the campaigns in which it had a role, newest first."""

    organisation: int
    name: str
    campaigns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """One role over all campaigns, each organisation once; or those without any role."""

    label: str
    lines: list[Line]


def sections_at(reading: ReadAt) -> list[Section]:
    """All organisations that are public at one edition, under the names that they bear there; two queries."""
    roles, names = roles_at(reading), organisation_names(reading)
    sections = [
        Section(str(label), _lines([role for role in roles if role.code == code], names))
        for code, label in CampaignRole.Role.choices
    ]
    others = names.keys() - {role.organisation for role in roles}
    sections.append(Section("其他机构", [Line(number, names[number]) for number in sorted(others)]))
    return [section for section in sections if section.lines]


def _lines(roles: Iterable[RoleRow], names: dict[int, str]) -> list[Line]:
    held: dict[int, list[RoleRow]] = {}
    for role in roles:
        held.setdefault(role.organisation, []).append(role)
    return [
        Line(number, names.get(number, rows[0].name), tuple(row.campaign_slug for row in rows))
        for number, rows in held.items()
    ]
