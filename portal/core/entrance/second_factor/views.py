"""Setting the second factor up and showing it; where staff are led on their way to the desk."""

from typing import Any, cast

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache

from portal.core.accounts import second_factor
from portal.core.accounts.models import User
from portal.core.accounts.signed_in import SignedInRequest, person
from portal.core.audit.record import record

NEXT = "entrance.next"  # where the person was going, kept over the pages of the set-up


@never_cache
@login_required
def second_factor_first(request: SignedInRequest) -> HttpResponse:
    """On the way to the desk: set the factor up, or show it; then on."""
    target = local(request, request.GET.get("next", ""))
    if not second_factor.is_set_up(request.user):
        if request.session.get(NEXT) != target:
            request.session[NEXT] = target
        return redirect("mfa_activate_totp")
    if second_factor.is_passed(request):
        return redirect(target)
    has_codes = second_factor.has_codes(request.user)
    page = "mfa_reauthenticate" if has_codes else "mfa_reauthenticate_webauthn"
    return redirect(f"{reverse(page)}?{urlencode({'next': target})}")


@login_required
def onward(request: HttpRequest) -> HttpResponse:
    """From the recovery codes to where the person was going."""
    return redirect(local(request, request.session.pop(NEXT, "")))


def local(request: HttpRequest, target: str) -> str:
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if target and is_ours else reverse("entrance:account")


class SetUpCodes(ActivateTOTPView):
    """A code out of the app that was just set up counts as shown: nobody signs in twice for it.

    The button pressed twice leads to the recovery codes, which the first answer did not get to show.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if second_factor.has_app(person(request)):
            return redirect("mfa_view_recovery_codes" if request.method == "POST" else "mfa_index")
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: BaseForm) -> HttpResponse:
        try:
            response = super().form_valid(form)
        except IntegrityError:  # both presses came at once, and the other one was first
            return redirect("mfa_view_recovery_codes")
        shown(self.request, "totp")
        return response


class SetUpPasskey(AddWebAuthnView):
    def form_valid(self, form: BaseForm) -> HttpResponse:
        response = super().form_valid(form)
        shown(self.request, "webauthn")
        return response


def shown(request: HttpRequest, kind: str) -> None:
    user = cast(User, request.user)
    record_authentication(request, user, "mfa", type=kind)
    record("user.second_factor_set_up", user, by=user, kind=kind)
