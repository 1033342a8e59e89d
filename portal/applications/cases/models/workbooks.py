"""Workbooks of products that an enterprise hands in for a case, and what their check found."""

from django.conf import settings
from django.db import models

from .applications import Application


class Workbook(models.Model):
    """One upload. `sound`: list of {"name", "models_text", "brand", "category"}; `faults`: list of
    {"cell", "value", "message"}, the first ones. The annotated copy is made anew from the file when it is asked for.
    """

    application = models.ForeignKey(
        Application, models.CASCADE, related_name="workbooks", verbose_name="申报件"
    )
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+", verbose_name="文件")
    rows = models.PositiveIntegerField("行数", default=0)
    faulty_rows = models.PositiveIntegerField("有误的行数", default=0)
    sound = models.JSONField("无误的行", default=list)
    faults = models.JSONField("问题", default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    at = models.DateTimeField("上传时间", auto_now_add=True)
    taken_at = models.DateTimeField("采用时间", null=True)

    class Meta:
        verbose_name = "产品工作簿"
        verbose_name_plural = "产品工作簿"
        ordering = ["-id"]

    def __str__(self):
        return f"产品工作簿 {self.pk}"
