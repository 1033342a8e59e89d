"""The form of a case: saved as a draft whenever it is sent, never lost, whatever stands in the way."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from portal.desk.models import Application, ParkedForm
from portal.desk.workflow.drafting import Stale, save_draft
from portal.desk.workflow.handing_in import missing
from portal.workflow import NotAllowed

from . import steps
from .consenting import keep_contact_consent
from .crumbs import crumbs_of, title_of
from .forms import CaseForm
from .keys import Key, new_key, read_key
from .moments import in_words
from .reach import at_the_counter, may_edit, my_application, never_stored
from .returned import reasons_by_field
from .wording import template_of

PARKED = "登录中断前您填写的内容已经找回，列在下面，还没有保存。请核对后保存。"
TOO_OLD = "这一页打开得太久，还没有保存。您写的还在下面，请再按一次保存。"
IN_PART = "有几项不能这样保存，已在下面标出；其余内容已经保存。"
STALE = "这份草稿在别处（另一个窗口，或另一个人）改过，您的还没有保存。请比较下面的不同，改好后再按保存，以您这一页为准。"


@csrf_exempt  # the signed key of the form stands in for the session's token, which ends with the session
@require_http_methods(["GET", "HEAD", "POST"])
@never_stored
def fill(request: HttpRequest, number: str) -> HttpResponse:
    if request.method != "POST":
        return show(request, number)
    key = read_key(request.POST.get("form", ""))
    if key is not None and request.user.pk != key.user:
        return park(request, number, key)
    return save(request, number, key)


@at_the_counter
def show(request: HttpRequest, number: str) -> HttpResponse:
    application = my_application(request.user, number)
    if not application.is_editable or not may_edit(request.user, application):
        return redirect("desk:case", number=number)
    parked = ParkedForm.objects.filter(application=application, user=request.user).first()
    if parked is None:
        form = CaseForm(application, user=request.user)
        if "check" in request.GET:
            form.say(
                {lack.field: lack.sentence for lack in missing(application) if lack.field in form.fields}
            )
        return page(request, application, form)
    form = CaseForm(application, parked.fields, user=request.user)
    is_stale = parked.revision != application.revision
    differences = form.differences() if is_stale else []
    return page(request, application, form, notice=PARKED, differences=differences)


@at_the_counter
def save(request: HttpRequest, number: str, key: Key | None) -> HttpResponse:
    application = my_application(request.user, number, to_edit=True)
    form = CaseForm(application, request.POST, user=request.user)
    if key is None or key.application != application.pk:
        return page(request, application, form, notice=TOO_OLD, status=400)
    if not application.is_editable:
        return page(request, application, form, notice=already(application), is_closed=True, status=409)
    faults = form.errors
    try:
        application = save_draft(
            application,
            by=request.user,
            values=form.values,
            personal=form.personal,
            revision=key.revision,
            publisher=form.publisher,
        )
    except Stale:
        application.refresh_from_db()
        form = CaseForm(application, request.POST, user=request.user)
        return page(request, application, form, notice=STALE, differences=form.differences(), status=409)
    except NotAllowed as refusal:
        return page(request, application, form, notice=refusal.sentence, status=409)
    if form.consents is not None:
        keep_contact_consent(application, request.user, form.consents)
    if faults:
        keep(application, request.user, form, application.revision)
        return page(request, application, form, notice=IN_PART, status=400)
    ParkedForm.objects.filter(application=application, user=request.user).delete()
    return onward(request, application)


def onward(request: HttpRequest, application: Application) -> HttpResponse:
    """To the next page where the button said so, else back to the form."""
    following = steps.after(application, steps.FILL)
    if "on" in request.POST and following is not None:
        return redirect(following.href)
    messages.success(request, "草稿已保存。可以随时离开，回来接着填。")
    return redirect("desk:fill", number=application.number)


def park(request: HttpRequest, number: str, key: Key) -> HttpResponse:
    """Keep a form for the account that it was drawn for, and ask that account to sign in."""
    application = get_object_or_404(Application, pk=key.application, number=number)
    keep(application, key.user, CaseForm(application, request.POST, user=key.user), key.revision)
    if request.user.is_authenticated:
        messages.warning(
            request, "您现在用的是另一个账号。刚才填写的内容为原来的账号留着，用它登录就能看到。"
        )
        return redirect("desk:home")
    return redirect_to_login(steps.href_of(application, steps.FILL), resolve_url(settings.LOGIN_URL))


def keep(application: Application, user: Any, form: CaseForm, revision: int) -> None:
    ParkedForm.objects.update_or_create(
        application=application,
        user_id=getattr(user, "pk", user),
        defaults={"fields": form.to_park, "revision": revision},
    )


def already(application: Application) -> str:
    """What a form is told that comes in after its case was handed in."""
    if application.submitted_at is None:
        return f"这份申报现在是「{application.get_state_display()}」，不能再改，您写的没有保存。"
    at = in_words(application.submitted_at)
    return (
        f"这份申报已经提交（受理编号 {application.number}，{at}），您后来写的没有保存。"
        "还要改动，请先撤回，或等办理单位退回。"
    )


def page(
    request: HttpRequest,
    application: Application,
    form: CaseForm,
    *,
    notice: str = "",
    differences: Any = (),
    is_closed: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "application": application,
        "title": title_of(application),
        "form": form,
        "sections": form.sections(reasons_by_field(application)),
        "form_key": new_key(application, request.user),
        "notice": notice,
        "differences": differences,
        "is_closed": is_closed,
        "pages": steps.pages_of(application, steps.FILL),
        "following": steps.after(application, steps.FILL),
        "wording": template_of(application),
        "crumbs": crumbs_of(application, "填写"),
    }
    return render(request, "desk/fill.html", context, status=status)
