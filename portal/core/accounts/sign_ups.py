"""Accounts that signed up, or want another address, and have not shown yet that the address is theirs."""

from django.db.models import Exists, OuterRef, QuerySet

from .models import User


def waiting_for_activation() -> QuerySet[User]:
    from allauth.account.models import EmailAddress  # its models are loaded after those of accounts

    addresses = EmailAddress.objects.filter(user=OuterRef("pk"))
    return User.objects.filter(Exists(addresses.filter(verified=False)), is_staff=False, is_active=True)
