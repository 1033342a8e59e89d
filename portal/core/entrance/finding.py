"""How the search of the desk finds accounts: by the whole address, by account name, and staff by their names.

Not by the beginning of an address: one letter after the other would read out what the desk shows masked.
"""

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.db.models import Q, Value
from django.db.models.functions import Concat

from portal.core.accounts.models import User
from portal.core.desk.search import Asked, Finder, keys_by
from portal.core.prefixes import begins
from portal.core.text.masking import mask_email


def account_keys(asked: Asked) -> Iterable[int]:
    typed = asked.typed.lower()
    yield from keys_by(asked.rows(EmailAddress), Q(email=typed), column="user_id")
    yield from keys_by(asked.rows(User), begins("username", typed), begins("username", asked.typed))
    staff = User.objects.filter(is_staff=True).annotate(full=Concat("last_name", "first_name", Value("")))
    yield from staff.filter(Q(full__contains=asked.typed)).values_list("pk", flat=True)


def under_account(user: User) -> str:
    shown = mask_email(user.email) if user.email else user.username
    return f"{shown}　{user.role_words}"


ACCOUNTS = Finder(account_keys, under_account, is_listed=False)
