"""What the review desk asks for at each step. Reasons come from the kept list, with free text beside them."""

from collections import Counter
from typing import Any

from django import forms

from portal.applications.cases.models import Application, Item, ItemState
from portal.applications.cases.offices import staffed_offices
from portal.applications.cases.reasons import LONGEST_TEXT, OTHER, Reason, item_reason_choices, reason_choices
from portal.applications.cases.workflow.steps import conflict_of
from portal.applications.review.deciding import ItemDecision
from portal.core.accounts.models import User
from portal.core.accounts.roles import ROLES
from portal.core.desk.fields import CleanCharField
from portal.core.desk.steps import StepForm
from portal.core.text import uscc

from .fields import ReasonsMixin, text_field
from .reading import newest_submission

VERDICTS = {"approved": "通过", "returned": "退回", "rejected": "不予通过"}


class DecisionForm(StepForm):
    """Carries the digest of the submission that was read: a newer one is refused with 「请重新阅读」."""

    digest = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)
    text = text_field("附言", help_text="企业会读到。")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        newest = newest_submission(self.row)
        self.fields["digest"].initial = newest.digest if newest else ""


class ApproveForm(DecisionForm):
    """A code that fails the standard, and a disputed enterprise, ask one thing more."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if needs_override(self.row):
            self.fields["uscc_override"] = CleanCharField(
                label="信用代码例外说明",
                max_length=200,
                help_text=f"{self.row.uscc} 的校验位不符。与营业执照逐位核对一致后才可通过，例如写「证照核对一致」。",
                error_messages={
                    "required": "请与营业执照逐位核对，一致的写「证照核对一致」；不一致的请退回。"
                },
            )
        if self.row.is_disputed:
            self.fields["keep_owner"] = forms.ChoiceField(
                label="原管理人",
                choices=[
                    ("end", "结束原管理人和其他成员的身份，由申报人管理"),
                    ("keep", "保留原管理人，两人都是管理人"),
                ],
                widget=forms.RadioSelect,
                help_text="这家企业已有管理人。请按营业执照和授权书判断谁代表企业；身份结束的人都会收到通知。",
                error_messages={"required": "请选择原管理人是结束还是保留。"},
            )

    def given(self) -> dict[str, Any]:
        given = super().given()
        if "keep_owner" in given:
            given["keep_owner"] = given["keep_owner"] == "keep"
        return given


class ReasonsForm(ReasonsMixin, DecisionForm):
    """For a return or a rejection of the whole case."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.offer(reason_choices(self.row.kind))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not self.reasons():
            raise forms.ValidationError("请至少选一条原因或写明一处问题，企业要按它改正。", code="reason")
        return cleaned

    def given(self) -> dict[str, Any]:
        return {
            "digest": self.cleaned_data["digest"],
            "text": self.cleaned_data["text"],
            "reasons": self.reasons(),
        }


class ItemsForm(DecisionForm):
    """One verdict a product line, 「通过」 unless said otherwise; what is not approved names a reason.

    `told` is what the button said. A script keeps it with the choices; without one the page asks once more.
    """

    told = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.pending: list[Item] = list(
            self.row.items.filter(state=ItemState.PENDING).select_related("category")
        )
        kept = item_reason_choices()
        choices = [
            ("approved", "通过"),
            ("退回补正", [(f"returned:{value}", f"退回：{words}") for value, words in kept]),
            ("不予通过", [(f"rejected:{value}", f"不予通过：{words}") for value, words in kept]),
        ]
        for item in self.pending:
            self.fields[f"verdict_{item.pk}"] = forms.ChoiceField(
                label=f"第 {item.position} 行的决定", choices=choices, initial="approved"
            )
            self.fields[f"text_{item.pk}"] = CleanCharField(
                label=f"第 {item.position} 行的说明", required=False, max_length=LONGEST_TEXT
            )

    @property
    def press(self) -> str:
        """What the button will do, as it is chosen now: 「通过 3 项，退回 1 项」."""
        states = Counter(
            (self[f"verdict_{item.pk}"].value() or "").partition(":")[0] for item in self.pending
        )
        return "，".join(f"{word} {states[state]} 项" for state, word in VERDICTS.items() if states[state])

    def lines(self) -> list[tuple[Item, Any, Any]]:
        """(item, its verdict, its free text) for the table."""
        return [(item, self[f"verdict_{item.pk}"], self[f"text_{item.pk}"]) for item in self.pending]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for item in self.pending:
            verdict, text = cleaned.get(f"verdict_{item.pk}", ""), cleaned.get(f"text_{item.pk}", "")
            if verdict.endswith(f":{OTHER}") and not text:
                self.add_error(f"text_{item.pk}", "选了「其他」，请写明是什么问题、怎样改。")
            elif verdict == "approved" and text:
                self.add_error(f"verdict_{item.pk}", "写了说明，决定却是「通过」：请选择原因，或删去说明。")
        if not self.errors and cleaned.get("told", self.press) not in ("", self.press):
            raise forms.ValidationError(f"您的选择是：{self.press}。请核对，再按一次。", code="told")
        return cleaned

    def given(self) -> dict[str, Any]:
        verdicts = {item.pk: self._verdict(item) for item in self.pending}
        return {"digest": self.cleaned_data["digest"], "text": self.cleaned_data["text"], "items": verdicts}

    def _verdict(self, item: Item) -> ItemDecision:
        state, _, reason = self.cleaned_data[f"verdict_{item.pk}"].partition(":")
        if state == ItemState.APPROVED:
            return ItemDecision(ItemState.APPROVED)
        field, _, code = reason.partition(":")
        return ItemDecision(state, [Reason(field, code, self.cleaned_data[f"text_{item.pk}"], item.pk)])


