"""Facts of this room: the letters and the agreement of 6 June 2022, a claim made then, and a draft text of clauses."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from catalog.campaigns.models import Campaign, Organisation
from events.activities.facts import MEETING
from events.activities.models import ActivityVersion
from portal.core.facts import Tally, read_table
from portal.core.text.dates import PartialDate, read_partial
from portal.core.workflow.facts import Prepared, publish_facts
from portal.core.workflow.records import Identity, Version

from .models import (
    Agreement,
    AgreementVersion,
    Claim,
    ClaimVersion,
    ClauseTemplate,
    Letter,
    LetterVersion,
    TemplateVersion,
)

DATA = Path(__file__).parent / "data"
TEMPLATE = {
    "title": "绿色建材下乡活动参与企业承诺书",
    "preamble": "我方自愿参加绿色建材下乡活动，向推进组和消费者承诺如下。",
    "closing": "以上承诺自签署之日起生效，在活动期间持续有效。违反承诺的，我方同意公开说明，并从产品清单和企业名录中移出。",
    "source": "示范文本：会上签署的承诺书未公开全文，本文本依活动要求拟写，推进组审定后替换",
}


def seed() -> list[Tally]:
    return publish_facts([prepare])


def prepare() -> Prepared:
    """What is there already is recognised by name and left alone. Activities and organisations come before."""
    rooms = [
        _lacking("承诺书文本", TemplateVersion, "title", [TEMPLATE], _template),
        _lacking("承诺书", LetterVersion, "party_name", read_table(DATA / "letters.csv"), _letter),
        _lacking("合作协议", AgreementVersion, "title", read_table(DATA / "agreements.csv"), _agreement),
        _lacking("机构陈述", ClaimVersion, "statement", read_table(DATA / "claims.csv"), _claim),
    ]
    return Prepared(
        [tally for tally, _versions in rooms], [version for _tally, versions in rooms for version in versions]
    )


def _lacking(
    label: str, model: Any, name: str, rows: list[dict[str, str]], make: Callable[[dict[str, str]], Version]
) -> tuple[Tally, list[Version]]:
    present = set(model.objects.values_list(name, flat=True))
    versions = [make(row) for row in rows if row[name] not in present]
    model.objects.bulk_create(versions)
    return Tally(label, len(versions), len(rows) - len(versions)), versions


def _sealed(model: Any, identity: Identity, **values: Any) -> Version:
    identity.save()
    version = model(**{model.IDENTITY: identity}, key=identity.key, state=Version.State.PUBLISHED, **values)
    version.seal()
    return version


def _template(row: dict[str, str]) -> Version:
    return _sealed(TemplateVersion, ClauseTemplate(), clauses=read_table(DATA / "clauses.csv"), **row)


def _letter(row: dict[str, str]) -> Version:
    return _sealed(
        LetterVersion,
        Letter(),
        party_name=row["party_name"],
        promises=row["promises"].split("；"),
        source=row["source"],
        **_of_meeting(row),
    )


def _agreement(row: dict[str, str]) -> Version:
    parties = [party.split("：") for party in row["parties"].split("；")]
    return _sealed(
        AgreementVersion,
        Agreement(),
        title=row["title"],
        parties=[{"name": name, "role": role} for name, role in parties],
        promises=row["promises"].split("；"),
        source=row["source"],
        **_of_meeting(row),
    )


def _of_meeting(row: dict[str, str]) -> dict[str, Any]:
    """What was signed at the meeting has its day, its campaign and its institution in common."""
    meeting = ActivityVersion.objects.filter(title=MEETING).first()
    return {
        "organisation": Organisation.objects.get(name=row["organisation"]),
        "campaign": Campaign.objects.get(slug=row["campaign"]),
        "activity": meeting and meeting.activity,
        **_dated("signed", read_partial(row["signed"])),
    }


def _claim(row: dict[str, str]) -> Version:
    return _sealed(
        ClaimVersion,
        Claim(),
        organisation=Organisation.objects.get(name=row["organisation"]),
        figure=row["figure"],
        statement=row["statement"],
        stated_by=row["stated_by"],
        source=row["source"],
        **_dated("stated", read_partial(row["stated"])),
    )


def _dated(name: str, stated: PartialDate) -> dict[str, Any]:
    return {f"{name}_on": stated.first_day, f"{name}_precision": stated.precision}
