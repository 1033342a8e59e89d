"""A person's own account: name, address, password, second factor, messages, and signing out everywhere."""

from typing import Any, cast

from allauth.account.models import EmailAddress
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.core.accounts import second_factor
from portal.core.accounts.models import User
from portal.core.audit.record import record
from portal.core.mail.models import Message

from .forms import NameForm

CRUMB = ("我的账号", "/accounts/")
A_PAGE = 20


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    user = person(request)
    form = NameForm(request.POST if request.method == "POST" else None, instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        record("user.changed", user, by=user, fields=["姓名"])
        messages.success(request, "姓名已改。")
        return redirect("entrance:account")
    context: dict[str, Any] = {
        "form": form,
        "address": EmailAddress.objects.get_verified(user),
        "waiting_address": EmailAddress.objects.get_new(user),
        "has_second_factor": second_factor.is_set_up(user),
        "unread": Message.objects.owned_by(user).unread().count(),
        "crumbs": [("我的账号", None)],
    }
    return render(request, "entrance/account.html", context, status=400 if form.errors else 200)


@login_required
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """Every other session of the account ends with its next request; this one stays."""
    user = person(request)
    user.end_sessions()
    update_session_auth_hash(request, user)
    record("user.signed_out_everywhere", user, by=user)
    messages.success(request, "已在其他设备上退出。本机仍在登录状态。")
    return redirect("entrance:account")


@never_cache
@login_required
@require_safe
def message_list(request: HttpRequest) -> HttpResponse:
    pages = Paginator(Message.objects.owned_by(person(request)), A_PAGE)
    context = {"page": pages.get_page(request.GET.get("page")), "crumbs": [CRUMB, ("站内消息", None)]}
    return render(request, "entrance/message_list.html", context)


@never_cache
@login_required
@require_safe
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """Opening a message is reading it. Somebody else's does not exist."""
    found = get_object_or_404(Message.objects.owned_by(person(request)), pk=pk)
    if found.read_at is None:
        Message.objects.filter(pk=found.pk, read_at=None).update(read_at=timezone.now())
    crumbs = [CRUMB, ("站内消息", "/accounts/messages/"), (found.subject, None)]
    return render(request, "entrance/message.html", {"message": found, "crumbs": crumbs})


def person(request: HttpRequest) -> User:
    return cast(User, request.user)
