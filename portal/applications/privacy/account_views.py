"""One's own data: what is kept, a copy of it, consents, and the request to be forgotten."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.core.accounts.signed_in import SignedInRequest, person
from portal.core.audit.record import record
from portal.core.proof.limits import DAY, Limit

from .consents import standing, withdraw_consent
from .erasing import ask, obstacles, preview, take_back
from .exporting import archive_of
from .forms import PasswordAgain
from .models import ErasureRequest
from .texts import PURPOSES

EXPORTS = Limit("own-data-export", 5, DAY)


@require_safe
@never_cache
@login_required
def own_data(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_POST
@never_cache
@login_required
def export(request: HttpRequest) -> HttpResponse:
    """The ZIP, once the password was given again. Each export is an audit event."""
    user = person(request)
    form = PasswordAgain(request.POST, user=user, prefix="export")
    if form.is_valid() and not EXPORTS.take(str(user.pk)):
        form.add_error(None, f"今天已经导出 {EXPORTS.most} 次，请 {EXPORTS.wait()}后再试。")
    if not form.is_valid():
        record("user.data_exported", user, by=user, is_success=False)
        return _page(request, export_form=form, status=400)
    record("user.data_exported", user, by=user)
    response = HttpResponse(archive_of(user), content_type="application/zip")
    name = f"personal-data-{timezone.localdate():%Y%m%d}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@never_cache
@login_required
def ask_erasure(request: HttpRequest) -> HttpResponse:
    user = person(request)
    form = PasswordAgain(request.POST, user=user, prefix="erasure")
    if not form.is_valid():
        return _page(request, erasure_form=form, status=400)
    ask(user)
    messages.success(request, "申请已收到。工作人员办理之前，您可以在这一页撤回。")
    return redirect("own_data:page")


@require_POST
@never_cache
@login_required
def take_back_erasure(request: SignedInRequest) -> HttpResponse:
    if take_back(request.user):
        messages.success(request, "申请已撤回，什么都没有清除。")
    return redirect("own_data:page")


@require_POST
@never_cache
@login_required
def withdraw(request: SignedInRequest) -> HttpResponse:
    purpose = request.POST.get("purpose", "")
    about = request.POST.get("about", "").replace("\x00", "")[:64]
    may_end_here = purpose in PURPOSES and not PURPOSES[purpose].ends_at
    if may_end_here and withdraw_consent(request.user, purpose, by=request.user, about=about):
        messages.success(request, f"已撤回：{PURPOSES[purpose].label}。")
    return redirect("own_data:page")


def _page(
    request: HttpRequest,
    *,
    export_form: PasswordAgain | None = None,
    erasure_form: PasswordAgain | None = None,
    status: int = 200,
) -> HttpResponse:
    user = person(request)
    context = {
        "lines": preview(user),
        "consents": [
            (row, PURPOSES[row.purpose].version(row.text_version), PURPOSES[row.purpose].ends_at)
            for row in standing(user)
        ],
        "request_open": ErasureRequest.objects.filter(user=user, taken_back_at=None, done_at=None).first(),
        "obstacles": obstacles(user),
        "export_form": export_form or PasswordAgain(user=user, prefix="export"),
        "erasure_form": erasure_form or PasswordAgain(user=user, prefix="erasure"),
        "failed": export_form or erasure_form,
        "crumbs": [("我的账号", reverse("entrance:account")), ("我的个人信息", None)],
    }
    return render(request, "privacy/own_data.html", context, status=status)
