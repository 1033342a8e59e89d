"""Everything that happens to an application, in order; both sides read it, internal notes only the offices."""

from django.conf import settings
from django.db import models

from .applications import Application


class Side(models.TextChoices):
    ENTERPRISE = "enterprise", "企业"
    OFFICE = "office", "办理单位"
    SYSTEM = "system", "系统"


class ActKind(models.TextChoices):
    SUBMITTED = "submitted", "提交"
    RETURNED = "returned", "退回补正"
    ITEMS_DECIDED = "items_decided", "逐项审核"
    APPROVED = "approved", "通过"
    REJECTED = "rejected", "不予通过"
    WITHDRAWN = "withdrawn", "撤回"
    PASSED = "passed", "转办"
    OPINION = "opinion", "地区意见"
    MESSAGE = "message", "留言"
    NOTE = "note", "内部备注"
    ASSIGNED = "assigned", "分派"
    SUPPORT_ON = "support_on", "请支持机构协助"
    SUPPORT_OFF = "support_off", "不再请支持机构协助"
    DISPUTED = "disputed", "列为争议"
    RECHECKED = "rechecked", "复核"
    REMINDED = "reminded", "提醒"


class Act(models.Model):
    """One act. `reasons`: list of {"field", "code", "text", "item"}; `office` as in the application at that moment."""

    Kind = ActKind

    application = models.ForeignKey(Application, models.PROTECT, related_name="acts", verbose_name="申报件")
    kind = models.CharField("事项", max_length=13, choices=ActKind)
    side = models.CharField("哪一方", max_length=10, choices=Side)
    text = models.TextField("内容", blank=True)
    reasons = models.JSONField("原因", default=list)
    is_internal = models.BooleanField("仅办理单位可见", default=False)
    office = models.CharField("办理地区", max_length=6, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="经办人"
    )
    at = models.DateTimeField("时间", auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = "办理经过"
        verbose_name_plural = "办理经过"
        ordering = ["id"]

    def __str__(self):
        return f"{self.application_id} {self.get_kind_display()}"
