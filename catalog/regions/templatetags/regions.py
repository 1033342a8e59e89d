"""The tile grid of the pilots, for this room's pages and those of others."""

from collections.abc import Sequence

from django import template

from catalog.regions.models import RegionVersion
from catalog.regions.public import regions_at
from catalog.regions.tiles import approvals_of, tiles_of

register = template.Library()


@register.inclusion_tag("regions/tile_grid.html", takes_context=True)
def tile_grid(
    context: template.Context, regions: Sequence[RegionVersion] | None = None, here: str = ""
) -> dict:
    """Every tile leads to the page of its region. `regions` saves the query where the page has read them already."""
    rows = regions_at(context["reading"]) if regions is None else regions
    return {
        "tiles": tiles_of(rows),
        "approvals": approvals_of(rows),
        "here": here,
        "query": context.get("query"),
        "request": context.get("request"),
    }
