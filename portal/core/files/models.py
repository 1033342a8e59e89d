"""Stored files: named by what is in them, never overwritten."""

from django.conf import settings
from django.db import models


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def kept(self) -> "StoredFileQuerySet":
        """Rows whose bytes were not erased on purpose."""
        return self.filter(erased_at__isnull=True)

    def of(self, sha256: str, root: str) -> "StoredFile | None":
        """The row of a content: the oldest that is kept, else the oldest that was erased."""
        rows = self.filter(sha256=sha256, root=root)
        return rows.order_by(models.F("erased_at").asc(nulls_first=True), "pk").first()


class StoredFile(models.Model):
    """One content in one of two roots: `public` (cleaned copies, anyone may fetch) or `private` (served after a check)."""

    class Root(models.TextChoices):
        PUBLIC = "public", "公开"
        PRIVATE = "private", "内部"

    sha256 = models.CharField("SHA-256", max_length=64)
    root = models.CharField("存放处", max_length=7, choices=Root, default=Root.PRIVATE)
    size = models.PositiveBigIntegerField("字节数")
    media_type = models.CharField("类型", max_length=100)
    name = models.CharField("文件名", max_length=255)
    created_at = models.DateTimeField("存入时间", auto_now_add=True)
    opens_on = models.DateField(
        "公开之日", null=True, editable=False
    )  # empty: as soon as it stands in the public root
    erased_at = models.DateTimeField("清除时间", null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="存入人"
    )

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = "文件"
        verbose_name_plural = "文件"

    def __str__(self):
        return self.name
