"""The steps of an enquiry as the desk offers them: what each one does, what its form asks, and its page."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from portal.core.accounts.models import User
from portal.core.desk.steps import DeskStep, StepPage

from .. import workflow
from ..models import Enquiry, Office
from .forms import AnswerForm, PassForm, ReasonForm


@dataclass(frozen=True, kw_only=True)
class EnquiryStep(DeskStep):
    """`code` names it in the workflow."""

    code: str
    template: str = "enquiries/desk/enquiry_step.html"


STEPS = {
    step.slug: step
    for step in (
        EnquiryStep(
            "accept",
            "受理",
            "您看过了，这是一封真的来信。从收到那天起计算的期限不变。",
            workflow.accept,
            code="accepted",
        ),
        EnquiryStep(
            "answer",
            "答复",
            "来信人凭编号和口令读到答复，这一件就此办结。",
            workflow.answer,
            AnswerForm,
            code="answered",
        ),
        EnquiryStep(
            "pass",
            "转办",
            "转给应当办理的单位。期限从收到那天算起，不重新计算。",
            workflow.pass_on,
            PassForm,
            code="passed",
        ),
        EnquiryStep(
            "refuse",
            "不予受理",
            "广告、空话，或不属于本站的事。来信人会读到理由，这一件就此办结。",
            workflow.refuse,
            ReasonForm,
            code="refused",
            is_refusal=True,
        ),
        EnquiryStep(
            "reopen",
            "重新办理",
            "答复有误或有新情况时，重新办理。",
            workflow.reopen,
            ReasonForm,
            code="reopened",
        ),
    )
}


class EnquiryStepPage(StepPage):
    list_name = "咨询投诉"

    def hindered(self) -> HttpResponse | None:
        if not works_on(self.row, self.user):
            raise PermissionDenied
        return None

    def done(self) -> str:
        return self.step.done_words


def works_on(enquiry: Enquiry, user: User) -> bool:
    if user.may("enquiries.answer", enquiry.scope_division):
        return True
    return enquiry.office == Office.SUPPORT and user.may("enquiries.support")


def offered(enquiry: Enquiry, user: User) -> list[EnquiryStep]:
    """What this person may do with the enquiry now."""
    return [
        step
        for step in STEPS.values()
        if workflow.step(step.code, enquiry, user).refusal(enquiry, user) is None
    ]
