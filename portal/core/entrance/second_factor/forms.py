"""Codes of the second factor: counted like passwords, good once, and told in Chinese."""

from typing import Any

from allauth.core import context
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import get_totp_secret
from django import forms
from django.core.cache import cache

from portal.core.accounts.addresses import client_address
from portal.core.accounts.models import User
from portal.core.text.normalise import clean

from .. import lock

LONGEST = 20
USED_FOR = app_settings.TOTP_PERIOD * (
    2 * app_settings.TOTP_TOLERANCE + 2
)  # seconds: as long as a code is good


class CodeForm(forms.Form):
    """A wrong code is a failure at the door: five of them lock the account, wherever the password came from."""

    user: User
    authenticator: Authenticator

    def clean_code(self) -> str:
        with lock.one_try(self.user) as refusal:
            if refusal:
                context.request.is_refused_for_now = True
                raise forms.ValidationError(refusal, code="locked")
            self.cleaned_data["code"] = typed_code(self.cleaned_data["code"])
            try:
                return self._right_code()
            except forms.ValidationError:
                lock.failed(self.user, address=client_address(context.request), at="second factor")
                raise

    def _right_code(self) -> str:
        code = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP and not use(self.user, code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class SecondFactorForm(CodeForm, AuthenticateForm):
    pass


class AgainForm(CodeForm, ReauthenticateForm):
    pass


class SetUpForm(ActivateTOTPForm):
    """The first code out of the app; it is used up by this. The key stays the same until then, so that a page opened
    twice, or reloaded, shows the one that was scanned already.
    """

    def __init__(self, *args: Any, **kwargs: Any):
        self.user = kwargs.pop("user")
        forms.Form.__init__(self, *args, **kwargs)
        self.secret = get_totp_secret()

    def clean_code(self) -> str:
        self.cleaned_data["code"] = typed_code(self.cleaned_data["code"])
        code = super().clean_code()
        use(self.user, code)
        return code


def typed_code(text: str) -> str:
    """Without the space that apps show in the middle, in whatever width it was typed."""
    return "".join(clean(text).split())[:LONGEST]


def use(user: User, code: str) -> bool:
    """Remember that the code was used; False where it had been, while it would still be good by the clock."""
    return cache.add(f"second-factor-used:{user.pk}:{code}", True, USED_FOR)
