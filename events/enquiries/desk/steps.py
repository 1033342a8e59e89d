"""The steps of an enquiry as the desk offers them: what each one does, and what its form asks."""

from collections.abc import Callable
from dataclasses import dataclass

from .. import workflow
from ..models import Enquiry
from .forms import AcceptForm, AnswerForm, PassForm, ReasonForm, StepForm


@dataclass(frozen=True)
class DeskStep:
    slug: str
    code: str
    button: str
    does: str
    run: Callable[..., Enquiry]
    form: type[StepForm]
    is_refusal: bool = False


STEPS = {
    step.slug: step
    for step in (
        DeskStep(
            "accept",
            "accepted",
            "受理",
            "您看过了，这是一封真的来信。从收到那天起计算的期限不变。",
            workflow.accept,
            AcceptForm,
        ),
        DeskStep(
            "answer",
            "answered",
            "答复",
            "来信人凭编号和口令读到答复，这一件就此办结。",
            workflow.answer,
            AnswerForm,
        ),
        DeskStep(
            "pass",
            "passed",
            "转办",
            "转给应当办理的单位。期限从收到那天算起，不重新计算。",
            workflow.pass_on,
            PassForm,
        ),
        DeskStep(
            "refuse",
            "refused",
            "不予受理",
            "广告、空话，或不属于本站的事。来信人会读到理由，这一件就此办结。",
            workflow.refuse,
            ReasonForm,
            is_refusal=True,
        ),
        DeskStep(
            "reopen", "reopened", "重新办理", "答复有误或有新情况时，重新办理。", workflow.reopen, ReasonForm
        ),
    )
}


def offered(enquiry: Enquiry, user) -> list[DeskStep]:
    """What this person may do with the enquiry now."""
    return [
        step
        for step in STEPS.values()
        if workflow.step(step.code, enquiry, user).refusal(enquiry, user) is None
    ]
