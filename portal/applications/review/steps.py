"""The steps of a case as the desk offers them: what each one does, what its form asks, and to whom it is open."""

from collections.abc import Callable
from dataclasses import dataclass

from portal.applications.cases.models import Application
from portal.applications.cases.workflow import handling
from portal.applications.cases.workflow.steps import State, office_step
from portal.applications.review import deciding
from portal.core.accounts.models import User
from portal.core.desk.steps import DeskStep
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
)

UNDER_WAY = tuple(handling.UNDER_WAY)
HANDED_IN = tuple(handling.HANDED_IN)
WITH_LINES = deciding.WITH_LINES


@dataclass(frozen=True, kw_only=True)
class CaseStep(DeskStep):
    """`step` says who may take it from which state; the workflow function `run` asks the same again."""

    step: Step
    template: str = "review/step.html"
    is_decision: bool = False
    only: Callable[[Application], bool] = lambda _case: True

    def refusal(self, case: Application, user: User) -> NotAllowed | None:
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

STEPS: dict[str, CaseStep] = {
    step.slug: step
    for step in (
        CaseStep(
            "approve",
            "通过",
            "核对无误。申报的内容写入登记，要公布的编入下一批；公布之前公众读不到。",
            deciding.approve,
            ApproveForm,
            "已通过。",
            step=deciding.APPROVE,
            is_decision=True,
        ),
        CaseStep(
            "items",
            "逐项审核",
            "没有问题的产品先通过，其余的退回补正或不予通过。通过的不再重审。",
            deciding.approve,
            ItemsForm,
            "已逐项审核。",
            step=deciding.APPROVE,
            template="review/items.html",
            is_decision=True,
            only=has_lines,
        ),
        CaseStep(
            "return",
            "退回补正",
            "企业按您选的原因改正后再提交，从那一天起重新计时。",
            deciding.send_back,
            ReasonsForm,
            "已退回，企业会收到原因。",
            step=deciding.RETURN,
            template="review/reasons.html",
            is_decision=True,
        ),
        CaseStep(
            "reject",
            "不予通过",
            "这一件到此为止，不能再补正；企业可以另行申报。",
            deciding.reject,
            ReasonsForm,
            "已办结：不予通过。",
            step=deciding.REJECT,
            template="review/reasons.html",
            is_refusal=True,
            is_decision=True,
        ),
        CaseStep(
            "opinion",
            "填写地区意见",
            "推进组办理全国清单的申报时参考您所在地区的意见。",
            handling.give_opinion,
            OpinionForm,
            "意见已送推进组。",
            step=OPINION,
        ),
        CaseStep(
            "assign",
            "分派",
            "指定由谁承办。其他人仍看得到这一件，也能办理。",
            handling.assign,
            AssignForm,
            "已分派。",
            step=handle("assigned", "分派", UNDER_WAY),
        ),
        CaseStep(
            "pass",
            "转办",
            "转给应当办理的单位。期限从提交那天算起，不重新计算。",
            handling.pass_on,
            PassForm,
            "已转办。",
            step=handle("passed", "转办", UNDER_WAY),
        ),
        CaseStep(
            "recheck",
            "记录复核结果",
            "这一件抽中复核：请重新核对材料，记下结果。",
            handling.record_recheck,
            RecheckForm,
            "复核结果已记录。",
            step=RECHECK,
            only=lambda case: case.is_recheck,
        ),
        CaseStep(
            "message",
            "给企业留言",
            "企业和办理单位都读得到。",
            handling.say,
            MessageForm,
            "留言已发出。",
            step=handle("message", "留言", HANDED_IN),
        ),
        CaseStep(
            "note",
            "写内部备注",
            "只有办理单位读得到。",
            handling.say,
            NoteForm,
            "备注已记下。",
            step=handle("note", "内部备注", HANDED_IN),
        ),
    )
}
WRITING = ("message", "note")


def offered(case: Application, user: User) -> tuple[list[CaseStep], list[str]]:
    """The steps that this person may take now, and why others' steps are not open to this person in particular."""
    taken, told = [], []
    for step in STEPS.values():
        refusal = step.refusal(case, user)
        if refusal is None and step.only(case):
            taken.append(step)
        elif refusal is not None and refusal.rule.startswith("case.") and refusal.rule != "case.opinion":
            told.append(refusal.sentence)
    return taken, list(dict.fromkeys(told))
