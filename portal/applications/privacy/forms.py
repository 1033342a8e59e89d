"""Forms about one's own data: each asks for the password again."""

from typing import Any

from django import forms

from portal.core.accounts.models import User
from portal.core.proof.limits import HOUR, Limit

WRONG_PASSWORDS = Limit("own-data-password", 5, HOUR)


class PasswordAgain(forms.Form):
    """A session left open on a shared computer must not be enough to take everything along."""

    password = forms.CharField(
        label="当前密码",
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "class": "input"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        who = str(self.user.pk)
        if not self.user.has_usable_password():
            raise forms.ValidationError("您的账号还没有密码，请先设一个密码。")
        if not WRONG_PASSWORDS.take(who):
            raise forms.ValidationError(f"密码错得太多了，请 {WRONG_PASSWORDS.wait()}后再试。")
        password = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError("密码不对。密码区分大小写。")
        WRONG_PASSWORDS.give_back(who)
        return password


class BasisForm(forms.Form):
    """What staff writes down before a person is erased."""

    basis = forms.CharField(
        label="依据",
        max_length=200,
        help_text="本人申请的日期、来信编号或文书编号；会写进审计记录，不要写姓名、电话。",
    )
    is_sure = forms.BooleanField(
        label="已看过上面的清单。清除后不能恢复。",
        error_messages={"required": "请先看过上面的清单，再勾选这一项。"},
    )
