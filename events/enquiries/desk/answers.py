"""Published answers at the desk: written, reviewed by a second person, published, corrected, withdrawn."""

from typing import Any

from django import forms
from django.contrib import admin

from portal.core.desk.fields import CleanTextField, DayInput
from portal.core.desk.version_admin import VersionAdmin

from ..answers.answering import faults_of, warnings_of
from ..models import TOPICS, AnswerVersion, Kind


class AnswerForm(forms.ModelForm):
    question = CleanTextField(
        label="问",
        max_length=1000,
        help_text="改写成不含姓名、电话、地址的一般问题。",
        widget=forms.Textarea({"rows": 4}),
    )
    reply = CleanTextField(label="答", max_length=5000, widget=forms.Textarea({"rows": 10}))
    answered_on = forms.DateField(label="答复日期", required=False, widget=DayInput)

    class Meta:
        model = AnswerVersion
        fields = ("kind", "topic", "question", "reply", "office", "answered_on", "publish_on", "change_note")

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        topic = cleaned.get("topic")
        if topic and topic not in TOPICS.get(cleaned.get("kind", ""), ()):
            self.add_error("topic", f"「{Kind(cleaned['kind']).label}」没有这个事项，请另选或留空。")
        return cleaned


@admin.register(AnswerVersion)
class AnswerVersionAdmin(VersionAdmin):
    form = AnswerForm
    name_fields = ()
    public_name = "enquiries:answer"
    list_display = ("question_start", "kind", "standing", "answered_on", "created_by")
    list_filter = ("state", "kind")

    @admin.display(description="问")
    def question_start(self, version: AnswerVersion) -> str:
        return str(version)

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        """A region's answer stays the region's, whatever else is chosen: the form has no field for its division."""
        if obj.office != "pilot":
            obj.office_division = ""
        super().save_model(request, obj, form, change)

    def faults(self, version: AnswerVersion) -> list[str]:
        return faults_of(version)

    def warnings(self, version: AnswerVersion) -> list[str]:
        return warnings_of(version)
