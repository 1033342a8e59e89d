"""What is public of the campaigns at one edition and on one day."""

from dataclasses import dataclass, field

from catalog.campaigns.models import (
    CampaignRole,
    CampaignVersion,
    Organisation,
    OrganisationVersion,
    RoleVersion,
)
from portal.core.pages.reading import ReadAt


def slugs_with_page(reading: ReadAt) -> set[str]:
    """Campaigns of which a page answers today: a later page says when it came; one query."""
    rows = CampaignVersion.objects.ever_visible(reading.today)
    return set(rows.order_by("campaign__slug").values_list("campaign__slug", flat=True).distinct())


@dataclass
class Part:
    """Everybody who has one role in a campaign."""

    code: str
    label: str
    roles: list[RoleVersion] = field(default_factory=list)

    @property
    def sources(self) -> list[str]:
        return list(dict.fromkeys(role.source for role in self.roles))


def parts_of(reading: ReadAt, slug: str) -> list[Part]:
    """Departments, hosts, support and partners of a campaign, as far as they are known; one query."""
    rows = RoleVersion.objects.visible(reading.edition, reading.day).standing()
    parts = {code: Part(code, str(label)) for code, label in CampaignRole.Role.choices}
    for row in rows.filter(campaign_slug=slug).select_related("role").in_order():
        parts[row.role_code].roles.append(row)
    return list(parts.values())


def organisation_names(reading: ReadAt) -> dict[int, str]:
    """What each organisation is called at one edition, by its number; one query."""
    rows = OrganisationVersion.objects.visible(reading.edition, reading.day).standing()
    return dict(rows.order_by("organisation_id").values_list("organisation_id", "name"))


def name_of(organisation: Organisation | None, reading: ReadAt) -> str:
    """What it is called at one edition; before its first one, the name it was entered under."""
    if organisation is None:
        return ""
    rows = OrganisationVersion.objects.visible(reading.edition, reading.day)
    return rows.filter(organisation=organisation).values_list("name", flat=True).first() or organisation.name
