"""The legal steps of a batch as the desk offers them, and the page on which one is asked and taken."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from catalog.publication.models import Batch
from catalog.publication.publishing import workflow
from catalog.publication.publishing.ordering import standing_of, submit_or_order
from portal.core.accounts.models import User
from portal.core.desk.fields import CleanCharField
from portal.core.desk.steps import DeskStep, StepForm, StepPage
from portal.core.workflow import NotAllowed, Step

from .lines import BatchLines, whole
from .shown import REGISTERS


class ReasonForm(StepForm):
    reason = CleanCharField(
        label="理由",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明事实和要改的地方。",
    )


class DigestForm(StepForm):
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)


class EndingForm(StepForm):
    """Where a step would end much of what is listed, the number of lines has to be typed."""

    ending = forms.IntegerField(label="要结束的行数", min_value=0)

    def weigh(self, lines: BatchLines) -> None:
        self.expected_ending = lines.endings.count
        if not lines.endings.must_be_typed:
            del self.fields["ending"]

    def clean_ending(self) -> int:
        given = self.cleaned_data["ending"]
        if given != self.expected_ending:
            raise forms.ValidationError(
                f"这一批会结束 {self.expected_ending} 行，不是 {given} 行。请核对后重新填写。"
            )
        return given

    def given(self) -> dict[str, Any]:
        return {}


@dataclass(frozen=True, kw_only=True)
class BatchStep(DeskStep):
    """`step` says who may take it from which state; `run` asks the same again."""

    step: Step
    template: str = "publication/desk/step.html"
    tells_endings: bool = False

    @property
    def names_digest(self) -> bool:
        return issubclass(self.form, DigestForm)

    @property
    def weighs_endings(self) -> bool:
        """Whether its page tells how much of a list would go."""
        return self.tells_endings or issubclass(self.form, EndingForm)


def batch_step(slug: str, step: Step, *args: Any, **more: Any) -> BatchStep:
    """On the page a step is called what it is called in the workflow."""
    return BatchStep(slug, step.label, *args, step=step, **more)


STEPS = {
    step.slug: step
    for step in (
        batch_step(
            "submit",
            workflow.SUBMIT,
            "每一行的公开内容会冻结下来，得出摘要。之后再改企业、证书、产品，不影响这一批。",
            submit_or_order,
            done="已提交，内容已冻结，等另一人批准。",
            button="提交并冻结",
            tells_endings=True,
        ),
        batch_step(
            "take-back",
            workflow.TAKE_BACK,
            "还没有人批准，您可以收回自己的提交：冻结的各行会丢弃，条目保留，改好后再提交。",
            workflow.take_back,
            done="已收回，可以接着改。",
            button="收回这次提交",
        ),
        batch_step(
            "approve",
            workflow.APPROVE,
            "您批准的正是这个摘要所指的各行。批准之后内容不能再改，只能退回编制。",
            workflow.approve,
            DigestForm,
            "已批准。",
            "批准这个摘要",
        ),
        batch_step(
            "send-back",
            workflow.SEND_BACK,
            "冻结的各行会丢弃，条目保留，编制人改正后重新提交。",
            workflow.send_back,
            ReasonForm,
            "已退回编制。",
            is_refusal=True,
        ),
        batch_step(
            "open-notice",
            workflow.OPEN_NOTICE,
            "批次页随即公开，标明公示截止日期；各行在公布之前不进入清单。",
            workflow.open_notice,
            done="公示已开始，批次页已公开。",
        ),
        batch_step(
            "publish",
            workflow.PUBLISH,
            "各行随即公开，成为新的一版，被替换的各行同时结束。公布之后不能撤回，只能另发一批更正。",
            workflow.publish,
            EndingForm,
            "已公布。",
        ),
        batch_step(
            "cancel",
            workflow.CANCEL,
            "这一批作废，编号不再使用。外界没有看到过它。",
            workflow.cancel,
            ReasonForm,
            "已取消。",
            "取消这一批",
            is_refusal=True,
        ),
        batch_step(
            "stop-notice",
            workflow.STOP_NOTICE,
            "公示终止，不再公布。批次页和理由仍可查看。",
            workflow.stop_notice,
            ReasonForm,
            "公示已终止。",
            is_refusal=True,
        ),
    )
}


class BatchStepPage(StepPage):
    """What stands in the way is told before the button is pressed, and which lines would end."""

    list_name = "批次"

    def hindered(self) -> HttpResponse | None:
        """A POST goes on without the capability: the workflow refuses it and keeps the attempt."""
        self.lines = whole(self.row)
        is_able = self.user.may(self.step.step.capability, self.row.scope_division)
        if self.request.method == "GET" and not is_able:
            raise PermissionDenied
        return None

    def form(self) -> StepForm:
        form = super().form()
        if isinstance(form, EndingForm):
            form.weigh(self.lines)
        return form

    def ask(self, form: Any, refusal: NotAllowed | None = None) -> HttpResponse:
        obstacle = self.step.step.refusal(self.row, self.user)
        if self.request.method == "POST" and obstacle is not None:
            return self.refused(obstacle)
        self.obstacle = obstacle
        return super().ask(form, refusal)

    def take(self, form: Any) -> Batch:
        self.after = super().take(form)
        return self.after

    def done(self) -> str:
        """A large draft is still one after the button was pressed: a job freezes it."""
        standing = standing_of(self.after)
        is_ordered = standing is not None and standing.is_pending
        return f"{self.name()}：已交给后台冻结，不用再按。" if is_ordered else super().done()

    def name(self) -> str:
        return self.row.slug

    def heading(self) -> str:
        return f"{self.step.label}：{self.row.title}"

    def initial(self) -> dict[str, Any]:
        return {"digest": self.request.GET.get("digest", self.row.digest)}

    def context(self) -> dict[str, Any]:
        return {
            "title": f"{self.step.label} {self.row.slug}",
            "obstacle": self.obstacle,
            "lines": self.lines,
            "registers": [(label, self.lines.count(name)) for name, (label, _model) in REGISTERS.items()],
            "problems": self.lines.problems[:200] if self.step.slug == "submit" else [],
        }


def offered(batch: Batch, user: User) -> tuple[list[BatchStep], list[str]]:
    """The steps that the person may take now; and why a second person is needed where that is the obstacle."""
    steps, notes = [], []
    for step in STEPS.values():
        refusal = step.step.refusal(batch, user)
        if refusal is None:
            if is_timely(step, batch):
                steps.append(step)
        elif refusal.rule == "step.same_person":
            notes.append(refusal.sentence)
    return steps, notes


def is_timely(step: BatchStep, batch: Batch) -> bool:
    """Buttons that could only be refused today are not drawn; the address answers all the same."""
    if step.slug == "open-notice":
        return batch.notice_days > 0
    if step.slug == "publish":
        notice_is_due = batch.state == Batch.State.APPROVED and batch.notice_days > 0
        return not notice_is_due and batch.is_notice_over()
    return True
