"""The steps of a case as the desk offers them: what each one does, what its form asks, and to whom it is open."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from portal.applications.cases.models import Application
from portal.applications.cases.workflow import handling
from portal.applications.cases.workflow.steps import State, office_step
from portal.applications.review import deciding
from portal.core.workflow import NotAllowed, Step

from .forms import (
    ApproveForm,
    AssignForm,
    ItemsForm,
    MessageForm,
    NoteForm,
    OpinionForm,
    PassForm,
    ReasonsForm,
    RecheckForm,
    StepForm,
)

UNDER_WAY = tuple(handling.UNDER_WAY)
HANDED_IN = tuple(handling.HANDED_IN)
WITH_LINES = deciding.WITH_LINES


@dataclass(frozen=True)
class DeskStep:
    """`step` says who may take it from which state; the workflow function `run` asks the same again."""

    slug: str
    button: str
    does: str
    step: Step
    run: Callable[..., Any]
    form: type[StepForm]
    done: str
    template: str = "review/step.html"
    is_refusal: bool = False
    is_decision: bool = False
    only: Callable[[Application], bool] = lambda _case: True

    def refusal(self, case: Application, user: Any) -> NotAllowed | None:
        if self.slug == "message" and handling.is_helping(case, user):
            return None
        return self.step.refusal(case, user)


def has_lines(case: Application) -> bool:
    return case.kind in WITH_LINES and case.items.filter(state="pending").exists()


def handle(code: str, label: str, sources: tuple[str, ...]) -> Step:
    return office_step(code, label, handling.HANDLE, sources, State.SUBMITTED)


OPINION = handling.OpinionStep(
    "case.opinion", "填写地区意见", handling.HANDLE, (State.SUBMITTED,), State.SUBMITTED
)
RECHECK = office_step("rechecked", "复核", deciding.CAPABILITY, (State.APPROVED,), State.APPROVED)

STEPS: dict[str, DeskStep] = {
    step.slug: step
    for step in (
        DeskStep(
            "approve",
            "通过",
            "核对无误。申报的内容写入登记，要公布的编入下一批；公布之前公众读不到。",
            deciding.APPROVE,
            deciding.approve,
            ApproveForm,
            "已通过。",
            is_decision=True,
        ),
        DeskStep(
            "items",
            "逐项审核",
            "没有问题的产品先通过，其余的退回补正或不予通过。通过的不再重审。",
            deciding.APPROVE,
            deciding.approve,
            ItemsForm,
            "已逐项审核。",
            template="review/items.html",
            is_decision=True,
            only=has_lines,
        ),
        DeskStep(
            "return",
            "退回补正",
            "企业按您选的原因改正后再提交，从那一天起重新计时。",
            deciding.RETURN,
            deciding.send_back,
            ReasonsForm,
            "已退回，企业会收到原因。",
            template="review/reasons.html",
            is_decision=True,
        ),
        DeskStep(
            "reject",
            "不予通过",
            "这一件到此为止，不能再补正；企业可以另行申报。",
            deciding.REJECT,
            deciding.reject,
            ReasonsForm,
            "已办结：不予通过。",
            template="review/reasons.html",
            is_refusal=True,
            is_decision=True,
        ),
        DeskStep(
            "opinion",
            "填写地区意见",
            "推进组办理全国清单的申报时参考您所在地区的意见。",
            OPINION,
            handling.give_opinion,
            OpinionForm,
            "意见已送推进组。",
        ),
        DeskStep(
            "assign",
            "分派",
            "指定由谁承办。其他人仍看得到这一件，也能办理。",
            handle("assigned", "分派", UNDER_WAY),
            handling.assign,
            AssignForm,
            "已分派。",
        ),
        DeskStep(
            "pass",
            "转办",
            "转给应当办理的单位。期限从提交那天算起，不重新计算。",
            handle("passed", "转办", UNDER_WAY),
            handling.pass_on,
            PassForm,
            "已转办。",
        ),
        DeskStep(
            "recheck",
            "记录复核结果",
            "这一件抽中复核：请重新核对材料，记下结果。",
            RECHECK,
            handling.record_recheck,
            RecheckForm,
            "复核结果已记录。",
            only=lambda case: case.is_recheck,
        ),
        DeskStep(
            "message",
            "给企业留言",
            "企业和办理单位都读得到。",
            handle("message", "留言", HANDED_IN),
            handling.say,
            MessageForm,
            "留言已发出。",
        ),
        DeskStep(
            "note",
            "写内部备注",
            "只有办理单位读得到。",
            handle("note", "内部备注", HANDED_IN),
            handling.say,
            NoteForm,
            "备注已记下。",
        ),
    )
}
WRITING = ("message", "note")


def offered(case: Application, user: Any) -> tuple[list[DeskStep], list[str]]:
    """The steps that this person may take now, and why others' steps are not open to this person in particular."""
    taken, told = [], []
    for step in STEPS.values():
        refusal = step.refusal(case, user)
        if refusal is None and step.only(case):
            taken.append(step)
        elif refusal is not None and refusal.rule.startswith("case.") and refusal.rule != "case.opinion":
            told.append(refusal.sentence)
    return taken, list(dict.fromkeys(told))
