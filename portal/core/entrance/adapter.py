"""What allauth asks of the house about accounts: each hook is a method here; no signals."""

import secrets
from typing import Any, NoReturn

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import BaseForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from portal.core import mail
from portal.core.accounts import second_factor
from portal.core.accounts.addresses import client_address
from portal.core.accounts.models import User
from portal.core.accounts.signed_in import person
from portal.core.audit.record import record
from portal.core.pages.navigation import href_of
from portal.core.proof.limits import give_back, taken

from . import limits, lock
from .proven import network_of

SECRETS = {"activate_url", "password_reset_url"}  # only the letter carries them
KEPT_OUT = {"request", "current_site", "key", "user", *SECRETS}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "账号或密码不对。密码区分大小写。",
        "username_password_mismatch": "账号或密码不对。密码区分大小写。",
        "incorrect_password": "密码不对。密码区分大小写。",
        "incorrect_code": "验证码不对，或已经用过。",
        "enter_current_password": "现在的密码不对。密码区分大小写。",
        "duplicate_email": "这已经是您的邮箱。",
        "email_taken": "这个邮箱不能使用，请换一个。",
        "too_many_login_attempts": lock.SENTENCE,
        "rate_limited": "试得太多了，请 1 分钟后再试。",
        "locked": lock.SENTENCE,
    }

    # -- signing in ------------------------------------------------------------------------------------------
    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Counted before the password is looked at, and given back where it was right."""
        name, counted = name_of(credentials), limits.signing_in(network_of(request))
        with lock.one_try(lock.account_of(name), name) as refusal:
            if refusal:
                self._refuse_for_now(request, refusal, "locked")
            if full := taken(counted):
                sentence = f"您所在的网络登录失败太多，请 {full.wait()}后再试。"
                self._refuse_for_now(request, sentence, "network")
            user = super().authenticate(request, **credentials)
        if user:
            give_back(counted)
        return user

    def _refuse_for_now(self, request: HttpRequest, sentence: str, code: str) -> NoReturn:
        request.is_refused_for_now = True  # type: ignore[attr-defined]
        raise ValidationError(sentence, code=code)

    def authentication_failed(self, request: HttpRequest, **credentials: str) -> None:
        name = name_of(credentials)
        lock.failed(lock.account_of(name), name, address=client_address(request))

    def login(self, request: HttpRequest, user: User) -> None:
        """The end of all stages: password, verified address, second factor."""
        super().login(request, user)
        lock.signed_in(user, address=client_address(request))

    def logout(self, request: HttpRequest) -> None:
        record("user.signed_out", request.user, by=request.user)  # type: ignore[arg-type]
        super().logout(request)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        user = person(request)
        if user.is_staff and user.may_somewhere("desk.enter"):
            return reverse("admin:index")
        return href_of("counter:home") or reverse("entrance:account")

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Whoever signed in just now, with all that the account asks for, is not asked a second time."""
        records = get_authentication_records(self.request, self.request.user)
        wanted = "mfa" if second_factor.is_set_up(self.request.user) else "password"
        newest = max((record["at"] for record in records if record.get("method") == wanted), default=0)
        if timezone.now().timestamp() - newest < app_settings.REAUTHENTICATION_TIMEOUT:
            return False
        return super().is_reauthentication_required(app=app)

    # -- signing up and changing -------------------------------------------------------------------------------
    def populate_username(self, request: HttpRequest, user: User) -> None:
        """An enterprise signs in by its address; its account name is no part of it, and cannot be guessed."""
        if not user.username:
            user.username = f"e-{secrets.token_hex(8)}"

    def save_user(self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True) -> Any:
        user.last_name = form.cleaned_data.get("name", "")
        saved = super().save_user(request, user, form, commit)
        if commit:
            record("user.signed_up", saved, by=saved)
        return saved

    def set_password(self, user: User, password: str) -> None:
        super().set_password(user, password)
        record("user.password_changed", user, by=user)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("entrance:account")

    def get_client_ip(self, request: HttpRequest) -> str:
        found = client_address(request)
        if not found:
            raise PermissionDenied("no network address")
        return found

    # -- letters -----------------------------------------------------------------------------------------------
    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        account = self._recipient(email, context)
        values = {name: value for name, value in context.items() if name not in KEPT_OUT}
        hidden = {name: str(context[name]) for name in SECRETS & context.keys()}
        template = template_prefix.rsplit("/", 1)[-1]
        mail.send(
            template,
            to=account or email,
            address=email,
            context=values | {"name": str(account) if account else "", "email": email},
            **hidden,
        )

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Also to an account without an address: it is read as 站内消息."""
        values = {"at": timezone.now(), "ip": client_address(self.request), **(context or {})}
        mail.send(template_prefix.rsplit("/", 1)[-1], to=user, address=email or user.email, context=values)

    def _recipient(self, email: str, context: dict) -> User | None:
        user = context.get("user")
        return user if isinstance(user, User) else lock.account_of(email)


def name_of(credentials: dict[str, Any]) -> str:
    """The name that the door counts by. A reauthentication brings both; the account name goes first."""
    return str(credentials.get("username") or credentials.get("email") or "")
