"""What a case says, as rows of words: of the draft, and of every copy that was handed in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog.products.models import Category
from portal.applications.cases.forms import FORMS
from portal.applications.cases.models import Application, Purpose, Submission
from portal.core.accounts.signed_in import SignedInRequest

from ..crumbs import crumbs_of
from ..reach import at_the_counter, my_application
from ..sections import PUBLISHER, names_of
from .forms import CaseForm, plain_label, shown_values, told


@dataclass(frozen=True)
class ShownAnswer:
    label: str
    value: str


def rows_of(application: Application) -> list[ShownAnswer]:
    """What the draft says now."""
    return said_in(application, application.values, application.personal, application.publisher)


def said_in(
    application: Application, values: Mapping[str, Any], personal: Mapping[str, Any] | None, publisher: str
) -> list[ShownAnswer]:
    """In the order of the form; what was erased since is said to be so."""
    shown = shown_values(values, personal or {}, publisher)
    asked = {PUBLISHER: CaseForm.base_fields[PUBLISHER]} | FORMS[application.kind].base_fields
    return [
        ShownAnswer(plain_label(asked[name]), told(asked[name], shown.get(name)))
        for name in names_of(application.kind)
        if name in asked
    ]


@require_safe
@at_the_counter
def copy(request: SignedInRequest, number: str, ordinal: int) -> HttpResponse:
    """One submission as it was handed in, for reading and printing."""
    application = my_application(request.user, number)
    submission = application.submissions.filter(ordinal=ordinal).select_related("by").first()
    if submission is None:
        raise Http404
    context = {
        "application": application,
        "submission": submission,
        "rows": said_in(application, submission.values, submission.personal, application.publisher),
        "items": with_categories(submission),
        "documents": [
            {**document, "label": Purpose(document["purpose"]).label} for document in submission.documents
        ],
        "crumbs": crumbs_of(application, f"第 {ordinal} 次提交的内容"),
    }
    return render(request, "counter/sent.html", context)


def with_categories(submission: Submission) -> list[dict[str, Any]]:
    names = dict(Category.objects.values_list("code", "name"))
    return [
        {**item, "category_name": names.get(item["category"], item["category"] or "")}
        for item in submission.items
    ]
