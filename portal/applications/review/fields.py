"""Fields that the forms of the review desk share: free text, and reasons of the kept list with a line for more."""

from typing import Any

from django import forms

from portal.applications.cases.reasons import LONGEST_TEXT, OTHER, Reason
from portal.applications.cases.workflow.handling import LONGEST_TEXT as LONGEST_MESSAGE
from portal.core.desk.fields import CleanCharField, CleanTextField

Choices = list[tuple[str, list[tuple[str, str]]]]


def text_field(label: str, *, required: bool = False, help_text: str = "", rows: int = 4) -> CleanTextField:
    return CleanTextField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea({"rows": rows}),
        error_messages={"required": f"请写明{label}。"},
    )


class ReasonGroup:
    """The kept reasons of one field as ticks, with a line for free text."""

    def __init__(self, form: forms.Form, label: str, ticks: str, text: str):
        self.label, self.ticks, self.text = label, form[ticks], form[text]


class ReasonsMixin:
    """Fields `ticks_<field>` and `text_<field>` for each group of reasons; `reasons()` reads them back."""

    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]
    groups: list[tuple[str, str]]

    def offer(self, choices: Choices) -> None:
        self.groups = []
        for label, pairs in choices:
            name = pairs[0][0].partition(":")[0]
            kept = [pair for pair in pairs if not pair[0].endswith(f":{OTHER}")]
            self.fields[f"ticks_{name}"] = forms.MultipleChoiceField(
                label=label, choices=kept, required=False, widget=forms.CheckboxSelectMultiple
            )
            self.fields[f"text_{name}"] = CleanCharField(
                label=f"{label}：说明", required=False, max_length=LONGEST_TEXT
            )
            self.groups.append((label, name))

    def reason_groups(self) -> list[ReasonGroup]:
        return [
            ReasonGroup(self, label, f"ticks_{name}", f"text_{name}")  # type: ignore[arg-type]
            for label, name in self.groups
        ]

    def reasons(self) -> list[Reason]:
        """Free text explains the last tick of its field; without a tick it is a reason by itself."""
        found = []
        for _label, name in self.groups:
            codes = [value.partition(":")[2] for value in self.cleaned_data[f"ticks_{name}"]]
            text = self.cleaned_data[f"text_{name}"]
            if text and not codes:
                codes = [OTHER]
            found += [Reason(name, code, text if code == codes[-1] else "") for code in codes]
        return found
