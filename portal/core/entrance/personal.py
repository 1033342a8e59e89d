"""What signing in needs of a person beside the account: verified addresses, second factors, codes of activation."""

from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from django.db.models import Q

from portal.core.accounts.models import User
from portal.core.processing import CONTRACT, DELETE, ProcessingRecord

from .models import ActivationCode

CODE_DAYS = UNUSED_DAYS = 30


class Addresses(ProcessingRecord):
    code = "entrance.addresses"
    label = "登录邮箱"
    of_whom = "有账号的人"
    what = "邮箱、是否验证过"
    purpose = "登录、找回密码"
    basis = CONTRACT
    seen_by = "本人"
    keep = f"账号存续期间；注册后从未验证和登录的，{UNUSED_DAYS} 天后连同账号删除"
    model, columns, owner = EmailAddress, "email", "user"
    shown = {"邮箱": "email", "已验证": "verified"}
    # Of those who signed up and never came in: somebody else may have typed the address.
    counted_from, days = "user__date_joined", UNUSED_DAYS
    due_if = Q(verified=False, user__last_login=None, user__is_staff=False)

    def erase(self, user: User, pseudonym: str) -> int:
        EmailConfirmation.objects.filter(email_address__user=user).delete()
        return EmailAddress.objects.filter(user=user).delete()[0]

    def expire(self, row: Any) -> None:
        row.user.delete()


class SecondFactors(ProcessingRecord):
    code = "entrance.second_factors"
    label = "第二因素"
    of_whom = "设置了第二因素的人"
    what = "动态口令的密钥、通行密钥的公钥和名称、恢复码的散列"
    purpose = "防止他人用密码冒用账号"
    basis = CONTRACT
    seen_by = "无人查看"
    keep = "账号存续期间，本人可以移除"
    model, columns, owner = Authenticator, "data", "user"
    shown = {"种类": "__str__", "建立": "created_at", "最近使用": "last_used_at"}
    erases = DELETE


class ActivationCodes(ProcessingRecord):
    code = "entrance.activation_codes"
    label = "激活码"
    of_whom = "收不到邮件而注册的人"
    what = "一次性激活码的散列、发放人、何时使用"
    purpose = "没有邮件服务时核实本人"
    basis = CONTRACT
    seen_by = "发放的工作人员"
    keep = f"到期后 {CODE_DAYS} 天"
    model, columns, owner = ActivationCode, "code_hash", "user"
    shown = {"发放": "issued_at", "使用": "used_at"}
    erases = DELETE
    counted_from, days = "expires_at", CODE_DAYS


PROCESSING_RECORDS = (Addresses(), SecondFactors(), ActivationCodes())
