"""Consents, and requests to be forgotten."""

from django.conf import settings
from django.db import models

from portal.core.audit.models import AppendOnly
from portal.core.editions.protection_rule import Protection

from .texts import PURPOSES

ABOUT_WORDS = {"enterprise": "企业", "case": "申报件"}


class Consent(AppendOnly):
    """One consent given or withdrawn; the newest of a purpose counts. Rows are only added; no address is kept."""

    PROTECTION = Protection("privacy_consent")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="consents", verbose_name="账号"
    )
    purpose = models.CharField(
        "用途", max_length=30, choices=[(code, purpose.label) for code, purpose in PURPOSES.items()]
    )
    about = models.CharField("所涉对象", max_length=64, blank=True)
    text_version = models.PositiveSmallIntegerField("文本版本")
    text_digest = models.CharField("文本摘要", max_length=64)
    is_given = models.BooleanField("同意")
    by_id = models.BigIntegerField("经办账号", null=True)
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "同意记录"
        verbose_name_plural = "同意记录"
        ordering = ["-id"]
        indexes = [models.Index(fields=["user", "purpose", "about"], name="consent_newest")]

    def __str__(self):
        return f"{self.get_purpose_display()}：{'同意' if self.is_given else '撤回'}"

    @property
    def audit_name(self) -> str:
        return f"同意记录 {self.pk}"

    @property
    def about_words(self) -> str:
        """「企业 9135…」 of `enterprise:9135…`."""
        kind, _, which = self.about.partition(":")
        return f"{ABOUT_WORDS.get(kind, kind)} {which}".strip()


class ErasureRequest(models.Model):
    """Somebody asked to be forgotten. Carried out by staff; the person may take it back until then."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="erasure_requests", verbose_name="账号"
    )
    asked_at = models.DateTimeField("申请时间", auto_now_add=True)
    taken_back_at = models.DateTimeField("撤回时间", null=True, editable=False)
    done_at = models.DateTimeField("办理时间", null=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="办理人",
    )
    basis = models.CharField("依据", max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = "个人信息清除申请"
        verbose_name_plural = "个人信息清除申请"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(taken_back_at__isnull=True, done_at__isnull=True),
                name="erasure_request_once",
                violation_error_message="已经有一份申请在办理。",
            ),
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True, done_by__isnull=True)
                | models.Q(done_at__isnull=False, done_by__isnull=False, taken_back_at__isnull=True),
                name="erasure_request_done_whole",
            ),
        ]

    def __str__(self):
        return f"清除申请 {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.taken_back_at is None and self.done_at is None
