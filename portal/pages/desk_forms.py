"""Form fields of the desk: text is stored as the house stores it, days are typed or picked, rows are named by their codes."""

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.db import models

from portal.text.normalise import clean, clean_name


class CleanCharField(forms.CharField):
    """What nobody can see is taken away before any rule looks at the text."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return clean(value) if isinstance(value, str) else value


class NameField(forms.CharField):
    """For names of firms and products: without spaces between Chinese characters."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return clean_name(value) if isinstance(value, str) else value


class CleanTextField(forms.CharField):
    """Text of several lines, each cleaned; empty lines between paragraphs become one."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        if not isinstance(value, str):
            return value
        lines = "\n".join(clean(line) for line in value.splitlines())
        return re.sub(r"\n{3,}", "\n\n", lines).strip("\n")


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict | None = None):
        super().__init__(attrs, format="%Y-%m-%d")


class WordsField(forms.CharField):
    """A list of words kept as JSON, typed with 、 or a line for each."""

    def __init__(self, *, encoder: Any = None, decoder: Any = None, **kwargs: Any):
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "、".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        words = (clean_name(word) for word in re.split(r"[、,，;；\n]", value or ""))
        return list(dict.fromkeys(word for word in words if word))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return list(initial or []) != self.to_python(data)


class CodeField(forms.CharField):
    """A key to another row, typed as the code that people know it by; works with 10,000 rows and without a script.

    `find(text)` gives the row or None, `show(key)` the text for a present key.
    """

    def __init__(
        self,
        *,
        find: Callable[[str], models.Model | None],
        show: Callable[[Any], str],
        unknown: str,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.find, self.show, self.unknown = find, show, unknown

    def to_python(self, value: Any) -> Any:
        text = clean(super().to_python(value) or "")
        if not text:
            return None
        row = self.find(text)
        if row is None:
            raise forms.ValidationError(self.unknown, code="unknown", params={"value": text})
        return row

    def run_validators(self, value: Any) -> None:
        """`find` was the rule; the validators of text do not fit a row."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (self.show(initial) if initial else "") != clean(data or "")

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        return CodeBoundField(form, self, field_name)


class CodeBoundField(forms.BoundField):
    """Shows the code of the row that the form began with, and what was typed once it was sent."""

    def value(self) -> Any:
        if self.form.is_bound:
            return super().value()
        return self.field.show(self.initial) if self.initial else ""  # type: ignore[attr-defined]


DESK_WIDGETS: dict[type[models.Field], dict[str, Any]] = {
    models.CharField: {"form_class": CleanCharField, "widget": forms.TextInput},
    models.SlugField: {"form_class": forms.SlugField, "widget": forms.TextInput},
    models.TextField: {"form_class": CleanTextField, "widget": forms.Textarea},
    models.DateField: {"widget": DayInput},
    models.PositiveSmallIntegerField: {"widget": forms.NumberInput},
    models.JSONField: {"form_class": WordsField, "widget": forms.TextInput},
}
