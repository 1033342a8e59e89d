"""The page of one case: how it stands, what has to be done, what happened, and what was said."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from portal.applications.cases.comparing import since_return
from portal.applications.cases.models import Application
from portal.applications.cases.timeline import timeline
from portal.applications.cases.workflow.handling import say
from portal.core.accounts.signed_in import SignedInRequest
from portal.core.workflow import NotAllowed

from . import steps
from .crumbs import crumbs_of, title_of
from .making.keys import new_key
from .making.lacking_links import lacks_of
from .making.lines import item_reasons
from .making.returned import last_return, returned_at
from .making.sent import rows_of
from .making.unsaved_forms import (
    FOUND_AGAIN,
    TOO_OLD,
    discard,
    kept_without_session,
    key_of,
    message_path,
    unsaved_at,
)
from .offices_shown import office_shown, withdrawable_until
from .reach import at_the_counter, may_edit, my_application

State = Application.State


@require_safe
@at_the_counter
def case(request: SignedInRequest, number: str) -> HttpResponse:
    application = my_application(request.user, number)
    unsaved = unsaved_at(request, application, message_path(number))
    if unsaved is None:
        return case_page(request, application)
    return case_page(request, application, text=unsaved.fields.get("text", ""), refusal=FOUND_AGAIN)


@kept_without_session
@require_POST
@at_the_counter
def message(request: SignedInRequest, number: str) -> HttpResponse:
    """A word to the office, kept with the case."""
    application = my_application(request.user, number, to_edit=True)
    text = request.POST.get("text", "")
    if key_of(request, application) is None:
        return case_page(request, application, text=text, refusal=TOO_OLD, status=400)
    try:
        say(application, by=request.user, text=text.replace("\x00", ""))
    except NotAllowed as refusal:
        return case_page(request, application, text=text, refusal=refusal.sentence, status=400)
    discard(request, application)
    messages.success(request, "留言已经送到办理单位。")
    return redirect("counter:case", number=number)


def case_page(
    request: SignedInRequest,
    application: Application,
    *,
    text: str = "",
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    can_write = may_edit(request.user, application)
    act = last_return(application)
    context = {
        "application": application,
        "title": title_of(application),
        "can_write": can_write,
        "office": office_shown(application),
        "lacks": lacks_of(application) if application.is_editable else [],
        "reasons": returned_at(application, act),
        "returned_text": act.text if act else "",
        "changed": [row for row in since_return(application) if row.is_changed],
        "items": [(item, item_reasons(item)) for item in application.items.select_related("category")],
        "documents": application.documents.standing().select_related("file"),
        "rows": rows_of(application),
        "submissions": application.submissions.order_by("-ordinal"),
        "events": list(reversed(timeline(application, for_office=False))),
        "can_take_back": can_write and application.state in (State.SUBMITTED, State.RETURNED),
        "withdrawable_until": withdrawable_until(application),
        "pages": steps.pages_of(application) if application.is_editable and can_write else [],
        "form_key": new_key(application, request.user),
        "text": text,
        "refusal": refusal,
        "crumbs": crumbs_of(application),
    }
    return render(request, "counter/case.html", context, status=status)
