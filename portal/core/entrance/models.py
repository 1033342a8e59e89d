"""One-time codes by which staff let a signed-up person in where no letter can be sent."""

from django.conf import settings
from django.db import models
from django.utils import timezone

WRONG_TRIES = 5


class ActivationCodeQuerySet(models.QuerySet["ActivationCode"]):
    def usable(self, on=None) -> "ActivationCodeQuerySet":
        return self.filter(used_at=None, expires_at__gt=on or timezone.now(), wrong_tries__lt=WRONG_TRIES)


class ActivationCode(models.Model):
    """The code itself is shown once to whoever issued it and kept as a hash. A newer one takes the place of an older."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="activation_code", verbose_name="账号"
    )
    code_hash = models.CharField(max_length=128, editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="发放人"
    )
    issued_at = models.DateTimeField("发放时间", default=timezone.now)
    expires_at = models.DateTimeField("有效期至")
    used_at = models.DateTimeField("使用时间", null=True, blank=True)
    wrong_tries = models.PositiveSmallIntegerField("输错次数", default=0)

    objects = ActivationCodeQuerySet.as_manager()

    class Meta:
        verbose_name = "激活码"
        verbose_name_plural = "激活码"

    def __str__(self):
        return f"{self.user} 的激活码"
