"""Messages to persons, and the addresses they went to."""

import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from portal.core.accounts.personal import proven_addresses
from portal.core.holdings import CONTRACT, Holding

from .models import Message

OF_NOBODY = datetime.timedelta(days=30)  # a letter to an address without account is read by no one here


class Messages(Holding):
    code = "mail.messages"
    label = "站内消息和邮件"
    of_whom = "收到通知的人"
    what = "邮箱、标题、内容、是否送达"
    purpose = "通知办理进展，没有收到时能查"
    basis = CONTRACT
    seen_by = "本人；管理员只看到遮盖的邮箱、标题和送达情况"
    keep = f"{settings.MESSAGE_KEEP_DAYS} 天；发往没有账号的邮箱的，{OF_NOBODY.days} 天"
    fields = (
        "mail.Message.recipient",
        "mail.Message.address",
        "mail.Message.subject",
        "mail.Message.text",
        "mail.Message.link",
        "mail.Message.sealed",
        "mail.Message.failure",
    )

    def rows_of(self, user: Any) -> QuerySet[Any]:
        """Theirs, and those that went to an address of theirs before there was an account."""
        own = Q(recipient=user) | Q(recipient=None, address__in=proven_addresses(user))
        return Message.objects.filter(own).order_by("id")

    def described(self, row: Any) -> dict[str, Any]:
        return {
            "时间": row.created_at,
            "邮箱": row.address,
            "标题": row.subject,
            "内容": row.text,
            "状态": row.get_state_display(),
        }

    def erase(self, user: Any, pseudonym: str) -> int:
        return self.rows_of(user).delete()[0]

    def due(self, today: datetime.date) -> QuerySet[Any]:
        now = timezone.now()
        of_accounts = Q(created_at__lt=now - datetime.timedelta(days=settings.MESSAGE_KEEP_DAYS))
        of_nobody = Q(recipient=None, created_at__lt=now - OF_NOBODY)
        return Message.objects.filter(of_accounts | of_nobody).order_by("created_at")

    def expire(self, row: Any) -> None:
        row.delete()

    def since(self, row: Any) -> datetime.date:
        return timezone.localtime(row.created_at).date()


HOLDINGS = (Messages(),)
