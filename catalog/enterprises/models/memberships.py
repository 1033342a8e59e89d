"""Which accounts act for an enterprise, and what each of them may do for it."""

from django.conf import settings
from django.db import models

from .enterprises import Enterprise


class MembershipQuerySet(models.QuerySet):
    def active(self) -> "MembershipQuerySet":
        return self.filter(ended_at__isnull=True)

    def of(self, user) -> "MembershipQuerySet":
        """Active memberships of an account."""
        return self.active().filter(user=user)


class Membership(models.Model):
    """One account acts for one enterprise from a moment to another; ended rows stay, so that acts stay explained."""

    class Role(models.TextChoices):
        OWNER = "owner", "管理人"
        EDITOR = "editor", "经办人"
        READER = "reader", "查看人"

    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="memberships", verbose_name="企业"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships", verbose_name="账号"
    )
    role = models.CharField("身份", max_length=6, choices=Role)
    since = models.DateTimeField("开始时间", auto_now_add=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="授予人"
    )
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "企业成员"
        verbose_name_plural = "企业成员"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "user"],
                condition=models.Q(ended_at__isnull=True),
                name="membership_once",
                violation_error_message="这个账号已是该企业的成员。",
            )
        ]

    def __str__(self):
        return f"{self.enterprise_id} {self.get_role_display()}"

    @property
    def audit_name(self) -> str:
        return f"企业成员 {self.pk}"

    @property
    def may_edit(self) -> bool:
        return self.role in (self.Role.OWNER, self.Role.EDITOR)
