"""What the activities show on the pages of rooms below: of a region, and on the front page."""

from typing import Any

from catalog.standing.spans import LAST_DAY_PASSED
from portal.core.pages.blocks import fills
from portal.core.pages.reading import ReadAt

from .entries import entries
from .models import ActivityVersion, ActivityVersionQuerySet

SHOWN = 4


@fills("region.main", "activities/_region.html", place=40)
def of_region(reading: ReadAt, region: Any) -> dict | None:
    """What comes next, then what was held last."""
    held = standing(reading).within(region.code)
    total = held.count()
    if not total:
        return None
    return {"entries": next_and_last(held, reading), "total": total, "region": region}


@fills("region.year", "activities/_region_year.html", place=20)
def of_region_this_year(reading: ReadAt, region: Any) -> dict:
    """Cancelled ones are not counted: they were not held."""
    rows = standing(reading).within(region.code).filter(first_on__year=region.year, is_cancelled=False)
    return {"held_count": rows.count(), "region": region}


@fills("campaign.main", "activities/_campaign.html", place=20)
def of_campaign(reading: ReadAt, version: Any) -> dict | None:
    held = standing(reading).filter(campaign=version.campaign_id)
    total = held.count()
    if not total:
        return None
    return {
        "entries": next_and_last(held, reading),
        "total": total,
        "slug": version.campaign.slug,
    }


@fills("home.pair", "activities/_home.html", place=10)
def on_the_front_page(reading: ReadAt, _home: Any) -> dict | None:
    found = next_and_last(standing(reading), reading)
    return {"entries": found} if found else None


def standing(reading: ReadAt) -> ActivityVersionQuerySet:
    return ActivityVersion.objects.visible(reading.edition, reading.day).standing()


def next_and_last(rows: ActivityVersionQuerySet, reading: ReadAt) -> list:
    """At most `SHOWN`: those still to come or going on, the nearest first, filled up with the latest before."""
    day = reading.day
    coming = list(rows.exclude(LAST_DAY_PASSED.q(day)).soonest_first().with_places()[:SHOWN])
    past = list(rows.filter(LAST_DAY_PASSED.q(day)).newest_first().with_places()[: SHOWN - len(coming)])
    return entries([*coming, *past], day)
