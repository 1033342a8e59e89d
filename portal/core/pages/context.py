"""What every template may use."""

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest

from portal.core.editions.models import Installation
from portal.core.mail.models import Message
from portal.core.pages import navigation
from portal.core.pages.mode import mode_of
from portal.core.pages.reading import INSTALLATION
from portal.core.session_keys import has_session


def house(request: HttpRequest) -> dict:
    """Names for the header, the footer and the mode switches."""
    kind, office = installation(request)
    return {
        "mode": mode_of(request),
        "is_demonstration": kind == Installation.Kind.DEMONSTRATION,
        "main_links": navigation.links(navigation.MAIN, request.path),
        "look_up_links": navigation.links(navigation.LOOK_UP),
        "search_href": navigation.href_of("search") or "/",
        "do_links": navigation.links(navigation.DO),
        "person": person(request),
        "site_links": navigation.links(navigation.SITE),
        "site_url": settings.SITE_URL,
        "has_mail_server": settings.HAS_MAIL_SERVER,
        "office_contact": settings.OBJECTION_CONTACT or office,
        "icp_number": settings.ICP_NUMBER,
        "police_number": settings.POLICE_NUMBER,
    }


def person(request: HttpRequest) -> dict | None:
    """What the header says to whoever is signed in. Without a session cookie nothing is looked at: pages for everybody
    stay the same for everybody.
    """
    if not has_session(request.COOKIES) or not hasattr(request, "user"):
        return None
    try:
        if not request.user.is_authenticated:
            return None
        unread = Message.objects.owned_by(request.user).unread().count()
    except (DatabaseError, InterfaceError):
        return None
    return {"name": str(request.user), "unread": unread}


def installation(request: HttpRequest) -> tuple[str, str]:
    """Kind and office contact. Error pages are drawn while the database is down, too; every other page fails on its own rows
    then. A page that is kept asks nothing: it is kept under what is said of the installation.
    """
    try:
        return request.META.get(INSTALLATION) or Installation.told()
    except (DatabaseError, InterfaceError):
        return Installation.Kind.UNDECIDED, ""


def is_demonstration(request: HttpRequest) -> bool:
    return installation(request)[0] == Installation.Kind.DEMONSTRATION
