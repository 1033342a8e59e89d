"""Delivery of letters: what did not arrive, and why. Neither texts nor whole addresses are shown to staff."""

from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest

from portal.core.accounts.capability_admin import Group, Place, ReadOnlyAdmin, Waiting

from .models import Message
from .sending import ONLY_IN_THE_LETTER, send_again

FAILED = Message.State.FAILED


@admin.action(description="再发一次")
def send_failed_again(page: Any, request: HttpRequest, chosen: models.QuerySet) -> None:
    """Only failed ones, and none whose secret went with the failure: the person asks for a new link."""
    again = [one for one in chosen.filter(state=FAILED) if ONLY_IN_THE_LETTER not in one.text]
    for message in again:
        send_again(message)
        page.admin_site.journal(request, "message.sent_again", message)
    left = chosen.count() - len(again)
    messages.success(request, f"已重新安排 {len(again)} 封。")
    if left:
        messages.warning(
            request, f"{left} 封没有安排：只有发送失败、且不含一次性链接的能再发；链接请本人重新申请。"
        )


send_failed_again.capability = "accounts.manage"  # type: ignore[attr-defined]


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    read = "accounts.read"
    menu_place = Place(Group.OTHER, "邮件", 71)
    list_display = ("created_at", "subject", "to", "state", "tries", "failure")
    list_display_links = None
    list_filter = ("state",)
    list_select_related = ("recipient",)
    search_fields = ("subject", "failure")
    search_help_text = "标题或说明"
    actions = (send_failed_again,)  # type: ignore[assignment]

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """The list alone: what stands in a message is for its recipient."""
        return obj is None and super().has_view_permission(request)

    @admin.display(description="收件人")
    def to(self, message: Message) -> str:
        return message.masked_address or "（账号没有邮箱）"

    def waiting(self, request: HttpRequest) -> list[Waiting]:
        count = Message.objects.filter(state=FAILED).count()
        if not count:
            return []
        return [Waiting("revoked", "发送失败的邮件", count, f"/admin/mail/message/?state__exact={FAILED}")]
