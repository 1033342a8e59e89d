"""What is written of a report. Its figures are counted, never typed."""

from django import forms

from .models import ReportVersion


class ReportForm(forms.ModelForm):
    class Meta:
        model = ReportVersion
        fields = ("unit", "summary", "work", "problems", "plans", "publish_on", "change_note")
        widgets = {
            "summary": forms.Textarea({"rows": 6}),
            "work": forms.Textarea({"rows": 10}),
            "problems": forms.Textarea({"rows": 5}),
            "plans": forms.Textarea({"rows": 5}),
        }
