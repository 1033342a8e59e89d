"""What the yearly reports show on the pages of regions and campaigns: the newest first."""

from typing import Any

from django.db.models import QuerySet

from portal.core.pages.blocks import fills
from portal.core.pages.reading import ReadAt

from .models import ReportVersion, ReportVersionQuerySet

SHOWN = 5


@fills("region.aside", "reports/_reports.html", place=20)
def of_region(reading: ReadAt, region: Any) -> dict | None:
    return _found(standing(reading).filter(report__scope=region.code))


@fills("campaign.main", "reports/_campaign.html", place=90)
def of_campaign(reading: ReadAt, version: Any) -> dict | None:
    years = range(version.from_on.year, version.until_on.year + 1)
    return _found(standing(reading).filter(report__scope="", report__year__in=years))


def standing(reading: ReadAt) -> ReportVersionQuerySet:
    return ReportVersion.objects.visible(reading.edition, reading.day).standing().select_related("report")


def _found(rows: QuerySet[ReportVersion]) -> dict | None:
    found = list(rows.order_by("-report__year")[:SHOWN])
    return {"reports": found} if found else None
