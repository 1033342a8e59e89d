"""Issuing and using an activation code: it stands in for the verification letter where none can be sent."""

import datetime
import secrets
from functools import cache

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone

from portal.core.accounts.models import User
from portal.core.audit.record import record
from portal.core.proof.words import ALPHABET, plain
from portal.core.workflow import NotAllowed

from .models import ActivationCode

LENGTH = 10


def waiting_address(account: User) -> EmailAddress | None:
    """The address that an account signed up with, or wants to change to, and has not verified; None where none waits."""
    if account.is_staff or not account.is_active:
        return None
    return EmailAddress.objects.filter(user=account, verified=False).order_by("-pk").first()


def issue(account: User, *, by: User) -> str:
    """A new code, to be read to the person; an older one is void. Raises NotAllowed."""
    if not by.may("accounts.manage"):
        raise NotAllowed("step.permission", "您没有管理账号的权限。")
    waiting = waiting_address(account)
    if waiting is None:
        raise NotAllowed(
            "activation.not_waiting", "这个账号不用激活：没有等着验证的邮箱，或是工作人员账号，或已停用。"
        )
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    now = timezone.now()
    with transaction.atomic():
        ActivationCode.objects.update_or_create(
            user=account,
            defaults={
                "code_hash": make_password(_bound(code, waiting.email)),
                "issued_by": by,
                "issued_at": now,
                "expires_at": now + datetime.timedelta(hours=settings.ACTIVATION_HOURS),
                "used_at": None,
                "wrong_tries": 0,
            },
        )
        record("activationcode.issued", account, by=by)
    return f"{code[:5]}-{code[5:]}"


def use(address: str, typed: str) -> bool:
    """Whether the code was right: the address is verified then, and the code used up.

    An unknown address and a wrong code are answered alike, and take as long.
    """
    with transaction.atomic():
        found = (
            ActivationCode.objects.select_for_update(of=("self",))
            .usable()
            .filter(user__emailaddress__email=address, user__emailaddress__verified=False)
            .select_related("user")
            .first()
        )
        is_right = check_password(
            _bound(plain(typed)[:64], address), found.code_hash if found else _nobodys_hash()
        )
        if found is None:
            return False
        if not is_right:
            found.wrong_tries += 1
            found.save(update_fields=["wrong_tries"])
            record("activationcode.tried", found.user, is_success=False)
            return False
        return _activate(found, address)


def _bound(code: str, address: str) -> str:
    """A code is good for the address that the office looked at, not for one that is put in its place afterwards."""
    return f"{code} {address}"


def _activate(code: ActivationCode, address: str) -> bool:
    waiting = waiting_address(code.user)
    if waiting is None or waiting.email != address or not waiting.set_verified():
        return False
    waiting.set_as_primary()
    EmailAddress.objects.filter(user=code.user).exclude(
        pk=waiting.pk
    ).delete()  # the one that it takes the place of
    code.used_at = timezone.now()
    code.save(update_fields=["used_at"])
    record("activationcode.used", code.user, by=code.user)
    return True


@cache
def _nobodys_hash() -> str:
    return make_password(secrets.token_urlsafe(24))
