"""Facts of this room: the campaigns with their pages, and who guides, hosts, supports and takes part in them."""

import datetime
from collections import defaultdict
from pathlib import Path

from portal.core.facts import Tally, add_missing, read_table
from portal.core.workflow.facts import Prepared, publish_facts

from .models import (
    Campaign,
    CampaignRole,
    CampaignVersion,
    Organisation,
    OrganisationVersion,
    RoleVersion,
)
from .models.campaigns import Deployment

DATA = Path(__file__).parent / "data"


def seed() -> list[Tally]:
    return publish_facts([prepare])


def prepare() -> Prepared:
    """A campaign, an organisation or a role that has a version already is left alone."""
    tallies = [
        add_missing(campaigns(), identity=["slug"]),
        add_missing(organisations(), identity=["name"]),
        add_missing(roles(), identity=["campaign_id", "organisation_id", "role"]),
    ]
    pages = [version for version in campaign_versions() if not version.campaign.versions.exists()]
    bodies = [version for version in organisation_versions() if not version.organisation.versions.exists()]
    told = set(RoleVersion.objects.values_list("role_id", flat=True))
    parts = [version for version in role_versions() if version.role_id not in told]
    for version in (*pages, *bodies, *parts):
        version.seal()
    CampaignVersion.objects.bulk_create(pages)
    OrganisationVersion.objects.bulk_create(bodies)
    RoleVersion.objects.bulk_create(parts)
    return Prepared(tallies, [*pages, *bodies, *parts])


def campaigns() -> list[Campaign]:
    return [
        Campaign(**row | {name: datetime.date.fromisoformat(row[name]) for name in ("from_on", "until_on")})
        for row in read_table(DATA / "campaigns.csv")
    ]


def campaign_versions() -> list[CampaignVersion]:
    """Unsaved versions; the campaigns must be in the database."""
    known = {campaign.slug: campaign for campaign in Campaign.objects.all()}
    said = deployments()
    return [
        _page(known[row["campaign"]], row, said[row["campaign"]])
        for row in read_table(DATA / "campaign_pages.csv")
    ]


def _page(campaign: Campaign, row: dict[str, str], said: list[Deployment]) -> CampaignVersion:
    held = row["meeting_on"]
    words = {
        name: value for name, value in row.items() if name not in ("campaign", "meeting_on", "is_nationwide")
    }
    return CampaignVersion(
        campaign=campaign,
        key=campaign.key,
        state=CampaignVersion.State.PUBLISHED,
        name=campaign.name,
        from_on=campaign.from_on,
        until_on=campaign.until_on,
        is_nationwide=row["is_nationwide"] == "yes",
        meeting_on=datetime.date.fromisoformat(held) if held else None,
        deployments=said,
        **words,
    )


def deployments() -> defaultdict[str, list[Deployment]]:
    """By campaign, what each office set out at the meeting."""
    found: defaultdict[str, list[Deployment]] = defaultdict(list)
    for row in read_table(DATA / "deployments.csv"):
        found[row["campaign"]].append({"office": row["office"], "points": row["points"].split("；")})
    return found


def organisations() -> list[Organisation]:
    return [Organisation(name=row["name"]) for row in read_table(DATA / "organisations.csv")]


def organisation_versions() -> list[OrganisationVersion]:
    """Unsaved versions; the organisations must be in the database."""
    known = {organisation.name: organisation for organisation in Organisation.objects.all()}
    return [
        OrganisationVersion(
            organisation=known[row["name"]],
            key=known[row["name"]].key,
            state=OrganisationVersion.State.PUBLISHED,
            **row,
        )
        for row in read_table(DATA / "organisations.csv")
    ]


def roles() -> list[CampaignRole]:
    """Unsaved roles; campaigns and organisations must be in the database."""
    campaign_ids = dict(Campaign.objects.values_list("slug", "pk"))
    organisation_ids = dict(Organisation.objects.values_list("name", "pk"))
    return [
        CampaignRole(
            campaign_id=campaign_ids[row["campaign"]],
            organisation_id=organisation_ids[row["organisation"]],
            role=row["role"],
        )
        for row in read_table(DATA / "roles.csv")
    ]


def role_versions() -> list[RoleVersion]:
    """Unsaved versions; the roles must be in the database."""
    known = {
        (role.campaign.slug, role.organisation.name, role.role): role
        for role in CampaignRole.objects.select_related("campaign", "organisation")
    }
    return [
        RoleVersion.of(
            known[row["campaign"], row["organisation"], row["role"]],
            state=RoleVersion.State.PUBLISHED,
            position=int(row["position"]),
            source=row["source"],
        )
        for row in read_table(DATA / "roles.csv")
    ]
