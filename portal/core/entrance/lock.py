"""Five failures in a row close the door to a name for a while; every try of an account is in the audit trail.

GB/T 22239 (等保) level 2: failures are limited. A name that nobody has is locked by the same rule, so that the door
does not tell who has an account; such a name is not kept, only a keyed hash in the cache: people type passwords there.
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account.internal.userkit import filter_users_by_email, get_user_by_username
from django.core.cache import cache
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from portal.core.accounts.models import User
from portal.core.audit.models import AuditEvent
from portal.core.audit.record import record
from portal.core.proof.limits import counted_down, counted_up

FAILURES = 5
LOCKED_FOR = datetime.timedelta(minutes=15)
FAILED, SIGNED_IN = "user.sign_in_failed", "user.signed_in"
LONGEST_TRY = 60  # seconds after which one whose process died is forgotten
BUSY_SENTENCE = "这个账号正有好几次登录在核对，请过几秒再试。"
SENTENCE = f"连续 {FAILURES} 次不对，这个账号暂停登录，请 {LOCKED_FOR.seconds // 60} 分钟后再试。"


def account_of(name: str) -> User | None:
    """Whom a typed name means, exactly as the door reads it: an account name in any case, or else an address."""
    found: Any = get_user_by_username(name)
    if found is None and "@" in name:
        found = next(iter(filter_users_by_email(name, prefer_verified=True, for_login=True)), None)
    return found


@contextmanager
def one_try(account: User | None, name: str = "") -> Iterator[str]:
    """Why no try may be made now; empty where it may. One that is under way counts as a failure until it is known: many at
    once get no more than one after the other.
    """
    under_way = f"{_key(f'account {account.pk}' if account else name)}:under-way"
    at_once = counted_up(under_way, LONGEST_TRY)
    cache.touch(under_way, LONGEST_TRY)
    try:
        failures = _failures(account, name)
        if failures >= FAILURES:
            yield SENTENCE
        else:
            yield BUSY_SENTENCE if failures + at_once > FAILURES else ""
    finally:
        counted_down(under_way)


def _failures(account: User | None, name: str) -> int:
    """In a row and within the time, back to the newest success; no more than matter."""
    since = timezone.now() - LOCKED_FOR
    noted = len(cache.get_many(_places(name)))  # looked for whoever is meant: it takes time
    if account is None:
        return noted
    tries = AuditEvent.objects.filter(
        Q(step=FAILED) | Q(step=SIGNED_IN), target="accounts.user", target_id=str(account.pk), at__gte=since
    ).order_by("-id")
    newest = list(tries.values_list("step", flat=True)[:FAILURES])
    return newest.index(SIGNED_IN) if SIGNED_IN in newest else len(newest)


def failed(account: User | None, name: str = "", *, address: str, at: str = "password") -> None:
    """A wrong password (or, with `at`, a wrong code of the second factor)."""
    record(FAILED, account, by=account, is_success=False, address=address, at=at)
    any(cache.add(place, True, LOCKED_FOR.seconds) for place in _places(name))  # as above


def signed_in(account: User, *, address: str) -> None:
    record(SIGNED_IN, account, by=account, address=address)


def _places(name: str) -> list[str]:
    """One for each failure of a name that nobody has; each is free again when its time is over."""
    return [f"{_key(name)}:{number}" for number in range(FAILURES)]


def _key(name: str) -> str:
    return f"unknown-name:{salted_hmac('entrance.lock', name.lower()).hexdigest()}"
