"""How a case asks for what the catalogue of fields declares: a field of a Django form, whose value JSON can hold."""

import datetime
from dataclasses import replace
from typing import Any

from django import forms

from catalog.fields.field import Field
from catalog.fields.form_fields import DeclaredChoice, DeclaredField


class _Asked:
    """`is_needed` before the case is handed in: a draft may be half done. `label` where the page asks in other words."""

    declared: Field

    def __init__(
        self, declared: Field, *, is_needed: bool = True, label: str = "", remark: str = "", **kwargs: Any
    ):
        self.is_needed = is_needed
        kwargs = {"required": False, "label": f"{label or declared.label}{remark}"} | kwargs
        super().__init__(declared, **kwargs)  # type: ignore[call-arg]

    def to_python(self, value: object) -> Any:
        # A draft that is read again brings what JSON made of a value, such as the number of a text.
        found = super().to_python(value if value is None else str(value))  # type: ignore[misc]
        return found.isoformat() if isinstance(found, datetime.date) else found


class Line(_Asked, DeclaredField):
    def __init__(
        self,
        declared: Field,
        *,
        widget: forms.Widget | None = None,
        attrs: dict[str, str] | None = None,
        **kwargs: Any,
    ):
        widget = widget or forms.TextInput({"class": "input"} | (attrs or {}))
        super().__init__(declared, widget=widget, **kwargs)


class Day(Line):
    """A column without a day holds NULL, an answer an empty text."""

    def __init__(self, declared: Field, **kwargs: Any):
        super().__init__(replace(declared, empty=""), attrs={"class": "input day", "type": "date"}, **kwargs)


class Choice(_Asked, DeclaredChoice):
    def __init__(self, declared: Field, *, unknown: str = "", **kwargs: Any):
        super().__init__(declared, **kwargs)
        self.error_messages["invalid_choice"] = f"「{declared.label}」{unknown}"


class Tick(forms.BooleanField):
    is_needed = False

    def __init__(self, declared: Field, *, label: str):
        self.declared = declared
        super().__init__(label=label, required=False)


class AnswerForm(forms.Form):
    """Answers of which every one may be empty. What was not sent is no answer, save an unticked box."""

    base_fields: dict[str, Any]  # those above, which know what they are declared as
    use_required_attribute = False

    def answers(self, *, is_personal: bool) -> dict[str, Any]:
        """What may be stored, whatever else is wrong."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if (declared := getattr(self.fields[name], "declared", None))
            and declared.is_personal == is_personal
            and not self.fields[name].widget.value_omitted_from_data(self.data, self.files, name)
        }
