"""The form of a case: saved as a draft whenever it is sent, never lost, whatever stands in the way."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from portal.applications.cases.models import Application
from portal.applications.cases.workflow.drafting import EditConflict, save_draft
from portal.applications.cases.workflow.handing_in import missing
from portal.core.accounts.signed_in import SignedInRequest
from portal.core.workflow import NotAllowed

from .. import steps
from ..crumbs import crumbs_of, title_of
from ..moments import in_words
from ..reach import at_the_counter, may_edit, my_application
from ..sections import CONSENT, PUBLISHER
from .consenting import keep_contact_consent
from .forms import CaseForm, tell
from .keys import new_key
from .returned import on_the_form, reasons_by_field
from .unsaved_forms import FOUND_AGAIN, TOO_OLD, discard, keep, kept_without_session, key_of, unsaved_at
from .wording import template_of

IN_PART = "有几项不能这样保存，已在下面标出；其余内容已经保存。"
STALE = "这份草稿在别处（另一个窗口，或另一个人）改过，您的还没有保存。请比较下面的不同，改好后再按保存，以您这一页为准。"


@kept_without_session
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_counter
def fill(request: SignedInRequest, number: str) -> HttpResponse:
    return save(request, number) if request.method == "POST" else show(request, number)


def show(request: SignedInRequest, number: str) -> HttpResponse:
    application = my_application(request.user, number)
    if not application.is_editable or not may_edit(request.user, application):
        return redirect("counter:case", number=number)
    unsaved = unsaved_at(request, application)
    if unsaved is None:
        form = CaseForm(application, user=request.user)
        if "check" in request.GET:
            tell(
                form,
                {lack.field: lack.sentence for lack in missing(application) if lack.field in form.fields},
            )
        return page(request, application, form)
    form = CaseForm(application, unsaved.fields, user=request.user)
    is_stale = unsaved.revision != application.revision
    differences = form.differences() if is_stale else []
    return page(request, application, form, notice=FOUND_AGAIN, differences=differences)


def save(request: SignedInRequest, number: str) -> HttpResponse:
    application = my_application(request.user, number, to_edit=True)
    form = CaseForm(application, request.POST, user=request.user)
    key = key_of(request, application)
    if key is None:
        return page(request, application, form, notice=TOO_OLD, status=400)
    if not application.is_editable:
        return page(request, application, form, notice=already(application), is_closed=True, status=409)
    faults = form.errors
    try:
        application = save_draft(
            application,
            by=request.user,
            values=form.answers(is_personal=False),
            personal=form.answers(is_personal=True),
            revision=key.revision,
            publisher=form.cleaned_data.get(PUBLISHER) or None,
        )
    except EditConflict:
        application.refresh_from_db()
        form = CaseForm(application, request.POST, user=request.user)
        return page(request, application, form, notice=STALE, differences=form.differences(), status=409)
    except NotAllowed as refusal:
        return page(request, application, form, notice=refusal.sentence, status=409)
    if CONSENT in form.fields:
        keep_contact_consent(application, request.user, form.cleaned_data[CONSENT])
    if faults:
        keep(application, request.user, request.path, request.POST.dict(), application.revision)
        return page(request, application, form, notice=IN_PART, status=400)
    discard(request, application)
    return onward(request, application)


def onward(request: HttpRequest, application: Application) -> HttpResponse:
    """To the next page where the button said so, else back to the form."""
    following = steps.after(application, steps.FILL)
    if "on" in request.POST and following is not None:
        return redirect(following.href)
    messages.success(request, "草稿已保存。可以随时离开，回来接着填。")
    return redirect("counter:fill", number=application.number)


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
    request: SignedInRequest,
    application: Application,
    form: CaseForm,
    *,
    notice: str = "",
    differences: Iterable[object] = (),
    is_closed: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "application": application,
        "title": title_of(application),
        "form": form,
        "sections": form.sections(reasons_by_field(application)),
        "returned": on_the_form(application),
        "form_key": new_key(application, request.user),
        "notice": notice,
        "differences": differences,
        "is_closed": is_closed,
        "pages": steps.pages_of(application, steps.FILL),
        "following": steps.after(application, steps.FILL),
        "wording": template_of(application),
        "crumbs": crumbs_of(application, "填写"),
    }
    return render(request, "counter/fill.html", context, status=status)
