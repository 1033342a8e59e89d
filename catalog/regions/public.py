"""What is public of the regions at one edition and on one day."""

from django.db.models import QuerySet

from catalog.regions.models import RegionVersion, SubsidyVersion
from portal.core.pages.reading import ReadAt


def regions_at(reading: ReadAt) -> QuerySet[RegionVersion]:
    """All 34, in the order of their codes, also those whose page was withdrawn."""
    rows = RegionVersion.objects.visible(reading.edition, reading.day)
    return rows.select_related("page__division").order_by("page")


def subsidies_at(reading: ReadAt, province: str) -> list[SubsidyVersion]:
    """Rules of a province and of the divisions in it, withdrawn ones too, the latest first; one query."""
    rows = SubsidyVersion.objects.visible(reading.edition, reading.day).of_province(province)
    return list(rows.select_related("from_edition").newest_first())
