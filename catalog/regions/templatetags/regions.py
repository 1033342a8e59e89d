"""The tile grid of the pilots, for pages of other rooms."""

from django import template

from catalog.regions.tiles import approvals, tiles
from portal.pages.navigation import href_of
from portal.pages.parameters import Query

register = template.Library()


@register.inclusion_tag("regions/tile_grid.html", takes_context=True)
def tile_grid(context: template.Context) -> dict:
    """Pilots lead to the products of the makers that live there."""
    query = context.get("query") or Query()
    grid = tiles()
    hrefs = {
        tile.code: query.keep("as_of", "edition").put(province=tile.code).link(href_of("products:list") or "")
        for tile in grid
        if tile.approval_batch
    }
    return {"tiles": [(tile, hrefs.get(tile.code)) for tile in grid], "approvals": approvals()}
