"""Signing in to the desk: every try is in the audit trail, and five failures in a row close the door for a while."""

import datetime
from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.utils import timezone

from portal.accounts.addresses import client_address
from portal.accounts.models import User
from portal.audit.models import AuditEvent
from portal.audit.record import record

FAILURES = 5
LOCKED_FOR = datetime.timedelta(minutes=15)
FAILED, SIGNED_IN = "user.sign_in_failed", "user.signed_in"


class SignInForm(AdminAuthenticationForm):
    """GB/T 22239 (等保) level 2: failures are limited. Unknown names are not kept: people type passwords there."""

    error_messages = {
        "invalid_login": "账号或密码不对。密码区分大小写。",
        "inactive": "这个账号已停用，请联系管理员。",
        "no_desk": "这个账号没有进入工作台的权限，请联系管理员授权。",
        "locked": f"连续 {FAILURES} 次密码不对，这个账号暂停登录，请 {LOCKED_FOR.seconds // 60} 分钟后再试。",
    }

    def clean(self) -> dict:
        account = User.objects.filter(username=self.cleaned_data.get("username", "")).first()
        if account is not None and is_locked(account):
            raise ValidationError(self.error_messages["locked"], code="locked")
        try:
            cleaned = super().clean()
        except ValidationError:
            record(FAILED, account, by=account, is_success=False, address=self._address())
            raise
        record(SIGNED_IN, account, by=account, address=self._address())
        return cleaned

    def confirm_login_allowed(self, user: Any) -> None:
        super(AdminAuthenticationForm, self).confirm_login_allowed(user)
        if not (user.is_staff and user.may_somewhere("desk.enter")):
            raise ValidationError(self.error_messages["no_desk"], code="no_desk")

    def _address(self) -> str:
        return client_address(self.request) if self.request is not None else ""


def is_locked(account: User) -> bool:
    """Whether the last tries, back to the newest success, are failures enough within the time."""
    tries = AuditEvent.objects.filter(
        step__in=[FAILED, SIGNED_IN],
        target="accounts.user",
        target_id=str(account.pk),
        at__gte=timezone.now() - LOCKED_FOR,
    ).order_by("-id")
    newest = list(tries.values_list("step", flat=True)[:FAILURES])
    return len(newest) == FAILURES and SIGNED_IN not in newest
