"""Messages to persons, and the addresses they went to."""

import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from portal.core.accounts.models import User
from portal.core.accounts.personal import proven_addresses
from portal.core.processing import CONTRACT, DELETE, ProcessingRecord, days_ago

from .models import Message

OF_NOBODY = 30  # days: a letter to an address without account is read by no one here


class Messages(ProcessingRecord):
    code = "mail.messages"
    label = "站内消息和邮件"
    of_whom = "收到通知的人"
    what = "邮箱、标题、内容、是否送达"
    purpose = "通知办理进展，没有收到时能查"
    basis = CONTRACT
    seen_by = "本人；管理员只看到遮盖的邮箱、标题和送达情况"
    keep = f"{settings.MESSAGE_KEEP_DAYS} 天；发往没有账号的邮箱的，{OF_NOBODY} 天"
    model, columns = Message, "recipient address subject text link sealed failure"
    shown = {
        "时间": "created_at",
        "邮箱": "address",
        "标题": "subject",
        "内容": "text",
        "状态": "get_state_display",
    }
    erases = DELETE
    counted_from = "created_at"

    def rows_of(self, user: User) -> QuerySet[Any]:
        """Theirs, and those that went to an address of theirs before there was an account."""
        own = Q(recipient=user) | Q(recipient=None, address__in=proven_addresses(user))
        return Message.objects.filter(own).order_by("id")

    def due(self, today: datetime.date) -> QuerySet[Any]:
        of_accounts = Q(created_at__lt=days_ago("MESSAGE_KEEP_DAYS"))
        of_nobody = Q(recipient=None, created_at__lt=days_ago(OF_NOBODY))
        return Message.objects.filter(of_accounts | of_nobody).order_by("created_at")


PROCESSING_RECORDS = (Messages(),)
