"""What the board shows on pages of rooms below: the notices about a batch, a region, an enterprise, an activity."""

from typing import Any

from portal.core.pages.blocks import fills
from portal.core.pages.reading import ReadAt

from .board import notices_about
from .models import NoticeVersion

TEMPLATE = "notices/about.html"


@fills("batch.aside", TEMPLATE)
def about_batch(reading: ReadAt, batch: Any) -> dict | None:
    return _found(reading, "batch", batch.slug)


@fills("region.aside", TEMPLATE)
def about_region(reading: ReadAt, division: Any) -> dict | None:
    """Of a province also what happened in its towns."""
    if division.code.endswith("0000"):
        return _found(reading, "region", division.code)
    return _found(reading, "place", division.code)


@fills("campaign.basis", "notices/_basis.html")
def basis_of_campaign(reading: ReadAt, campaign: Any) -> dict | None:
    """The document on which a campaign rests, where the board has it."""
    rows = NoticeVersion.objects.visible(reading.edition, reading.day).standing()
    notice = rows.filter(document_number=campaign.basis_number).newest_first().first()
    return {"notice": notice} if notice else None


@fills("enterprise.aside", TEMPLATE)
def about_enterprise(reading: ReadAt, line: Any) -> dict | None:
    return _found(reading, "enterprise", line.uscc)


@fills("activity.aside", TEMPLATE)
def about_activity(reading: ReadAt, version: Any) -> dict | None:
    return _found(reading, "activity", str(version.activity_id))


def _found(reading: ReadAt, name: str, value: str) -> dict | None:
    notices = notices_about(reading.edition, reading.day, name, value)
    return {"notices": notices} if notices else None
