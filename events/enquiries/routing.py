"""Whose an enquiry is: by its kind, by who answers for the record it is about, and by its place."""

from dataclasses import dataclass

from catalog.publication.models import NATIONAL
from portal.core.accounts.models import Grant
from portal.core.accounts.roles import covers

from .models import Kind, Office


@dataclass(frozen=True)
class Desk:
    """An office; a pilot region's has the code of its division."""

    office: str
    division: str = ""


WORKING_GROUP = Desk(Office.WORKING_GROUP)
SUPPORT = Desk(Office.SUPPORT)


def desk_for(kind: str, *, publisher: str = NATIONAL, place: str = "") -> Desk:
    """Questions go to the support institution; what a province published goes to its officers, and so does a complaint
    from a region that has some; everything else to the working group.
    """
    if kind == Kind.QUESTION:
        return SUPPORT
    division = place if kind == Kind.COMPLAINT and place else publisher
    return pilot_desk(division) if division != NATIONAL else WORKING_GROUP


def pilot_desk(division: str) -> Desk:
    """The officers of a region; the working group where nobody there could open it."""
    scopes = Grant.objects.filter(role="pilot_officer", user__is_active=True, user__is_staff=True)
    is_staffed = any(covers(scope, division) for scope in scopes.values_list("division", flat=True))
    return Desk(Office.PILOT, division) if is_staffed else WORKING_GROUP


def staffed_divisions() -> list[str]:
    """Provinces whose officers an enquiry may be passed on to."""
    scopes = Grant.objects.filter(role="pilot_officer", user__is_active=True, user__is_staff=True)
    return sorted({scope for scope in scopes.values_list("division", flat=True) if scope.endswith("0000")})
