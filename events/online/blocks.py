"""Where a product or an enterprise sells online, on its own page."""

from typing import Any

from portal.core.pages.blocks import fills
from portal.core.pages.reading import ReadAt

from .rows import platforms_at, rows_at


@fills("product.shops", "online/shops_block.html")
def shops_of_product(reading: ReadAt, page: Any) -> dict | None:
    row = rows_at(reading.edition, reading.day).by_number.get(page.main.number)
    return _shown(reading, list(row.links)) if row else None


@fills("enterprise.aside", "online/shops_block.html", place=40)
def shops_of_enterprise(reading: ReadAt, line: Any) -> dict | None:
    return _shown(reading, rows_at(reading.edition, reading.day).of_enterprise(line.enterprise_id))


def _shown(reading: ReadAt, links: list) -> dict | None:
    if not links or reading.is_past:  # a past page shows what was listed, not where to buy today
        return None
    platforms = platforms_at(reading.edition, reading.day)
    return {"shops": [(link, platforms[link.platform].name) for link in links]}