class AssignForm(StepForm):
    """To whom: accounts that could decide this case."""

    to = forms.ChoiceField(label="承办人", required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.people = {str(user.pk): user for user in deciders(self.row)}
        nobody = [("", "不指定")] if self.row.assigned_to_id else [("", "请选择")]
        chosen = [
            (key, f"{user}（我）" if user == self.user else str(user)) for key, user in self.people.items()
        ]
        self.fields["to"].choices = [*nobody, *chosen]  # type: ignore[attr-defined]

    def clean_to(self) -> User | None:
        chosen = self.people.get(self.cleaned_data["to"])
        if chosen is None and not self.row.assigned_to_id:
            raise forms.ValidationError("请选择由谁承办。")
        return chosen


class PassForm(StepForm):
    office = forms.ChoiceField(label="转给", error_messages={"required": "请选择转给谁。"})
    reason = text_field("理由", required=True, help_text="企业会读到。")

    WORKING_GROUP = "national"

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        others = [
            (code or self.WORKING_GROUP, name) for code, name in staffed_offices() if code != self.row.office
        ]
        self.fields["office"].choices = [("", "请选择"), *others]  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        office = self.cleaned_data["office"]
        return {
            "office": "" if office == self.WORKING_GROUP else office,
            "reason": self.cleaned_data["reason"],
        }


class OpinionForm(StepForm):
    is_favourable = forms.ChoiceField(
        label="意见",
        choices=[("yes", "同意"), ("no", "不同意")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择同意或不同意。"},
    )
    text = text_field("说明", help_text="不同意的须写明理由。")

    def given(self) -> dict[str, Any]:
        return {
            "is_favourable": self.cleaned_data["is_favourable"] == "yes",
            "text": self.cleaned_data["text"],
        }


class MessageForm(StepForm):
    text = text_field("留言", required=True, help_text="企业会读到，并收到通知。")

    def given(self) -> dict[str, Any]:
        return {"text": self.cleaned_data["text"], "is_internal": False}


class NoteForm(StepForm):
    text = text_field("内部备注", required=True, help_text="只有办理单位读到。")

    def given(self) -> dict[str, Any]:
        return {"text": self.cleaned_data["text"], "is_internal": True}


class RecheckForm(StepForm):
    is_sound = forms.ChoiceField(
        label="复核结果",
        choices=[("yes", "无误"), ("no", "发现问题")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择无误或发现问题。"},
    )
    text = text_field("说明", help_text="发现问题的，写明是什么问题、怎样处理。")

    def given(self) -> dict[str, Any]:
        return {"is_sound": self.cleaned_data["is_sound"] == "yes", "text": self.cleaned_data["text"]}


def needs_override(case: Application) -> bool:
    """Whether approval needs somebody who compared a code that fails the standard with the licence."""
    accepted = case.enterprise is not None and bool(case.enterprise.uscc_override_reason)
    return not accepted and not uscc.verdict(case.uscc).is_valid


def deciders(case: Application) -> list[User]:
    """Accounts that may decide the case and have no part in it."""
    roles = [name for name, role in ROLES.items() if "cases.decide" in role.capabilities]
    staff = User.objects.filter(is_active=True, is_staff=True, grants__role__in=roles).distinct()
    able = [
        user for user in staff.prefetch_related("grants") if user.may("cases.decide", case.scope_division)
    ]
    return [user for user in able if conflict_of(case, user) is None]
