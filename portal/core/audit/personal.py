"""What the audit trail and the before-images keep of persons, and how the latter forget."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from portal.core.accounts.models import User
from portal.core.processing import DUTY, Outcome, ProcessingRecord

from .models import AuditEvent, Change


def forget_values(changes: QuerySet[Change], values: Iterable[str]) -> int:
    """Take these words out of before-images: whole personal parts that hold one, and fields of `before` that do."""
    wanted = [value for value in values if value]
    touched = 0
    for change in changes.iterator():
        if any(_holds(value, wanted) for value in (change.personal or {}).values()):
            Change.objects.filter(pk=change.pk).update(personal=None)
            touched += 1
        names = [name for name, value in change.before.items() if _holds(value, wanted)]
        if names:
            before = {name: value for name, value in change.before.items() if name not in names}
            Change.objects.filter(pk=change.pk).update(before=before, redacted=[*change.redacted, *names])
            touched += not change.personal
    return touched


def _holds(value: object, wanted: list[str]) -> bool:
    return any(word in str(value) for word in wanted)


class AuditTrail(ProcessingRecord):
    code = "audit.events"
    label = "审计记录"
    of_whom = "登录办事的人"
    what = "哪个账号何时做了什么、结果、所写的理由；企业账号只记编号"
    purpose = "追查责任，证明每一步是谁办的"
    basis = DUTY
    seen_by = "审计员"
    keep = "不少于 180 天，不删改"
    model, columns, owner = AuditEvent, "actor_name", "actor_id"
    elsewhere = ("audit.Change.actor_name",)
    shown = {"时间": "at", "操作": "step", "对象": "target_name", "结果": "is_success"}
    outcome = Outcome.KEPT
    stays = "审计记录不能删改（GB/T 22239）。企业账号在里面只有编号，注销后编号不再指向任何人；工作人员的姓名作为履职记录保留。"


class BeforeImages(ProcessingRecord):
    code = "audit.before_images"
    label = "改动前的个人信息"
    of_whom = "企业联系人、签署人"
    what = "一次改动之前登记的姓名、电话"
    purpose = "改错时能够恢复"
    basis = DUTY
    seen_by = "无人查看；只在恢复时取用"
    keep = f"{settings.BEFORE_IMAGE_KEEP_DAYS} 天"
    model, columns, owner = Change, "personal before", "actor_id"
    counted_from, days = "at", "BEFORE_IMAGE_KEEP_DAYS"
    due_if = Q(personal__isnull=False)
    expires = {"personal": None}

    def export(self, user: User) -> list[dict[str, Any]]:
        return []

    def erase(self, user: User, pseudonym: str) -> int:
        """Of what this account changed. The rooms clear the images of their own rows."""
        return forget_values(Change.objects.filter(actor_id=user.pk), names_of(user))


def names_of(user: User) -> list[str]:
    """The words by which an account is a person's: full name and address. A lone family name is everybody's."""
    return [word for word in (user.get_full_name(), user.email) if len(word) > 1]


PROCESSING_RECORDS = (AuditTrail(), BeforeImages())
