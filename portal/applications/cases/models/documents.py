"""The papers of an application: private files, opened only by who may see the case."""

from django.conf import settings
from django.db import models

from .applications import Application


class Purpose(models.TextChoices):
    LICENCE = "licence", "营业执照"
    AUTHORISATION = "authorisation", "授权书"
    CERTIFICATE = "certificate", "证书扫描件"
    RENAME = "rename", "更名证明"
    LETTER = "letter", "盖章的承诺书"
    OTHER = "other", "其他材料"


class DocumentQuerySet(models.QuerySet):
    def standing(self) -> "DocumentQuerySet":
        return self.filter(removed_at__isnull=True)


class Document(models.Model):
    """One file that was handed in. A removed one stays while a submission names it."""

    Purpose = Purpose

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="documents", verbose_name="申报件"
    )
    purpose = models.CharField("用途", max_length=13, choices=Purpose)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+", verbose_name="文件")
    pages = models.PositiveSmallIntegerField("页数", default=1)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人"
    )
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)
    removed_at = models.DateTimeField("移除时间", null=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "材料"
        verbose_name_plural = "材料"
        ordering = ["id"]

    def __str__(self):
        return f"{self.get_purpose_display()} {self.pk}"

    @property
    def audit_name(self) -> str:
        return f"材料 {self.pk}"
