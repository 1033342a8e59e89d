"""Closing several accounts at once: ticked in the list, counted and named on a page that asks, then closed one by one."""

from typing import Any

from django.contrib import admin, messages
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from portal.core.accounts.models import User
from portal.core.accounts.signed_in import person
from portal.core.audit.record import record
from portal.core.desk.site import desk_page

MOST = 500
SHOWN = 20


def closable(accounts: models.QuerySet, by: User) -> models.QuerySet:
    """Not the own account, and a superuser's only by a superuser."""
    found = accounts.filter(is_active=True).exclude(pk=by.pk)
    return found if by.is_superuser else found.filter(is_superuser=False)


@admin.action(description="停用")
def close_many(page: Any, request: HttpRequest, queryset: models.QuerySet) -> HttpResponse:
    """First says how many and whose; what was ticked and cannot be closed is told and left."""
    by, chosen = person(request), queryset.order_by("pk")
    found = closable(chosen, by)
    count, left = found.count(), chosen.count() - found.count()
    if request.POST.get("confirmed") == str(count) and 0 < count <= MOST:
        for pk in list(found.values_list("pk", flat=True)):
            close(pk, by=by)
        messages.success(
            request, f"已停用 {count} 个账号，它们现在就不能再用；打开账号勾选「启用」可以恢复。"
        )
        return redirect(request.get_full_path())
    context = {
        "title": "停用账号",
        "count": count,
        "left": left,
        "most": MOST if count > MOST else 0,
        "is_changed": "confirmed" in request.POST,
        "sample": found[:SHOWN],
        "selected": request.POST.getlist("_selected_action"),
        "select_across": request.POST.get("select_across", ""),
        "opts": page.opts,
    }
    return desk_page(request, "entrance/desk/close_many.html", context)


@transaction.atomic
def close(pk: int, *, by: User) -> None:
    account = User.objects.select_for_update().get(pk=pk)
    if not account.is_active:
        return
    account.is_active = False
    account.save(update_fields=["is_active"])
    record("user.changed", account, by=by, fields=["启用"])
