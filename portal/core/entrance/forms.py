"""The forms of sign-in, sign-up, reset and change of address: allauth's, with our fields and sentences."""

import unicodedata
from typing import Any

from allauth.account import forms as account_forms
from allauth.account.app_settings import EmailVerificationMethod
from allauth.core import context
from django import forms
from django.http import HttpRequest, HttpResponse

from portal.core.accounts.addresses import client_address
from portal.core.accounts.models import User
from portal.core.desk.fields import CleanCharField
from portal.core.text.email_address import folded_email
from portal.core.text.normalise import clean

from . import lock
from .fields import AddressField

PASSWORD_HINT = "至少 8 个字符，大写字母、小写字母、数字、符号四类中至少三类。"  # noqa: S105
LONGEST_PASSWORD = 128
NO_ACCOUNT = "请填写账号或邮箱。"


class SignInForm(account_forms.LoginForm):
    """One name and one password: staff type their account name, enterprises their address."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label, login.max_length = "账号或邮箱", 254  # type: ignore[attr-defined]
        login.error_messages["required"] = NO_ACCOUNT
        login.widget = forms.TextInput(
            {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "maxlength": 254}
        )
        password.label, password.help_text = "密码", ""
        password.error_messages["required"] = "请填写密码。"
        for field in (login, password):
            field.validators = []  # whatever is no name and no password is simply not the right one

    def clean_login(self) -> str:
        typed = self.cleaned_data["login"].replace("\0", "")[:254]
        return folded_email(typed) if "@" in unicodedata.normalize("NFKC", typed) else _account_name(typed)

    def clean_password(self) -> str:
        """A NUL byte is in no password; the database of some hashes stops at it."""
        return self.cleaned_data["password"].replace("\0", "")[:1000]

    def user_credentials(self) -> dict:
        """Exactly one way to look the account up, so that a wrong password costs one hash whoever is meant."""
        login = self.cleaned_data.get("login", "")
        is_address = "@" in login and not User.objects.filter(username__iexact=login).exists()
        return {
            "email" if is_address else "username": login,
            "password": self.cleaned_data.get("password", ""),
        }

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Staff have been let in by an administrator, with or without an address."""
        if self._login.user.is_staff:
            self._login.email_verification = EmailVerificationMethod.NONE
        return super().login(request, redirect_url)


def _account_name(typed: str) -> str:
    return User.normalize_username(clean(typed))


class SignUpForm(account_forms.SignupForm):
    """Name, address and password. The field that nobody sees is looked at by the page."""

    field_order = ("name", "email", "password1", "password2", "homepage")
    name = CleanCharField(
        label="您的姓名",
        max_length=40,
        help_text="办理业务的人。只有您本人和办理工作人员看得到，不公开。",
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": "请填写姓名。", "max_length": "姓名最多 40 个字符。"},
    )
    email = AddressField(help_text="用来登录和接收通知。")
    homepage = forms.CharField(
        label="请勿填写这一栏",
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["email"].label = "邮箱"  # allauth writes its own over it
        one, two = self.fields["password1"], self.fields["password2"]
        one.label, one.help_text, two.label = "密码", PASSWORD_HINT, "再输入一次密码"
        for field in (one, two):
            field.error_messages["required"] = "请填写密码。"
            field.max_length = LONGEST_PASSWORD  # type: ignore[attr-defined]
            field.widget.attrs["maxlength"] = LONGEST_PASSWORD

    def clean_password1(self) -> str:
        password = self.cleaned_data["password1"]
        if len(password) > LONGEST_PASSWORD:
            raise forms.ValidationError(f"密码最多 {LONGEST_PASSWORD} 个字符。")
        return password

    def clean_homepage(self) -> bool:
        return bool(clean(self.cleaned_data["homepage"]))

    def clean(self) -> dict:
        cleaned = super().clean()
        for error in self.errors.get("password2", []):
            if "same" in error or "相同" in error:
                self.errors["password2"] = self.error_class(["两次输入的密码不一样，请都再输入一次。"])
        return cleaned

    def try_save(self, request: HttpRequest) -> tuple[Any, Any]:
        """For an address that has an account only a letter goes out; it takes as long as making one."""
        if self.account_already_exists:
            User().set_password(self.cleaned_data["password1"])
        return super().try_save(request)


class ResetForm(account_forms.ResetPasswordForm):
    email = AddressField(label="注册时的邮箱")


class NewAddressForm(account_forms.AddEmailForm):
    email = AddressField(label="新的邮箱")


class ChangePasswordForm(account_forms.ChangePasswordForm):
    """The present password is guessed no oftener here than at the door."""

    def clean_oldpassword(self) -> str:
        with lock.one_try(self.user) as refusal:
            if refusal:
                raise forms.ValidationError(refusal, code="locked")
            try:
                return super().clean_oldpassword()
            except forms.ValidationError:
                lock.failed(self.user, address=client_address(context.request))
                raise


class NameForm(forms.ModelForm):
    """The name of whoever uses the account: kept whole, in one field."""

    last_name = CleanCharField(
        label="姓名",
        max_length=40,
        widget=forms.TextInput({"class": "input", "autocomplete": "name"}),
        error_messages={"required": "请填写姓名。", "max_length": "姓名最多 40 个字符。"},
    )

    class Meta:
        model = User
        fields = ("last_name",)
