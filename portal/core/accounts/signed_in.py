"""The person behind a request to a page that only those see who have signed in."""

from typing import cast

from django.http import HttpRequest

from .models import User


class SignedInRequest(HttpRequest):
    """What a view behind `login_required`, and every page of the desk, is given: a name for the type, never made."""

    user: User


def person(request: HttpRequest) -> User:
    """For methods whose signature is Django's. The cast asks nothing: `request.user` is looked up when first used."""
    return cast(User, request.user)
