"""Forms that come in without a session: kept for the account that they were drawn for, and shown once it signed in."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from portal.applications.cases.models import Application, UnsavedForm
from portal.core.accounts.models import User

from ..reach import back_to
from .keys import Key, read_key

FOUND_AGAIN = "登录中断前您填写的内容已经找回，列在下面，还没有保存。请核对后保存。"
OF_ANOTHER = "您现在用的是另一个账号。刚才填写的内容为原来的账号留着，用它登录就能看到。"
TOO_OLD = "这一页打开得太久，还没有保存。您写的还在下面，请再按一次。"
NUL = "\x00"  # PostgreSQL refuses it in any text
LONGEST = 20_000
NOT_KEPT = ("form", "csrfmiddlewaretoken")
TICKS = "product"  # the one field of a case that may come many times

View = Callable[..., HttpResponse]


def kept_without_session(view: View) -> View:
    """For the POST of a form that carries a key: without a session, or with another account's, it is kept unsaved.

    The key stands in for the session's own token against forged forms, which ends with the session: with a session
    nothing may be saved unless `key_of` gives a key.
    """

    @csrf_exempt
    @wraps(view)
    def serve(request: HttpRequest, number: str, *args: Any, **kwargs: Any) -> HttpResponse:
        key = read_key(request.POST.get("form", "")) if request.method == "POST" else None
        # Nobody's key is None, which differs from every account's: what comes after an ended session is kept like another account's.
        if key is not None and request.user.pk != key.user:
            return park(request, number, key)
        return view(request, number, *args, **kwargs)

    return serve


def key_of(request: HttpRequest, application: Application) -> Key | None:
    """The key that a form brought, where it is one of this account for this case."""
    key = read_key(request.POST.get("form", ""))
    if key is None or (key.application, key.user) != (application.pk, request.user.pk):
        return None
    return key


def park(request: HttpRequest, number: str, key: Key) -> HttpResponse:
    """Ask the account to sign in, and to come back to the page that the form stood on."""
    application = Application.objects.filter(pk=key.application, number=number).first()
    if application is not None:
        ticked = {TICKS: request.POST.getlist(TICKS)} if TICKS in request.POST else {}
        keep(application, key.user, request.path, request.POST.dict() | ticked, key.revision)
    if request.user.is_authenticated:
        messages.warning(request, OF_ANOTHER)
        return redirect("counter:home")
    return redirect_to_login(back_to(request), resolve_url(settings.LOGIN_URL))


def message_path(number: str) -> str:
    return reverse("counter:message", args=[number])


def keep(
    application: Application, user: User | int, path: str, typed: Mapping[str, Any], revision: int
) -> None:
    """`typed`: a text for each field, of ticks a list of texts."""
    fields = {name: _kept(value) for name, value in typed.items() if name not in NOT_KEPT}
    UnsavedForm.objects.update_or_create(
        application=application,
        user_id=getattr(user, "pk", user),
        path=path,
        defaults={"fields": fields, "revision": revision},
    )


def _kept(value: Any) -> Any:
    if isinstance(value, list):
        return [_kept(one) for one in value[: settings.CASE_MAX_ITEMS]]
    return value.replace(NUL, "")[:LONGEST]


def unsaved_at(request: HttpRequest, application: Application, path: str = "") -> UnsavedForm | None:
    """What was left unsaved of the form with this address."""
    path = path or request.path
    return UnsavedForm.objects.filter(application=application, user=request.user, path=path).first()


def discard(request: HttpRequest, application: Application) -> None:
    """The form was saved."""
    UnsavedForm.objects.filter(application=application, user=request.user, path=request.path).delete()
