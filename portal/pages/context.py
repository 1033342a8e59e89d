"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest

from portal.editions.models import Installation
from portal.pages import navigation
from portal.pages.mode import mode_of


def house(request: HttpRequest) -> dict:
    """Names for the header, the footer and the mode switches."""
    return {
        "mode": mode_of(request),
        "is_demonstration": Installation.current_kind() == Installation.Kind.DEMONSTRATION,
        "main_links": navigation.links(navigation.MAIN, request.path),
        "look_up_links": navigation.links(navigation.LOOK_UP),
        "search_href": navigation.href_of("search") or "/",
        "do_links": navigation.links(navigation.DO),
        "site_links": navigation.links(navigation.SITE),
        "site_url": settings.SITE_URL,
        "icp_number": settings.ICP_NUMBER,
        "police_number": settings.POLICE_NUMBER,
    }
