"""Every submission of an application, as it was handed in."""

from django.conf import settings
from django.db import models

from .applications import Application


class Submission(models.Model):
    """One handing-in; kept for ever. Only `personal` and the names of files can be erased.

    `items`: list of {"id", "name", "models_text", "brand", "category", "product"};
    `documents`: list of {"id", "purpose", "sha256", "name", "pages"}. `digest` is the SHA-256 of the canonical JSON of
    ordinal, values, items and documents without the names of files: what a decision was taken on.
    """

    NAMES_FILES = ("documents",)

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="submissions", verbose_name="申报件"
    )
    ordinal = models.PositiveSmallIntegerField("第几次提交")
    at = models.DateTimeField("提交时间", auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提交人")
    values = models.JSONField("填写内容")
    personal = models.JSONField("个人信息", null=True)
    items = models.JSONField("产品")
    documents = models.JSONField("材料")
    digest = models.CharField("摘要", max_length=64)

    class Meta:
        verbose_name = "提交记录"
        verbose_name_plural = "提交记录"
        ordering = ["ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["application", "ordinal"], name="submission_ordinal_once")
        ]

    def __str__(self):
        return f"{self.application_id} 第 {self.ordinal} 次提交"
