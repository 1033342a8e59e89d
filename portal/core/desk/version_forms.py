"""Forms of versions: dates that are typed as exactly as they are known, and the region to which a new record belongs."""

from typing import Any

from django import forms

from portal.core.accounts.models import User
from portal.core.accounts.roles import covers
from portal.core.text.dates import PartialDate

Stated = dict[str, tuple[str, str, str]]


class StatedDates(forms.ModelForm):
    """`STATED` names for a PartialDateField the column of its day, of its precision, and which day counts: first or last.

    A field named in `LIKE` and left empty says the same as the other one.
    """

    STATED: Stated = {}
    LIKE: dict[str, str] = {}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name, (day, precision, _which) in self.STATED.items():
            if name in self.fields and getattr(self.instance, day):
                stated = PartialDate.of(getattr(self.instance, day), getattr(self.instance, precision))
                self.initial.setdefault(name, stated)

    def clean(self) -> dict[str, Any]:
        """The columns are set here, so that the constraints of the row are asked with them."""
        cleaned = super().clean() or self.cleaned_data
        for name, (day, precision, which) in self.STATED.items():
            if name in self.fields and name not in self.errors:
                stated = cleaned.get(name) or cleaned.get(self.LIKE.get(name, ""))
                value = stated and (stated.first_day if which == "first" else stated.last_day)
                setattr(self.instance, day, value)
                setattr(self.instance, precision, stated.precision if stated else "")
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        stated = [columns[:2] for name, columns in self.STATED.items() if self.cleaned_data.get(name)]
        return super()._get_validation_exclusions() - {column for pair in stated for column in pair}  # type: ignore[misc]


class ScopedForm(forms.ModelForm):
    """Asks with the first version to which region a record belongs. `user` is who fills it in."""

    user: User | None = None

    scope = forms.CharField(label="归口地区", required=False, max_length=6)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["scope"]
            return
        scopes = self.user.scopes("content.edit") if self.user else None
        self.fields["scope"].help_text = "区划代码，该地区的工作人员也能修改；全国性的留空。"
        if scopes:
            self.fields["scope"].required = True
            self.fields["scope"].help_text = f"您负责的地区：{'、'.join(scopes)}。"
            self.initial.setdefault("scope", scopes[0])

    def clean_scope(self) -> str:
        scope = self.cleaned_data["scope"].strip()
        if scope and not (len(scope) == 6 and scope.isascii() and scope.isdigit()):
            raise forms.ValidationError("请填写六位区划代码。")
        if self.user and not self.user.may("content.edit", scope):
            raise forms.ValidationError("这个地区不归您负责。")
        return scope

    def scope_of_record(self) -> str:
        """The record's region, of a new record the one that was typed."""
        return self.instance.scope_division if self.instance.pk else self.cleaned_data.get("scope", "")

    def refuse_outside(self, name: str, code: str | None) -> None:
        """A record of a region tells of nothing outside it."""
        scope = self.scope_of_record()
        if code and scope and not covers(scope, code):
            self.add_error(name, "不在归口地区之内。")
