"""The page of one case, its papers, and a page for every step: asked once, confirmed once."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from catalog.enterprises.models import Enterprise
from portal.applications.cases.comparing import against_current, since_return
from portal.applications.cases.deadlines import Deadlines
from portal.applications.cases.forms import FIELDS
from portal.applications.cases.models import Act, ActKind, Application, Submission
from portal.applications.cases.offices import Offices
from portal.applications.cases.timeline import timeline
from portal.applications.cases.workflow.handling import look_at
from portal.applications.review.checks import findings_of
from portal.core.accounts.models import User
from portal.core.accounts.signed_in import SignedInRequest, person
from portal.core.audit.record import record
from portal.core.desk.site import desk_page
from portal.core.desk.steps import StepForm, StepPage
from portal.core.files.private import serve_private
from portal.core.text.masking import mask_name, mask_phone
from portal.core.workflow import NoPermission, NotAllowed

from .enterprise_views import enterprise_href
from .reading import case_href, ever_handed_in, is_office, newest_submission, papers_of, with_case
from .steps import STEPS, WRITING, CaseStep, offered
from .words import deadline_words, looking_words, name_of


@require_GET
@with_case
def page(request: SignedInRequest, case: Application) -> HttpResponse:
    """Everything on one page, machine checks first. Who has it open is kept as a hint for others."""
    return case_page(request, look_at(case, by=request.user))


@require_POST
@with_case
def contact(request: SignedInRequest, case: Application) -> HttpResponse:
    """The contact in full, for whoever works on the case; who looked is recorded."""
    if not works_on(case, request.user):
        raise PermissionDenied
    record("case.contact_viewed", case, by=request.user)
    return case_page(request, case, is_revealed=True)


@require_GET
@with_case
def paper(request: SignedInRequest, case: Application, document: int) -> HttpResponse:
    """A paper that was handed in; each look is recorded."""
    found = case.documents.filter(pk=document).select_related("file").first()
    if found is None or found.pk not in ever_handed_in(case):
        raise Http404
    name = f"{case.number}-{found.get_purpose_display()}-{found.pk}"
    return serve_private(
        request, found.file, name=name, by=request.user, step="case.paper_viewed", target=found
    )


@require_http_methods(["GET", "POST"])
@with_case
def step(request: HttpRequest, case: Application, slug: str) -> HttpResponse:
    """A refusal says why, and keeps what was typed."""
    return CaseStepPage(request, STEPS[slug], case).answer()


class CaseStepPage(StepPage):
    list_name = "申报审核"

    def hindered(self) -> HttpResponse | None:
        """An attempt without permission is kept; who has a part in the case reads why it may not be taken."""
        refusal = self.step.refusal(self.row, self.user)
        if isinstance(refusal, NoPermission):
            if self.request.method == "POST":
                record(self.step.step.code, self.row, by=self.user, is_success=False, rule=refusal.rule)
            return self.refused(refusal)
        if not self.step.only(self.row):
            raise Http404
        return self.refused(refusal) if refusal and self.request.method == "GET" else None

    def told(self, refusal: NotAllowed, form: StepForm) -> HttpResponse:
        return self.refused(refusal) if isinstance(refusal, NoPermission) else self.ask(form, refusal)

    def name(self) -> str:
        return self.row.number

    def initial(self) -> dict[str, Any]:
        is_read = self.step.is_decision and "read" in self.request.GET
        return {"digest": self.request.GET["read"][:64]} if is_read else {}

    def context(self) -> dict[str, Any]:
        return {"name": name_of(self.row)}


def works_on(case: Application, user: User) -> bool:
    return user.may("cases.handle", case.scope_division)


def case_page(request: HttpRequest, case: Application, *, is_revealed: bool = False) -> HttpResponse:
    user = person(request)
    for_office = is_office(user)
    deadlines, offices = Deadlines(), Offices()
    steps, told = offered(case, user)
    rows, submission = against_current(case, for_office=for_office), newest_submission(case)
    context = {
        "title": f"{case.get_kind_display()} {case.number}",
        "case": case,
        "name": name_of(case),
        "office": offices.of(case.office),
        "opinion_office": offices.of(case.opinion_division) if case.opinion_division else None,
        "opinion": opinion_of(case),
        "deadline": deadlines.of(case),
        "deadline_words": deadline_words(case, deadlines.of(case)),
        "looking": looking_words(case, user) if for_office else "",
        "findings": findings_of(case) if for_office else [],
        "is_decided": case.decided_at is not None,
        "rows": rows,
        "changed": sum(row.is_changed for row in rows),
        "is_new": not any(row.current for row in rows),
        "since_return": since_return(case),
        "papers": papers_of(case),
        "items": list(case.items.select_related("category", "product")),
        "submission": submission,
        "contact": contact_of(case, is_revealed=is_revealed) if for_office else [],
        "may_reveal": works_on(case, user) and not is_revealed,
        "said": said_in(case, for_office=for_office),
        "events": timeline(case, for_office=for_office)[::-1],
        "steps": [(step, step_href(case, step, submission)) for step in steps if step.slug not in WRITING],
        "writing": [
            (step, case_href(case, step.slug), step.form(row=case, user=user))
            for step in steps
            if step.slug in WRITING
        ],
        "told": told,
        "enterprise_href": register_href(case, user),
    }
    response = desk_page(request, "review/case.html", context)
    response["Cache-Control"] = "no-store"
    return response


def step_href(case: Application, desk_step: CaseStep, submission: Submission | None) -> str:
    """A decision carries along which submission stood on this page: one that came in since is not decided unread."""
    href = case_href(case, desk_step.slug)
    return f"{href}?read={submission.digest}" if desk_step.is_decision and submission else href


def register_href(case: Application, user: User) -> str:
    """Where the other cases and the members of the enterprise are listed, for whoever may see them."""
    if case.enterprise is None or not user.may_somewhere("cases.read"):
        return ""
    is_seen = Enterprise.objects.in_scope(user).filter(pk=case.enterprise.pk).exists()
    return enterprise_href(case.enterprise) if is_seen else ""


def contact_of(case: Application, *, is_revealed: bool) -> list[tuple[str, str]]:
    """(label, words) of the persons named in the newest submission, masked unless revealed."""
    newest = newest_submission(case)
    personal = (newest.personal if newest else None) or {}
    return [
        (field.label, value if is_revealed else masked(field.name, value))
        for field in FIELDS[case.kind]
        if field.is_personal and (value := personal.get(field.name))
    ]


def masked(name: str, value: str) -> str:
    """Of a title nothing is a person's."""
    mask = {"contact_phone": mask_phone, "contact_person": mask_name, "signatory_name": mask_name}.get(name)
    return mask(value) if mask else value


def said_in(case: Application, *, for_office: bool) -> list[Act]:
    """Messages, and for offices the notes among them, newest last."""
    acts = case.acts.filter(kind__in=(ActKind.MESSAGE, ActKind.NOTE)).select_related("by")
    return list(acts if for_office else acts.filter(is_internal=False))


def opinion_of(case: Application) -> Act | None:
    """What the region said on the newest submission."""
    given = case.acts.filter(kind=ActKind.OPINION, at__gte=case.submitted_at)
    return given.select_related("by").order_by("-id").first()
