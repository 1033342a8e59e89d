"""What this room keeps itself: that somebody consented, and that somebody asked to be forgotten."""

from typing import Any

from portal.core.accounts.models import User
from portal.core.processing import DUTY, Outcome, ProcessingRecord

from .models import Consent, ErasureRequest


class Consents(ProcessingRecord):
    code = "privacy.consents"
    label = "同意记录"
    of_whom = "登录办事的人"
    what = "同意或撤回了什么，文本版本和时间；不记网络地址"
    purpose = "证明处理的依据"
    basis = DUTY
    seen_by = "本人；审计员"
    keep = "账号存续期间；注销后只剩编号"
    model, columns, owner, order = Consent, "user", "user", ("id",)
    elsewhere = ("privacy.ErasureRequest.user",)
    shown = {
        "用途": "get_purpose_display",
        "所涉对象": "about_words",
        "同意": "is_given",
        "文本版本": "text_version",
        "时间": "at",
    }
    outcome = Outcome.PSEUDONYMISED
    stays = "当时的处理有没有取得同意，要能证明。"

    def export(self, user: User) -> list[dict[str, Any]]:
        asked = ErasureRequest.objects.filter(user=user).order_by("id")
        return super().export(user) + [{"申请清除": row.asked_at, "撤回": row.taken_back_at} for row in asked]


PROCESSING_RECORDS = (Consents(),)
