"""The way to complain, on the page of a region."""

from typing import Any

from portal.core.pages.blocks import fills
from portal.core.pages.reading import ReadAt


@fills("region.complaints", "enquiries/complaint_block.html")
def complaint_of_region(reading: ReadAt, region: Any) -> dict | None:
    """Its officers get what is sent from here, where they have accounts; else the working group does."""
    return None if reading.is_past else {"region_code": region.code}
