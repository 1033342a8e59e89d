"""Invitations to act for an enterprise: one address, one role, one use."""

from django.conf import settings
from django.db import models

from catalog.enterprises.models import Enterprise, Membership


class Invitation(models.Model):
    """Only the hash of the token is kept. Whoever accepts must be signed in with the invited address."""

    PERSONAL = ("email",)

    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="invitations", verbose_name="企业"
    )
    email = models.EmailField("邮箱", max_length=254)
    role = models.CharField("身份", max_length=6, choices=Membership.Role)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="邀请人"
    )
    invited_at = models.DateTimeField("邀请时间", auto_now_add=True)
    expires_at = models.DateTimeField("有效至")
    accepted_at = models.DateTimeField("接受时间", null=True)
    cancelled_at = models.DateTimeField("取消时间", null=True)

    class Meta:
        verbose_name = "邀请"
        verbose_name_plural = "邀请"
        ordering = ["-id"]

    def __str__(self):
        return f"邀请 {self.pk}"

    @property
    def audit_name(self) -> str:
        return str(self)
