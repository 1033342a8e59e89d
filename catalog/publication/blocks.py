"""What the registers show on pages below them: products, makers and the year of a region, the batches of a campaign."""

from typing import Any

from catalog.products.models import Category
from catalog.publication.exporting.shelves import Shelf
from catalog.publication.models import NATIONAL, Batch
from catalog.publication.search.listing import FoundLines, Question, list_enterprises, list_products
from catalog.publication.showing.batch_page import BatchPage, batch_rows
from catalog.publication.showing.choices import Known
from catalog.publication.showing.files import Offer
from catalog.publication.showing.tables import enterprise_rows, product_rows
from portal.core.pages.blocks import fills
from portal.core.pages.reading import ReadAt

NEWEST = 3
BATCHES = 5
ENTERPRISES = 5


@fills("region.figures", "publication/_region_figures.html", place=10)
def figures(reading: ReadAt, region: Any) -> dict:
    """How many there are today; each figure leads to its rows."""
    national = made_there(reading, region.code)
    local = local_list(reading, region.code)
    return {
        "national_count": national.total,
        "national_hidden": sum(national.left_out().values()),
        "local_count": local.total,
        "uncertified_count": local.counts("basis")["local"],
        "enterprise_count": makers_there(reading, region.code).total,
    }


@fills("region.main", "publication/_region_national.html", place=10)
def national_products(reading: ReadAt, region: Any) -> dict | None:
    """Groups of the catalogue with the number of national products made in the region."""
    groups = dict(Category.objects.values_list("group_code", "group_name").order_by())
    found = made_there(reading, region.code, facets={"category": sorted(groups)})
    counts = found.counts("category")
    rows = [(code, groups[code], counts[code]) for code in sorted(groups) if counts.get(code)]
    return {"total": found.total, "groups": rows} if rows else None


@fills("region.main", "publication/_region_local.html", place=20)
def local_products(reading: ReadAt, region: Any) -> dict:
    found = local_list(reading, region.code)
    return {
        "total": found.total,
        "rows": product_rows(found.page(1, NEWEST), reading, Known.at(reading).publishers),
    }


@fills("region.main", "publication/_region_enterprises.html", place=30)
def enterprises(reading: ReadAt, region: Any) -> dict | None:
    found = makers_there(reading, region.code)
    if not found.total:
        return None
    ids = found.page(1, ENTERPRISES)
    return {"total": found.total, "rows": enterprise_rows(ids, reading, Known.at(reading).publishers)}


@fills("region.year", "publication/_region_year.html", place=10)
def of_the_year(reading: ReadAt, region: Any) -> dict:
    """What the national and the region's own batches of the year listed, and how many of its own there were."""
    batches = Batch.objects.published(reading.edition).filter(
        year=region.year, publisher__in=(NATIONAL, region.code)
    )
    rows = list(batches.order_by("id").values_list("slug", "publisher"))
    slugs = [slug for slug, _publisher in rows]
    return {
        "batches": slugs,
        "listed_count": list_products(
            Question(
                reading.edition,
                reading.day,
                chosen={"province": [region.code], "batch": slugs},
                validity="all",
            )
        ).total
        if slugs
        else 0,
        "batch_count": sum(publisher == region.code for _slug, publisher in rows),
    }


def made_there(reading: ReadAt, code: str, **more: Any) -> FoundLines:
    chosen = {"province": [code], "publisher": [NATIONAL]}
    return list_products(Question(reading.edition, reading.day, chosen=chosen, **more))


def local_list(reading: ReadAt, code: str) -> FoundLines:
    chosen = {"publisher": [code]}
    return list_products(Question(reading.edition, reading.day, chosen=chosen, facets={"basis": ["local"]}))


def makers_there(reading: ReadAt, code: str) -> FoundLines:
    chosen = {"province": [code], "publisher": [NATIONAL]}
    return list_enterprises(Question(reading.edition, reading.day, chosen=chosen))


@fills("batch.aside", "publication/_batch_files.html", place=50)
def files_of_batch(reading: ReadAt, batch: Batch) -> dict | None:
    edition = BatchPage(batch, reading).edition
    return {"offer": Offer.of(Shelf(edition, batch))} if edition else None


@fills("campaign.main", "publication/_campaign_batches.html", place=30)
def batches_of_campaign(reading: ReadAt, campaign: Any) -> dict | None:
    """The newest batches that were filed under the campaign."""
    batches = Batch.objects.public(reading.edition).filter(campaign=campaign.campaign_id)
    rows = list(batches.select_related("edition").order_by("-id")[:BATCHES])
    return {"rows": batch_rows(rows, reading, Known.at(reading).publishers)} if rows else None
