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


class ReasonForm(StepForm):
    reason = CleanTextField(
        label="理由",
        help_text="来信人会读到。",
        widget=forms.Textarea({"rows": 4}),
        max_length=300,
        error_messages={"required": "请写明理由，来信人会读到。"},
    )


class PassForm(ReasonForm):
    """To whom: the two national offices, and regions whose officers have accounts."""

    desk = forms.ChoiceField(label="转给", error_messages={"required": "请选择转给谁。"})
    field_order = ("desk", "reason")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        present = (self.row.office, self.row.office_division)
        names = dict(Division.objects.filter(pk__in=staffed_divisions()).values_list("code", "name"))
        desks = [
            (f"{Office.WORKING_GROUP}:", Office.WORKING_GROUP.label),
            (f"{Office.SUPPORT}:", Office.SUPPORT.label),
            *((f"{Office.PILOT}:{code}", f"{name}试点工作人员") for code, name in names.items()),
        ]
        here = ":".join(present)
        self.fields["desk"].choices = [("", "请选择"), *(pair for pair in desks if pair[0] != here)]  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        office, _, division = self.cleaned_data["desk"].partition(":")
        return {"office": office, "division": division, "reason": self.cleaned_data["reason"]}
