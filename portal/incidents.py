"""The number of an error of ours: the page shows it, the log has it, so that a caller's word leads to the line."""

import secrets

from django.http import HttpRequest

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that is read out wrongly over the telephone
LENGTH = 8


def number_of(request: HttpRequest) -> str:
    """The number of what went wrong in this request: given once, the same whenever it is asked for."""
    known = given_to(request)
    if not known:
        known = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        request.META["portal.incident"] = known
    return known


def given_to(request: object) -> str:
    """The number that the request has; empty where nothing went wrong."""
    return getattr(request, "META", {}).get("portal.incident", "")
