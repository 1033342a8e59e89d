"""What somebody had typed when the session ended: kept for that account alone until it has signed in again."""

from django.conf import settings
from django.db import models

from .applications import Application


class UnsavedForm(models.Model):
    """One form of a case, as it was sent without a session. Newer ones replace it; it goes once it was saved.

    `path` is the page that the form stood on, `fields` what it would show again, `revision` the one of the draft that it
    was opened on.
    """

    PERSONAL = ("fields",)

    path = models.CharField("页面", max_length=120, default="")
    application = models.ForeignKey(Application, models.CASCADE, related_name="+", verbose_name="申报件")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="账号")
    fields = models.JSONField("填写内容", default=dict)
    revision = models.PositiveIntegerField("修订")
    at = models.DateTimeField("时间", auto_now=True)

    class Meta:
        db_table = (
            "desk_parkedform"  # the name that it had first; a table does not change its name for a word
        )
        verbose_name = "未保存的填写"
        verbose_name_plural = "未保存的填写"
        constraints = [
            models.UniqueConstraint(fields=["application", "user", "path"], name="parked_form_once"),
        ]

    def __str__(self):
        return f"未保存的填写 {self.pk}"
