"""The last page of a case: what is still missing, what will be handed in, and the press that does it."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from portal.applications.cases.models import Application
from portal.applications.cases.workflow.drafting import discard
from portal.applications.cases.workflow.handing_in import ask_support, submit, withdraw
from portal.core.accounts.signed_in import SignedInRequest
from portal.core.workflow import NotAllowed

from .. import steps
from ..crumbs import crumbs_of
from ..moments import in_words
from ..offices_shown import office_shown
from ..reach import at_the_counter, my_application
from .lacking_links import lacks_of
from .lines import revision_of
from .sent import rows_of


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_counter
def hand_in(request: SignedInRequest, number: str) -> HttpResponse:
    application = my_application(request.user, number, to_edit=True)
    if request.method == "POST":
        return press(request, application)
    if not application.is_editable:
        return redirect("counter:case", number=number)
    return page(request, application)


def press(request: SignedInRequest, application: Application) -> HttpResponse:
    """Once. A second press, from another window or by the back button, is told that it is done already."""
    if application.state == Application.State.SUBMITTED:
        return already(request, application)
    try:
        submit(application, by=request.user, revision=revision_of(request, application))
    except NotAllowed as refusal:
        application.refresh_from_db()
        if application.state == Application.State.SUBMITTED:
            return already(request, application)
        return page(request, application, notice=refusal.sentence, status=409)
    letter = "，也会发邮件给您" if settings.HAS_MAIL_SERVER else ""
    messages.success(request, f"已经提交，受理编号 {application.number}。办理情况会写在这一页{letter}。")
    return redirect("counter:case", number=application.number)


def already(request: HttpRequest, application: Application) -> HttpResponse:
    """The other press was quicker, by a moment or by a day."""
    assert application.submitted_at is not None  # noqa: S101 - a constraint: what is submitted has its moment
    at = in_words(application.submitted_at)
    messages.success(request, f"这份申报已经提交过了：受理编号 {application.number}，{at}。没有重复提交。")
    return redirect("counter:case", number=application.number)


def page(
    request: HttpRequest, application: Application, *, notice: str = "", status: int = 200
) -> HttpResponse:
    if not application.is_editable:
        messages.warning(request, notice)
        return redirect("counter:case", number=application.number)
    context = {
        "application": application,
        "lacks": lacks_of(application),
        "notice": notice,
        "rows": rows_of(application),
        "items": application.items.select_related("category"),
        "documents": application.documents.standing().select_related("file"),
        "office": office_shown(application),
        "pages": steps.pages_of(application, steps.HAND_IN),
        "crumbs": crumbs_of(application, "核对并提交"),
    }
    return render(request, "counter/hand_in.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_counter
def take_back(request: SignedInRequest, number: str) -> HttpResponse:
    """Withdraw a case that was handed in, on a page of its own, so that no press is by mistake."""
    application = my_application(request.user, number, to_edit=True)
    if request.method != "POST":
        return render(request, "counter/take_back.html", take_back_context(application))
    if application.state == Application.State.WITHDRAWN:
        messages.success(request, "这份申报已经撤回了。")
        return redirect("counter:case", number=number)
    try:
        withdraw(application, by=request.user, reason=request.POST.get("reason", "").replace("\x00", ""))
    except NotAllowed as refusal:
        context = take_back_context(application) | {
            "notice": refusal.sentence,
            "reason": request.POST.get("reason", ""),
        }
        return render(request, "counter/take_back.html", context, status=409)
    messages.success(request, "已经撤回。要再办，可以重新开始，填过的内容会带过来。")
    return redirect("counter:case", number=number)


def take_back_context(application: Application) -> dict:
    return {"application": application, "crumbs": crumbs_of(application, "撤回")}


@require_POST
@at_the_counter
def throw_away(request: SignedInRequest, number: str) -> HttpResponse:
    """Give up a draft."""
    application = my_application(request.user, number, to_edit=True)
    try:
        discard(application, by=request.user)
    except NotAllowed as refusal:
        messages.error(request, refusal.sentence)
        return redirect("counter:case", number=number)
    messages.success(request, f"草稿 {number} 已放弃。")
    return redirect("counter:home")


@require_POST
@at_the_counter
def support(request: SignedInRequest, number: str) -> HttpResponse:
    """「请支持机构协助」 on or off."""
    application = my_application(request.user, number, to_edit=True)
    is_wanted = request.POST.get("wanted") == "1"
    try:
        ask_support(application, by=request.user, wanted=is_wanted)
    except NotAllowed as refusal:
        messages.warning(request, refusal.sentence)
    else:
        said = "支持机构现在可以看到这份申报，并给您留言。" if is_wanted else "支持机构不再能看到这份申报。"
        messages.success(request, said)
    return redirect("counter:case", number=number)
