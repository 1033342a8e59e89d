"""Tags of the online platforms."""

from django import template

from events.online.models import PlatformVersion
from events.online.rows import Link
from portal.core.pages.reading import ReadAt

register = template.Library()


@register.inclusion_tag("online/shop_link.html")
def shop_link(link: Link, platforms: dict[str, PlatformVersion], reading: ReadAt) -> dict:
    """A link to the leaving page; on a past page its words alone, since it may be gone."""
    return {"link": link, "name": platforms[link.platform].name, "is_past": reading.is_past}
