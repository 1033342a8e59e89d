"""Which case a person may open at the review desk, and what of it is shown."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from portal.applications.cases.models import Application, Document, Submission
from portal.core.accounts.models import User
from portal.core.accounts.signed_in import person

RELATED = ("enterprise__division", "assigned_to", "viewed_by", "created_by", "submitted_by", "decided_by")


def may_read(user: User) -> bool:
    return user.may_somewhere("cases.read") or user.may_somewhere("cases.support")


def is_office(user: User) -> bool:
    """Whoever reads as an office or an auditor; the support institution reads neither notes nor phones."""
    return user.may_somewhere("cases.read")


def with_case(view: Callable) -> Callable:
    """Give the view the case if it is in the person's scope; another one does not exist."""

    @wraps(view)
    def find(request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, case_or_404(request, pk), *args, **kwargs)

    return find


def case_or_404(request: HttpRequest, pk: int) -> Application:
    user = person(request)
    if not may_read(user):
        raise PermissionDenied
    case = Application.objects.in_scope(user).select_related(*RELATED).filter(pk=pk).first()
    if case is None:
        raise Http404
    return case


def newest_submission(case: Application) -> Submission | None:
    return case.submissions.order_by("-ordinal").first()


def papers_of(case: Application) -> list[Document]:
    """The papers of the newest submission: what the enterprise adds to a returned case is not handed in yet."""
    newest = newest_submission(case)
    named = [paper["id"] for paper in newest.documents] if newest else []
    return list(case.documents.filter(pk__in=named).select_related("file"))


def ever_handed_in(case: Application) -> set[int]:
    """Keys of the papers of all submissions: what may be opened."""
    return {paper["id"] for submission in case.submissions.all() for paper in submission.documents}


def case_href(case: Application, page: str = "change") -> str:
    return reverse(f"admin:desk_application_{page}", args=[case.pk])
