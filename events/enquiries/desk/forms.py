"""What the desk asks for at each step of an enquiry."""

from typing import Any

from django import forms

from catalog.regions.models import Division
from portal.core.desk.fields import CleanTextField
from portal.core.desk.steps import StepForm

from ..models import Office
from ..routing import staffed_divisions
from ..workflow import LONGEST_REPLY


class AnswerForm(StepForm):
    text = CleanTextField(
        label="答复",
        help_text="来信人凭编号和口令读到。不要写他人的姓名、电话。",
        widget=forms.Textarea({"rows": 10}),
        max_length=LONGEST_REPLY,
        error_messages={"required": "请写下答复，不能空着。"},
    )


def reason_field() -> CleanTextField:
    return CleanTextField(
        label="理由",
        help_text="来信人会读到。",
        widget=forms.Textarea({"rows": 4}),
        max_length=300,
        error_messages={"required": "请写明理由，来信人会读到。"},
    )


class ReasonForm(StepForm):
    reason = reason_field()


class DeskChoiceField(forms.ChoiceField):
    """To whom an enquiry goes: the two national offices, and regions whose officers have accounts."""

    def __init__(self, **kwargs: Any):
        super().__init__(label="转给", error_messages={"required": "请选择转给谁。"}, **kwargs)

    def offer(self, *, but: str = "") -> None:
        names = dict(Division.objects.filter(pk__in=staffed_divisions()).values_list("code", "name"))
        desks = [
            (f"{Office.WORKING_GROUP}:", Office.WORKING_GROUP.label),
            (f"{Office.SUPPORT}:", Office.SUPPORT.label),
            *((f"{Office.PILOT}:{code}", f"{name}试点工作人员") for code, name in names.items()),
        ]
        self.choices = [("", "请选择"), *(pair for pair in desks if pair[0] != but)]


def desk_given(cleaned: dict[str, Any]) -> dict[str, Any]:
    """What the workflow takes of a form with `desk` and `reason`."""
    office, _, division = cleaned["desk"].partition(":")
    return {"office": office, "division": division, "reason": cleaned["reason"]}


class PassForm(ReasonForm):
    desk = DeskChoiceField()
    field_order = ("desk", "reason")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field: Any = self.fields["desk"]
        field.offer(but=f"{self.row.office}:{self.row.office_division}")

    def given(self) -> dict[str, Any]:
        return desk_given(self.cleaned_data)


class PassManyForm(forms.Form):
    """The same of many: one of them may lie where the others are to go."""

    desk = DeskChoiceField()
    reason = reason_field()

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        field: Any = self.fields["desk"]
        field.offer()
