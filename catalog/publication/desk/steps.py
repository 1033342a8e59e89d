"""The legal steps of a batch as pages: a GET says what will happen, a POST does it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms

from catalog.publication.models import Batch
from catalog.publication.publishing import workflow
from portal.core.desk.fields import CleanCharField
from portal.core.workflow import Step

Run = Callable[..., Batch]


@dataclass(frozen=True)
class StepPage:
    """`does` tells the consequence before the button is pressed. `run(batch, by=…, …)` takes what the form asks."""

    slug: str
    step: Step
    run: Run
    does: str
    done: str
    button: str
    css: str = ""
    names_digest: bool = False
    weighs_endings: bool = False

    @property
    def asks_reason(self) -> bool:
        return self.step.needs_reason


PAGES = {
    page.slug: page
    for page in (
        StepPage(
            "submit",
            workflow.SUBMIT,
            workflow.submit,
            "每一行的公开内容会冻结下来，得出摘要。之后再改企业、证书、产品，不影响这一批。",
            "已提交，内容已冻结，等另一人批准。",
            "提交并冻结",
            weighs_endings=True,
        ),
        StepPage(
            "approve",
            workflow.APPROVE,
            workflow.approve,
            "您批准的正是这个摘要所指的各行。批准之后内容不能再改，只能退回编制。",
            "已批准。",
            "批准这个摘要",
            names_digest=True,
        ),
        StepPage(
            "send-back",
            workflow.SEND_BACK,
            workflow.send_back,
            "冻结的各行会丢弃，条目保留，编制人改正后重新提交。",
            "已退回编制。",
            "退回编制",
            css="no",
        ),
        StepPage(
            "open-notice",
            workflow.OPEN_NOTICE,
            workflow.open_notice,
            "批次页随即公开，标明公示截止日期；各行在公布之前不进入清单。",
            "公示已开始，批次页已公开。",
            "开始公示",
        ),
        StepPage(
            "publish",
            workflow.PUBLISH,
            workflow.publish,
            "各行随即公开，成为新的一版，被替换的各行同时结束。公布之后不能撤回，只能另发一批更正。",
            "已公布。",
            "公布",
            weighs_endings=True,
        ),
        StepPage(
            "cancel",
            workflow.CANCEL,
            workflow.cancel,
            "这一批作废，编号不再使用。外界没有看到过它。",
            "已取消。",
            "取消这一批",
            css="no",
        ),
        StepPage(
            "stop-notice",
            workflow.STOP_NOTICE,
            workflow.stop_notice,
            "公示终止，不再公布。批次页和理由仍可查看。",
            "公示已终止。",
            "终止公示",
            css="no",
        ),
    )
}


class StepForm(forms.Form):
    """Only the fields that the step asks for."""

    reason = CleanCharField(
        label="理由",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明事实和要改的地方。",
    )
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    ending = forms.IntegerField(label="要结束的行数", min_value=0)

    def __init__(self, *args: Any, page: StepPage, ending: int | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.expected_ending = ending
        if not page.asks_reason:
            del self.fields["reason"]
        if not page.names_digest:
            del self.fields["digest"]
        if ending is None:
            del self.fields["ending"]

    def clean_ending(self) -> int:
        given = self.cleaned_data["ending"]
        if given != self.expected_ending:
            raise forms.ValidationError(
                f"这一批会结束 {self.expected_ending} 行，不是 {given} 行。请核对后重新填写。"
            )
        return given

    def arguments(self) -> dict[str, Any]:
        """What the workflow function takes beside the batch and the person."""
        return {name: self.cleaned_data[name] for name in ("reason", "digest") if name in self.cleaned_data}


def offered(batch: Batch, user: Any) -> tuple[list[StepPage], list[str]]:
    """Pages of the steps that the person may take now; and why a second person is needed where that is the obstacle."""
    pages, notes = [], []
    for page in PAGES.values():
        refusal = page.step.refusal(batch, user)
        if refusal is None:
            if is_timely(page, batch):
                pages.append(page)
        elif refusal.rule == "step.same_person":
            notes.append(refusal.sentence)
    return pages, notes


def is_timely(page: StepPage, batch: Batch) -> bool:
    """Buttons that could only be refused today are not drawn; the address answers all the same."""
    if page.slug == "open-notice":
        return batch.notice_days > 0
    if page.slug == "publish":
        notice_is_due = batch.state == Batch.State.APPROVED and batch.notice_days > 0
        return not notice_is_due and batch.is_notice_over()
    return True
