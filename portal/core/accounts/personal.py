"""What is kept of those who have an account."""

from typing import Any

from django.apps import apps
from django.contrib.sessions.models import Session
from django.utils import timezone

from portal.core.processing import CONTRACT, DUTY, Outcome, ProcessingRecord

from .models import Grant, KeptView, User


def proven_addresses(user: User) -> list[str]:
    """E-mail addresses that this person was proved to read; only by these may rows without an account be found.

    Accounts of staff are made by an administrator who knows the person; everybody else has verified the address.
    """
    if apps.is_installed("allauth.account"):
        addresses = apps.get_model("account", "EmailAddress")._default_manager
        proven = list(addresses.filter(user=user, verified=True).values_list("email", flat=True))
    else:
        proven = []
    if user.is_staff and user.email:
        proven.append(user.email)
    return sorted({address.lower() for address in proven})


def end_sessions(user: User) -> int:
    """Sign the person out everywhere, now."""
    ended = 0
    for session in Session.objects.filter(expire_date__gte=timezone.now()).iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
            ended += 1
    return ended


class Sessions(ProcessingRecord):
    code = "accounts.sessions"
    label = "登录状态"
    of_whom = "登录的人"
    what = "是哪个账号、何时到期；不含密码"
    purpose = "保持登录"
    basis = CONTRACT
    seen_by = "无人查看"
    keep = "退出或闲置 30 分钟即失效；失效的由清理命令删除"
    model, columns = Session, "session_data"
    counted_from = "expire_date"

    def erase(self, user: User, pseudonym: str) -> int:
        return end_sessions(user)


class Accounts(ProcessingRecord):
    code = "accounts.account"
    label = "账号"
    of_whom = "工作人员、企业经办人"
    what = "账号名、姓名、邮箱、人员编号、公开代号、所属认证机构、密码的散列、登录和建立时间"
    purpose = "登录、按人授权、四眼原则、寄送办理通知"
    basis = CONTRACT
    seen_by = "本人；管理员和审计员（邮箱遮盖，查看留痕）"
    keep = "账号存续期间；注销后去标识"
    model, owner = User, "pk"
    columns = "username last_name first_name email person public_number certification_body last_login date_joined password"
    outcome = Outcome.PSEUDONYMISED
    stays = (
        "账号的编号和公开代号留下，批次、申报和审计记录靠它们分清是不是同一人办理；它们不再指向姓名、邮箱。"
    )

    def described(self, row: User) -> dict[str, Any]:
        told = super().described(row)
        told.pop(str(User._meta.get_field("password").verbose_name))  # a hash helps nobody but a thief
        return told | {"角色": [str(grant) for grant in row.grants.all()]}

    def erase(self, user: User, pseudonym: str) -> int:
        user.username = pseudonym
        user.first_name = user.last_name = user.email = user.person = user.certification_body = ""
        user.is_active = user.is_staff = user.is_superuser = False
        user.last_login = None
        user.sign_out_round += 1
        user.set_unusable_password()
        user.save()
        Grant.objects.filter(user=user).delete()
        return 1


class KeptViews(ProcessingRecord):
    code = "accounts.kept_views"
    label = "我的视图"
    of_whom = "工作人员"
    what = "在工作台的列表里留下的筛选和给它起的名称"
    purpose = "下次直接打开常用的筛选"
    basis = DUTY
    seen_by = "本人"
    keep = "本人删去为止；账号去标识时删除"
    model, columns, owner = KeptView, "page label query", "user"

    def erase(self, user: User, pseudonym: str) -> int:
        return KeptView.objects.filter(user=user).delete()[0]


class FailedSignIns(ProcessingRecord):
    code = "accounts.sign_ins"
    label = "登录记录"
    of_whom = "登录的人"
    what = "何时、从哪个网络地址登录，成功与否"
    purpose = "发现冒用；连续失败时锁定"
    basis = DUTY
    seen_by = "审计员"
    keep = "与审计记录相同，不少于 180 天"
    outcome = Outcome.KEPT
    stays = "《网络安全法》要求网络日志留存不少于六个月。"


PROCESSING_RECORDS = (Accounts(), KeptViews(), Sessions(), FailedSignIns())
