"""Whether an account has a second factor, and whether this session has passed it."""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from portal.core.accounts.models import User
from portal.core.accounts.signed_in import person

KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes only stand in for one of them


def is_set_up(user: User) -> bool:
    return Authenticator.objects.filter(user_id=user.pk, type__in=KINDS).exists()


def has_app(user: User) -> bool:
    return Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists()


def is_passed(request: HttpRequest) -> bool:
    """Whether whoever sits at this session has shown the second factor of this account in it."""
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records) and is_set_up(person(request))


def is_missing(request: HttpRequest) -> bool:
    """Whether this session stays outside the desk for want of a second factor."""
    return settings.STAFF_NEEDS_SECOND_FACTOR and not is_passed(request)


def has_codes(user: User) -> bool:
    """Whether the account can show its factor by typing a code: from an app, or a recovery code."""
    return Authenticator.objects.filter(user_id=user.pk).exclude(type=Authenticator.Type.WEBAUTHN).exists()


def take_away(user: User) -> int:
    """Forget every factor of an account whose owner lost them: the next sign-in sets a new one up."""
    return Authenticator.objects.filter(user_id=user.pk).delete()[0]
