"""Facts of this room: the campaigns, and who guides, hosts, supports and takes part in them."""

import datetime
from pathlib import Path

from portal.facts import Tally, add_missing, read_table
from portal.workflow.facts import Prepared, publish_facts

from .models import Campaign, CampaignRole, Organisation

DATA = Path(__file__).parent / "data"


def seed() -> list[Tally]:
    return publish_facts([prepare])


def prepare() -> Prepared:
    tallies = [
        add_missing(campaigns(), identity=["slug"]),
        add_missing(organisations(), identity=["name"]),
        add_missing(roles(), identity=["campaign_id", "organisation_id", "role"]),
    ]
    return Prepared(tallies)


def campaigns() -> list[Campaign]:
    return [
        Campaign(**row | {name: datetime.date.fromisoformat(row[name]) for name in ("from_on", "until_on")})
        for row in read_table(DATA / "campaigns.csv")
    ]


def organisations() -> list[Organisation]:
    return [Organisation(**row) for row in read_table(DATA / "organisations.csv")]


def roles() -> list[CampaignRole]:
    """Unsaved roles; campaigns and organisations must be in the database."""
    campaign_ids = dict(Campaign.objects.values_list("slug", "pk"))
    organisation_ids = dict(Organisation.objects.values_list("name", "pk"))
    return [
        CampaignRole(
            campaign_id=campaign_ids[row["campaign"]],
            organisation_id=organisation_ids[row["organisation"]],
            role=row["role"],
            position=int(row["position"]),
            source=row["source"],
        )
        for row in read_table(DATA / "roles.csv")
    ]
