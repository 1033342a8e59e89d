"""Who did what, and what a working row held before: both only ever added to."""

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class AppendOnlyError(TypeError):
    """Somebody tried to change or delete a row that may only be added."""


class AppendOnlyQuerySet(models.QuerySet[Any, Any]):
    def update(self, **kwargs):
        raise AppendOnlyError(f"{self.model.__name__} rows are never updated.")

    def delete(self):
        raise AppendOnlyError(f"{self.model.__name__} rows are never deleted.")


class AppendOnly(models.Model):
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise AppendOnlyError(f"{type(self).__name__} rows are never updated.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise AppendOnlyError(f"{type(self).__name__} rows are never deleted.")


class AuditEvent(AppendOnly):
    """One act. No foreign keys: it outlives the account and the object that it names."""

    at = models.DateTimeField("时间", auto_now_add=True, db_index=True)
    actor_id = models.BigIntegerField("账号编号", null=True)
    actor_name = models.CharField("操作人", max_length=150, blank=True)
    step = models.CharField("操作", max_length=60, db_index=True)
    target = models.CharField("对象类型", max_length=60, blank=True)
    target_id = models.CharField("对象编号", max_length=64, blank=True)
    target_name = models.CharField("对象", max_length=200, blank=True)
    reason = models.TextField("理由", blank=True)
    details = models.JSONField("详情", default=dict, encoder=DjangoJSONEncoder)
    is_success = models.BooleanField("成功", default=True)

    class Meta:
        verbose_name = "审计记录"
        verbose_name_plural = "审计记录"
        ordering = ["-id"]
        indexes = [models.Index(fields=["target", "target_id"], name="audit_target")]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name} {self.step} {self.target_name}"


class Change(models.Model):
    """The before-image of one working row: the old values of the fields that really changed.

    `before` never changes but by a lawful redaction, which names the fields in `redacted`; `personal` holds the personal
    fields apart, so that they can be erased.
    """

    at = models.DateTimeField("时间", auto_now_add=True)
    actor_id = models.BigIntegerField("账号编号", null=True)
    actor_name = models.CharField("操作人", max_length=150, blank=True)
    target = models.CharField("对象类型", max_length=60)
    target_id = models.CharField("对象编号", max_length=64)
    source = models.CharField("来源", max_length=60, blank=True, db_index=True)
    is_created = models.BooleanField("新建", default=False)
    before = models.JSONField("原值", default=dict, encoder=DjangoJSONEncoder)
    personal = models.JSONField("个人信息原值", null=True, encoder=DjangoJSONEncoder)
    redacted = models.JSONField("已隐去的字段", default=list)

    class Meta:
        verbose_name = "改动记录"
        verbose_name_plural = "改动记录"
        ordering = ["-id"]
        indexes = [models.Index(fields=["target", "target_id"], name="change_target")]

    def __str__(self):
        return f"{self.target} {self.target_id}"
