"""The number under which the public record names a person: drawn at random, given once, never changed or taken back.

Accounts of one person (`User.person`) get one number. It leads to nobody outside, and says nothing of when an account was
made; it stays when the account is pseudonymised, so that anybody can still see that two acts were done by two persons.
"""

import secrets
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from .models import User

DIGITS = 8


def public_numbers(ids: Iterable[int | None]) -> dict[int, str]:
    """By account id: its number. Whoever has none yet is given one now."""
    wanted = {pk for pk in ids if pk is not None}
    known = dict(User.objects.filter(pk__in=wanted).values_list("pk", "public_number"))
    return {pk: number or _give(pk) for pk, number in known.items()}


@transaction.atomic
def _give(pk: int) -> str:
    """All accounts of the person are locked, in the order of their ids: two first acts at once get one number."""
    person = User.objects.filter(pk=pk).values_list("person", flat=True).get()
    same = Q(pk=pk) | Q(person=person) if person else Q(pk=pk)
    accounts = list(User.objects.select_for_update(no_key=True).filter(same).order_by("pk"))
    number = next((one.public_number for one in accounts if one.public_number), None) or _fresh()
    User.objects.filter(pk=pk, public_number=None).update(public_number=number)
    return next(one.public_number or number for one in accounts if one.pk == pk)


def _fresh() -> str:
    while True:
        number = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        if not User.objects.filter(public_number=number).exists():
            return number
