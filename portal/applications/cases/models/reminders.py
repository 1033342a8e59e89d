"""What was reminded of, and who follows the dates of an enterprise in a calendar."""

from django.conf import settings
from django.db import models

from catalog.enterprises.models import Enterprise


class SentReminder(models.Model):
    """One reminder to one account: the key makes it go out once, however often and from wherever the command runs."""

    key = models.CharField(max_length=120, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="账号")
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "已发提醒"
        verbose_name_plural = "已发提醒"

    def __str__(self):
        return self.key


class CalendarLink(models.Model):
    """A secret address under which a calendar reads the dates of one enterprise; only its hash is kept.

    It shows nothing once it is revoked, or once the account is no longer a member.
    """

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="+", verbose_name="企业")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="账号")
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField("建立时间", auto_now_add=True)
    revoked_at = models.DateTimeField("停用时间", null=True)

    class Meta:
        verbose_name = "日历地址"
        verbose_name_plural = "日历地址"
        ordering = ["-id"]

    def __str__(self):
        return f"日历地址 {self.pk}"
