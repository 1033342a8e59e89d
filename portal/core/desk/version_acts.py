"""The steps of a version as the desk offers them, and their page. What each one changes is in
`portal.core.workflow.versions`.
"""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse

from portal.core.accounts.models import User
from portal.core.audit.models import AuditEvent
from portal.core.editions import clock
from portal.core.workflow import NoPermission, NotAllowed, versions
from portal.core.workflow.records import Version

from .steps import DeskStep, StepForm, StepPage

Page = Any  # a VersionAdmin, whose module imports this one


class VersionForm(StepForm):
    """Whether a reason is needed is for the workflow to say: an attempt without it is kept in the audit trail."""

    reason = forms.CharField(required=False)


class PublishForm(VersionForm):
    """`read_at` names the submission that was read; `publish_on` is only asked where a version may wait."""

    read_at = forms.CharField(required=False)
    publish_on = forms.CharField(required=False)

    def given(self) -> dict[str, Any]:
        given = super().given()
        return given | {"publish_on": given["publish_on"] if "publish_on" in self.data else None}


@dataclass(frozen=True, kw_only=True)
class VersionStep(DeskStep):
    """`run(version, page=…, by=…, reason=…)` gives the version to go on with, or None."""

    form: type[StepForm] = VersionForm
    template: str = "admin/version_step.html"
    reason_label: str = ""
    needs_reason: bool = False


def _submit(version: Version, *, page: Page, by: User, reason: str) -> Version:
    page.ask_about_warnings(version, reason)
    return page.submit_version(version, by=by, reason=reason)


def _publish(
    version: Version, *, page: Page, by: User, reason: str, read_at: str, publish_on: str | None
) -> Version:
    """The reviewer may choose another day than the writer did, or none."""
    if read_at and read_at != submission_of(version):
        raise NotAllowed("version.reread", "这一内容在您打开之后被退回并重新送审过，请重新阅读后再发布。")
    if publish_on is not None:
        try:
            version.publish_on = forms.DateField(required=False).clean(publish_on)
        except forms.ValidationError as error:
            sentence = "发布日期不是日期，请写成 2026-01-31 这样，或留空。"
            raise NotAllowed("version.day", sentence) from error
    return page.publish_version(version, by=by, reason=reason)


def _send_back(version: Version, *, page: Page, by: User, reason: str) -> Version:
    return page.send_back_version(version, by=by, reason=reason)


def _discard(version: Version, *, page: Page, by: User, reason: str) -> None:
    versions.discard(version, by=by, reason=reason)


def _correct(version: Version, *, page: Page, by: User, reason: str) -> Version:
    return versions.begin(
        type(version),
        version.identity,
        by=by,
        prepare=lambda draft: page.prepare_correction(draft, version),
    )


def _withdraw(version: Version, *, page: Page, by: User, reason: str) -> Version:
    return page.withdraw_version(version, by=by, reason=reason)


def submission_of(version: Version) -> str:
    return version.submitted_at.isoformat() if version.submitted_at else ""


ACTS = {
    act.slug: act
    for act in (
        VersionStep("submit", "送审", "送审后不能再改，由另一人审核并发布。", _submit, reason_label="说明"),
        VersionStep(
            "discard",
            "放弃草稿",
            "草稿会被删除，审计记录保留这件事。",
            _discard,
            reason_label="放弃的理由",
            needs_reason=True,
            is_refusal=True,
        ),
        VersionStep(
            "publish",
            "发布",
            "发布后公众立刻可见（定了日期的到那天可见），并产生新的一版；公开过的内容不能删除。",
            _publish,
            form=PublishForm,
            reason_label="说明",
        ),
        VersionStep(
            "send_back",
            "退回修改",
            "退回给编写人修改，公众看不到任何变化。",
            _send_back,
            reason_label="退回的理由",
            needs_reason=True,
            is_refusal=True,
        ),
        VersionStep(
            "correct",
            "起草新版本",
            "从公开的内容起草一份新版本；发布之前公众看到的仍是现在这一份。",
            _correct,
            done="这是新版本的草稿，从公开的内容开始。",
        ),
        VersionStep(
            "withdraw",
            "撤下",
            "公众会看到这一内容已撤下和理由，原文仍可读到。内容有误时请起草新版本，不要撤下。",
            _withdraw,
            reason_label="撤下的理由（公众会看到）",
            needs_reason=True,
            is_refusal=True,
        ),
    )
}


class VersionStepPage(StepPage[VersionStep, Version]):
    """Tells what is still missing and what the version changes. `page` is the admin page of the versions."""

    def __init__(self, request: HttpRequest, step: VersionStep, row: Version, *, page: Page):
        super().__init__(request, step, row)
        self.page, self.desk = page, page.admin_site
        self.list_name = str(page.opts.verbose_name_plural)

    def hindered(self) -> HttpResponse | None:
        refusal = self.page.refusal(self.step.slug, self.row, self.user)
        if isinstance(refusal, NoPermission) and refusal.rule == "step.permission":
            raise PermissionDenied
        return self.told(refusal, self.form()) if refusal else None

    def told(self, refusal: NotAllowed, form: StepForm) -> HttpResponse:
        return self.ask(form, refusal)

    def take(self, form: StepForm) -> Any:
        self.after = self.step.run(self.row, page=self.page, by=self.user, **form.given())
        return self.after

    def done(self) -> str:
        """Where a publication waits for its day, that day is told."""
        published = self.after if self.step.slug == "publish" else None
        if published is not None and (words := due_words(published)):
            return f"「{self.row}」：{words}。"
        return f"「{self.row}」：{self.step.done_words}"

    def after_href(self, after: models.Model | None) -> str:
        return self.href("change", after.pk) if after is not None else self.href("changelist")

    def context(self) -> dict[str, Any]:
        asks = self.step.slug in ("submit", "publish")
        return {
            "faults": self.page.faults_of(self.row) if asks else [],
            "warnings": self.page.warnings(self.row) if asks else [],
            "differences": self.page.differences(self.row),
            "drawn": self.page.drawn(self.row) if asks else "",
            "notes": self.page.notes(self.step, self.row),
            "asks_day": self.step.slug == "publish" and versions.may_wait(self.row),
            "preview_href": self.page.preview_href(self.row),
            "submission": submission_of(self.row),
            "submit_reason": submit_reason(self.row),
        }


def due_words(version: Version) -> str:
    """「定于 12月5日 公开」 of a version that is published and waits for its day; empty otherwise."""
    day = version.publish_on
    if version.from_edition_id is None or day is None or day <= clock.today():
        return ""
    year = "" if day.year == clock.today().year else f"{day.year}年"
    return f"定于 {year}{day.month}月{day.day}日 公开"


def submit_reason(version: Version) -> str:
    """Why it went on in spite of a warning, as its writer said."""
    if version.submitted_at is None:
        return ""
    step = versions.submit_step(type(version)).code
    events = AuditEvent.objects.filter(
        step=step, target=version._meta.label_lower, target_id=str(version.pk), is_success=True
    )
    return events.values_list("reason", flat=True).first() or ""
