"""Messages to persons: each is kept here for the person to read (站内消息), and sent by mail where that is possible."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from portal.core.text.masking import mask_email


class MessageQuerySet(models.QuerySet["Message"]):
    def owned_by(self, user) -> "MessageQuerySet":
        return self.filter(recipient=user)

    def unread(self) -> "MessageQuerySet":
        return self.filter(read_at=None)


class Message(models.Model):
    """One message. `text` is what may be read for ever; what a letter says beside it for a short time (a link that
    resets a password) is sealed in `sealed` until the letter has left, and then gone.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "待发送"
        SENT = "sent", "已发送"
        KEPT = "kept", "只存为站内消息"
        FAILED = "failed", "发送失败"

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="messages",
        verbose_name="收件账号",
    )
    address = models.EmailField("邮箱", max_length=254, blank=True)
    subject = models.CharField("标题", max_length=200)
    text = models.TextField("内容")
    sealed = models.TextField("待发送的密封内容", blank=True, editable=False)
    link = models.CharField("相关页面", max_length=500, blank=True)
    created_at = models.DateTimeField("时间", default=timezone.now, db_index=True)
    state = models.CharField("发送状态", max_length=8, choices=State.choices, default=State.WAITING)
    failure = models.CharField("说明", max_length=300, blank=True)
    tries = models.PositiveSmallIntegerField("已试次数", default=0)
    sent_at = models.DateTimeField("发送时间", null=True, blank=True)
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "站内消息"
        verbose_name_plural = "站内消息"
        ordering = ["-id"]
        indexes = [models.Index(fields=["recipient", "read_at"], name="message_unread")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(recipient__isnull=False) | ~models.Q(address=""),
                name="message_is_to_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(state="sent", sent_at__isnull=False)
                | (~models.Q(state="sent") & models.Q(sent_at__isnull=True)),
                name="message_sent_at_when_sent",
            ),
        ]

    def __str__(self):
        return f"{self.created_at:%Y-%m-%d} {self.subject}"

    @property
    def masked_address(self) -> str:
        return mask_email(self.address) if self.address else ""

    @property
    def audit_name(self) -> str:
        """Neither subject nor address: the audit trail is never redacted."""
        return f"站内消息 {self.pk}"
