"""What signing in needs of a person beside the account: verified addresses, second factors, codes of activation."""

import datetime
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from django.db.models import QuerySet
from django.utils import timezone

from portal.core.holdings import CONTRACT, Holding

from .models import ActivationCode

CODE_DAYS = UNUSED_DAYS = 30


class Addresses(Holding):
    code = "entrance.addresses"
    label = "登录邮箱"
    of_whom = "有账号的人"
    what = "邮箱、是否验证过"
    purpose = "登录、找回密码"
    basis = CONTRACT
    seen_by = "本人"
    keep = f"账号存续期间；注册后从未验证和登录的，{UNUSED_DAYS} 天后连同账号删除"
    fields = ("account.EmailAddress.email",)

    def rows_of(self, user: Any) -> QuerySet[Any]:
        return EmailAddress.objects.filter(user=user)

    def described(self, row: Any) -> dict[str, Any]:
        return {"邮箱": row.email, "已验证": row.verified}

    def erase(self, user: Any, pseudonym: str) -> int:
        EmailConfirmation.objects.filter(email_address__user=user).delete()
        return self.rows_of(user).delete()[0]

    def due(self, today: datetime.date) -> QuerySet[Any]:
        """Of those who signed up and never came in: somebody else may have typed the address."""
        until = timezone.now() - datetime.timedelta(days=UNUSED_DAYS)
        unused = EmailAddress.objects.filter(verified=False, user__last_login=None, user__is_staff=False)
        return unused.filter(user__date_joined__lt=until).order_by("user__date_joined")

    def expire(self, row: Any) -> None:
        row.user.delete()

    def since(self, row: Any) -> datetime.date:
        return timezone.localtime(row.user.date_joined).date()


class SecondFactors(Holding):
    code = "entrance.second_factors"
    label = "第二因素"
    of_whom = "设置了第二因素的人"
    what = "动态口令的密钥、通行密钥的公钥和名称、恢复码的散列"
    purpose = "防止他人用密码冒用账号"
    basis = CONTRACT
    seen_by = "无人查看"
    keep = "账号存续期间，本人可以移除"
    fields = ("mfa.Authenticator.data",)

    def rows_of(self, user: Any) -> QuerySet[Any]:
        return Authenticator.objects.filter(user=user)

    def described(self, row: Any) -> dict[str, Any]:
        return {"种类": str(row), "建立": row.created_at, "最近使用": row.last_used_at}

    def erase(self, user: Any, pseudonym: str) -> int:
        return self.rows_of(user).delete()[0]


class ActivationCodes(Holding):
    code = "entrance.activation_codes"
    label = "激活码"
    of_whom = "收不到邮件而注册的人"
    what = "一次性激活码的散列、发放人、何时使用"
    purpose = "没有邮件服务时核实本人"
    basis = CONTRACT
    seen_by = "发放的工作人员"
    keep = f"到期后 {CODE_DAYS} 天"
    fields = ("entrance.ActivationCode.code_hash",)

    def rows_of(self, user: Any) -> QuerySet[Any]:
        return ActivationCode.objects.filter(user=user)

    def described(self, row: Any) -> dict[str, Any]:
        return {"发放": row.issued_at, "使用": row.used_at}

    def erase(self, user: Any, pseudonym: str) -> int:
        return self.rows_of(user).delete()[0]

    def due(self, today: datetime.date) -> QuerySet[Any]:
        until = timezone.now() - datetime.timedelta(days=CODE_DAYS)
        return ActivationCode.objects.filter(expires_at__lt=until).order_by("expires_at")

    def expire(self, row: Any) -> None:
        row.delete()

    def since(self, row: Any) -> datetime.date:
        return timezone.localtime(row.expires_at).date()


HOLDINGS = (Addresses(), SecondFactors(), ActivationCodes())
