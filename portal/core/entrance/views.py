"""The door: signing in, signing up, asking for a reset. allauth does the work; limits, proof and words are ours."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from allauth.account import views as account_views
from allauth.account.adapter import get_adapter
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from portal.core.proof import keys, work
from portal.core.proof.limits import taken

from . import limits
from .proven import network_of

FORM = "sign-up"  # what the keys of this form are for
STALE = "这一页打开得太久，没有提交。您填的还在下面，请再输入一次密码后提交。"
View = Callable[..., HttpResponseBase]


def told_for_now(view: View) -> View:
    """A refusal that ends by itself (a lock, a limit) is a 429, whichever form found it."""

    @wraps(view)
    def serve(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if getattr(request, "is_refused_for_now", False):
            response.status_code = HTTPStatus.TOO_MANY_REQUESTS
        return response

    return serve


def too_many(request: HttpRequest) -> HttpResponse:
    """For the limits that allauth counts itself: each of them is by the minute."""
    return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)


class SignIn(account_views.LoginView):
    def form_invalid(self, form: BaseForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=HTTPStatus.BAD_REQUEST)


@method_decorator(never_cache, name="dispatch")
class SignUp(account_views.SignupView):
    """Form key, honeypot, proof of work and limits stand before the account; an address that is taken is answered
    exactly like a new one.
    """

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        return self._again(form, HTTPStatus.BAD_REQUEST)

    def form_valid(self, form: BaseForm) -> HttpResponse:
        key = keys.form_key(self.request.POST.get("form", ""), FORM)
        if key is None:
            form.add_error(None, STALE)
            return self._again(form, HTTPStatus.BAD_REQUEST)
        who = network_of(self.request)
        is_proven = work.solves(self.request.POST.get("proof", ""), key)
        counted = limits.signing_up(who, is_proven=is_proven)
        if full := taken(counted):
            form.add_error(None, f"您所在的网络注册得太多了，没有提交。请 {full.wait()}后再试。")
            return self._again(form, HTTPStatus.TOO_MANY_REQUESTS)
        if form.cleaned_data["homepage"] or not work.spend(key):
            return self._as_if_sent()
        return super().form_valid(form)

    def _as_if_sent(self) -> HttpResponse:
        """To a machine that filled in what nobody sees, and to a form that was sent already: nothing happens."""
        return get_adapter().respond_email_verification_sent(self.request, None)

    def _again(self, form: BaseForm, status: int) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def get_context_data(self, **kwargs: Any) -> dict:
        signed = self.request.POST.get("form", "")
        key = keys.form_key(signed, FORM)
        if key is None:
            signed = keys.new_form(FORM)
            key = keys.form_key(signed, FORM)
        own = {"signed": signed, "challenge": work.challenge(key or "")}
        return super().get_context_data(**kwargs) | own


class AskForReset(account_views.PasswordResetView):
    def form_invalid(self, form: BaseForm) -> HttpResponse:
        return self._again(form, HTTPStatus.BAD_REQUEST)

    def form_valid(self, form: Any) -> HttpResponse:
        counted = limits.resetting(network_of(self.request), form.cleaned_data["email"])
        if full := taken(counted):
            form.add_error(None, f"申请得太多了，没有发送。请 {full.wait()}后再试。")
            return self._again(form, HTTPStatus.TOO_MANY_REQUESTS)
        form.save(self.request)
        return HttpResponseRedirect(self.get_success_url())

    def _again(self, form: BaseForm, status: int) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=status)
