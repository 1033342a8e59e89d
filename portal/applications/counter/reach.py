"""Who may come to the counter, and what lies within reach there: strangers find nothing, readers change nothing."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.urls import reverse

from catalog.enterprises.models import Enterprise, Membership
from portal.applications.cases.models import Application
from portal.core.accounts.models import User
from portal.core.text import uscc as codes

# Addresses of buttons: they have no page of their own.
PRESSES = frozenset(
    [
        "begin_registration",
        "change_role",
        "end_membership",
        "cancel_invitation",
        "revoke_calendar",
        "copy_line",
        "remove_line",
        "workbook_take",
        "remove_paper",
        "discard",
        "support",
        "message",
    ]
)
View = Callable[..., HttpResponse]


def never_stored(view: View) -> View:
    """Somebody's papers: no cache keeps them, no search engine lists the page."""

    @wraps(view)
    def serve(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex"
        return response

    return serve


def at_the_counter(view: View) -> View:
    """For a person who is signed in; everybody else signs in first and comes back."""

    @never_stored
    @wraps(view)
    def serve(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(back_to(request), resolve_url(settings.LOGIN_URL))
        return view(request, *args, **kwargs)

    return serve


def back_to(request: HttpRequest) -> str:
    """Where somebody comes back to after signing in: the page, or the one on which the button stood that was pressed."""
    match = request.resolver_match
    if match is None or match.url_name not in PRESSES:
        return request.get_full_path()
    if "number" in match.kwargs:
        return reverse("counter:case", args=[match.kwargs["number"]])
    return reverse("counter:enterprise", args=[match.kwargs["uscc"]]) if "uscc" in match.kwargs else "/desk/"


def membership_in(user: User, enterprise: Enterprise) -> Membership | None:
    return Membership.objects.of(user).filter(enterprise=enterprise).first()


def my_enterprise(user: User, code: str, *, to_edit: bool = False, to_own: bool = False) -> Membership:
    """The membership through which `user` sees the enterprise; 404 for a stranger, 403 where the role is too small."""
    found = Membership.objects.of(user).select_related("enterprise__division")
    membership = found.filter(enterprise__uscc=codes.normalise(code)).first()
    if membership is None:
        raise Http404
    if (to_own and membership.role != Membership.Role.OWNER) or (to_edit and not membership.may_edit):
        raise PermissionDenied
    return membership


def my_application(user: User, number: str, *, to_edit: bool = False) -> Application:
    """A case that `user` may open; 404 for a stranger, 403 for a reader who wants to change it."""
    found = Application.objects.of_account(user).select_related("enterprise")
    application = found.filter(number=number).first()
    if application is None:
        raise Http404
    if to_edit and not may_edit(user, application):
        raise PermissionDenied
    return application


def may_edit(user: User, application: Application) -> bool:
    """A registration is worked on by who began it, everything else by the owners and editors of the enterprise."""
    if application.kind == Application.Kind.REGISTER:
        return application.created_by_id == user.pk
    membership = membership_in(user, application.enterprise) if application.enterprise else None
    return membership is not None and membership.may_edit
