"""Ending what an account may do for an enterprise, by an office that has the right papers."""

from django.db import transaction
from django.utils import timezone

from catalog.enterprises.models import Membership
from portal.applications.cases.telling import tell_member
from portal.core.accounts.models import User
from portal.core.audit.record import record
from portal.core.workflow import NoPermission, NotAllowed


def end_membership(membership: Membership, *, by: User, reason: str) -> Membership:
    """The row stays with its end, so that past acts stay explained. Raises NotAllowed where it has ended, or without a reason."""
    with transaction.atomic():
        rows = Membership.objects.select_for_update(of=("self",)).select_related("enterprise", "user")
        locked = rows.get(pk=membership.pk)
        if not by.may("cases.decide", locked.enterprise.scope_division):
            raise NoPermission("step.permission", "您的账号没有结束企业成员身份的权限，请联系管理员授权。")
        if (
            by.is_same_person_as(locked.user)
            or Membership.objects.of(by).filter(enterprise=locked.enterprise).exists()
        ):
            raise NoPermission("case.own_enterprise", "您是这家企业的成员，须由另一人办理。")
        if not reason.strip():
            raise NotAllowed("step.reason", "结束成员身份须写明理由。")
        if locked.ended_at is not None:
            raise NotAllowed("membership.ended", "这个账号已经不是该企业的成员，请刷新页面。")
        locked.ended_at = timezone.now()
        locked.save(update_fields=["ended_at"])
        record("membership.ended", locked, by=by, reason=reason, enterprise=locked.enterprise.uscc)
        tell_member(locked, reason=reason)
    return locked
