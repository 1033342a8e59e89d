"""What this room shows on pages of rooms below: of an enterprise, an activity, a region, and on the front page."""

from typing import Any

from portal.core.pages.blocks import fills
from portal.core.pages.reading import ReadAt
from portal.core.prepared import prepared

from .listing import entries
from .models import AdoptionVersion, AgreementVersion, LetterVersion, LetterVersionQuerySet

SHOWN = 4
MOST = 20


@fills("enterprise.aside", "commitments/_enterprise.html", place=10)
def of_enterprise(reading: ReadAt, line: Any) -> dict | None:
    """Letters that name the enterprise's code, also broken and withdrawn ones."""
    found = entries(_of_enterprise(edition=reading.edition, day=reading.day, uscc=line.uscc), reading)
    return {"entries": found} if found else None


@prepared
def _of_enterprise(edition, day, uscc):
    return LetterVersion.objects.visible(edition, day).standing().of_enterprise(uscc).newest_first()


@fills("activity.main", "commitments/_activity.html", place=10)
def signed_at_activity(reading: ReadAt, version: Any) -> dict | None:
    signed = letters(reading).filter(activity=version.activity_id).select_related("campaign")
    found = entries(signed.newest_first(), reading)
    agreements = AgreementVersion.objects.visible(reading.edition, reading.day).standing()
    agreements = agreements.filter(activity=version.activity_id).newest_first()
    if not (found or agreements):
        return None
    return {"entries": found, "agreements": agreements}


@fills("region.main", "commitments/_region.html", place=50)
def adopted_in_region(reading: ReadAt, region: Any) -> dict | None:
    rows = AdoptionVersion.objects.visible(reading.edition, reading.day).standing().within(region.code)
    found = list(rows.newest_first().select_related("division__parent__parent"))
    if not found:
        return None
    return {
        "adoptions": [(version, *version.status_on(reading.day)) for version in found[:SHOWN]],
        "total": len(found),
        "region": region,
    }


@fills("campaign.main", "commitments/_campaign.html", place=30)
def signed_in_campaign(reading: ReadAt, version: Any) -> dict | None:
    """Partners' letters with their standing, and agreements."""
    found = entries(
        letters(reading).filter(campaign=version.campaign_id).select_related("campaign").newest_first(),
        reading,
    )
    agreements = AgreementVersion.objects.visible(reading.edition, reading.day).standing()
    signed = list(agreements.filter(campaign=version.campaign_id).newest_first())
    if not (found or signed):
        return None
    return {"entries": found[:MOST], "total": len(found), "agreements": signed}


@fills("home.pair", "commitments/_home.html", place=20)
def on_the_front_page(reading: ReadAt, _home: Any) -> dict | None:
    """The newest letters with their standing, and the newest agreement; each says where it was read."""
    rows = letters(reading)
    found = entries(rows.newest_first()[:SHOWN], reading)
    agreements = AgreementVersion.objects.visible(reading.edition, reading.day).standing()
    signed = list(agreements.newest_first()[:1])
    if not (found or signed):
        return None
    versions = [*(entry.version for entry in found), *signed]
    sources = list(dict.fromkeys(version.source for version in versions))
    return {
        "entries": found,
        "agreements": signed,
        "sources": sources,
        "lacks_scans": not any(version.scans for version in versions),
        "total": rows.count(),
    }


def letters(reading: ReadAt) -> LetterVersionQuerySet:
    return LetterVersion.objects.visible(reading.edition, reading.day).standing()
