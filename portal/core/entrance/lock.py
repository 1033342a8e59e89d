"""Five failures in a row close the door to a name for a while; every try of an account is in the audit trail.

GB/T 22239 (等保) level 2: failures are limited. A name that nobody has is locked by the same rule, so that the door
does not tell who has an account; such a name is not kept, only a keyed hash in the cache: people type passwords there.
"""

import datetime
from typing import Any

from allauth.account.internal.userkit import filter_users_by_email, get_user_by_username
from django.core.cache import cache
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from portal.core.accounts.models import User
from portal.core.audit.models import AuditEvent
from portal.core.audit.record import record

FAILURES = 5
LOCKED_FOR = datetime.timedelta(minutes=15)
FAILED, SIGNED_IN = "user.sign_in_failed", "user.signed_in"
SENTENCE = f"连续 {FAILURES} 次不对，这个账号暂停登录，请 {LOCKED_FOR.seconds // 60} 分钟后再试。"


def account_of(name: str) -> User | None:
    """Whom a typed name means, exactly as the door reads it: an account name in any case, or else an address."""
    found: Any = get_user_by_username(name)
    if found is None and "@" in name:
        found = next(iter(filter_users_by_email(name, prefer_verified=True, for_login=True)), None)
    return found


def is_locked(account: User | None, name: str = "") -> bool:
    """Whether the last tries, back to the newest success, are failures enough within the time."""
    since = timezone.now() - LOCKED_FOR
    if account is None:
        return len([at for at in cache.get(_key(name), []) if at >= since]) >= FAILURES
    tries = AuditEvent.objects.filter(
        Q(step=FAILED) | Q(step=SIGNED_IN), target="accounts.user", target_id=str(account.pk), at__gte=since
    ).order_by("-id")
    newest = list(tries.values_list("step", flat=True)[:FAILURES])
    return len(newest) == FAILURES and SIGNED_IN not in newest


def failed(account: User | None, name: str = "", *, address: str, at: str = "password") -> None:
    """A wrong password (or, with `at`, a wrong code of the second factor)."""
    record(FAILED, account, by=account, is_success=False, address=address, at=at)
    if account is None:
        key = _key(name)
        cache.set(key, [*cache.get(key, []), timezone.now()][-FAILURES:], LOCKED_FOR.seconds)


def signed_in(account: User, *, address: str) -> None:
    record(SIGNED_IN, account, by=account, address=address)


def _key(name: str) -> str:
    return f"unknown-name:{salted_hmac('entrance.lock', name.lower()).hexdigest()}"
