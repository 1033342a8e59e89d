"""What allauth asks of the house about second factors."""

import re

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.utils.safestring import SafeString, mark_safe

from portal.core.accounts.models import User
from portal.core.accounts.sealing import seal, unsealed
from portal.core.accounts.second_factor import KINDS

SITE = "绿色建材下乡"


class FactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "验证码不对，或已经用过。请等应用里换成下一个再试。",
        "cannot_delete_authenticator": "工作人员账号必须保留一种第二因素。请先添加另一种，再停用这一种。",
        "unverified_email": "请先验证邮箱。",
    }

    def get_totp_label(self, user: User) -> str:
        return user.email or user.username

    def build_totp_svg(self, url: str) -> SafeString:
        """Without the XML declaration, so that it can stand in the page itself."""
        drawn = re.sub(r"<\?xml[^>]*\?>\s*", "", super().build_totp_svg(url))
        return mark_safe(drawn.replace("<svg ", '<svg role="img" aria-label="二维码：用验证器应用扫描" ', 1))  # noqa: S308 - drawn by qrcode

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unsealed(encrypted_text) or ""

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Staff change a second factor by adding the new one first."""
        if not authenticator.user.is_staff:
            return True
        others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=KINDS)
        return others.exclude(pk=authenticator.pk).exists()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return f"通行密钥 {number}"

    def _get_site_name(self) -> str:
        return SITE
