"""Form fields of the desk: text is stored as the house stores it, days are typed or picked, rows are named by their codes."""

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.db import models

from portal.core.text.dates import PartialDate, read_stated
from portal.core.text.normalise import clean, clean_name


class CleanCharField(forms.CharField):
    """What nobody can see is taken away before any rule looks at the text."""

    def to_python(self, value: object) -> Any:
        value = super().to_python(value)
        return clean(value) if isinstance(value, str) else value


class NameField(forms.CharField):
    """For names of firms and products: without spaces between Chinese characters."""

    def to_python(self, value: object) -> Any:
        value = super().to_python(value)
        return clean_name(value) if isinstance(value, str) else value


class CleanTextField(forms.CharField):
    """Text of several lines, each cleaned; empty lines between paragraphs become one."""

    widget = forms.Textarea

    def to_python(self, value: object) -> Any:
        value = super().to_python(value)
        if not isinstance(value, str):
            return value
        lines = "\n".join(clean(line) for line in value.splitlines())
        return re.sub(r"\n{3,}", "\n\n", lines).strip("\n")


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict | None = None):
        super().__init__(attrs, format="%Y-%m-%d")


class PartialDateField(forms.CharField):
    """A day, a month or a year, typed as exactly as it is known; gives a PartialDate or None."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("help_text", "写到所知为止：2023-09-15、2023年9月 或 2023年。")
        super().__init__(**kwargs)

    def prepare_value(self, value: object) -> Any:
        return value.isoformat() if isinstance(value, PartialDate) else value

    def to_python(self, value: object) -> Any:
        text = clean(super().to_python(value) or "")
        if not text:
            return None
        try:
            return read_stated(text)
        except ValueError as fault:
            raise forms.ValidationError(str(fault), code="date") from None

    def run_validators(self, value: object) -> None:
        """Reading it was the rule."""

    def has_changed(self, initial: object, data: object) -> bool:
        try:
            return initial != self.to_python(data)
        except forms.ValidationError:
            return True


class LinesField(CleanTextField):
    """A list kept as JSON, typed with one entry a line. `read(line)` gives an entry, `show(entry)` its line."""

    def __init__(
        self,
        *,
        read: Callable[[str], Any] = str,
        show: Callable[[Any], str] = str,
        encoder: object = None,
        decoder: object = None,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.read, self.show = read, show

    def prepare_value(self, value: object) -> Any:
        return "\n".join(self.show(entry) for entry in value) if isinstance(value, list) else value

    def to_python(self, value: object) -> Any:
        """A line that cannot be read is named with its number."""
        if isinstance(value, list):
            return value
        entries = []
        for number, line in enumerate((super().to_python(value) or "").splitlines(), 1):
            if not line:
                continue
            try:
                entries.append(self.read(line))
            except ValueError as fault:
                raise forms.ValidationError(f"第 {number} 行：{fault}", code="line") from None
        return entries

    def run_validators(self, value: object) -> None:
        """`read` was the rule."""

    def has_changed(self, initial: object, data: object) -> bool:
        try:
            return (initial or []) != self.to_python(data)
        except forms.ValidationError:
            return True


class WordsField(forms.CharField):
    """A list of words kept as JSON, typed with 、 or a line for each."""

    def __init__(self, *, encoder: object = None, decoder: object = None, **kwargs: Any):
        super().__init__(**kwargs)

    def prepare_value(self, value: object) -> Any:
        return "、".join(value) if isinstance(value, list) else value

    def to_python(self, value: list | str | None) -> Any:
        if isinstance(value, list):
            return value
        words = (clean_name(word) for word in re.split(r"[、,，;；\n]", value or ""))
        return list(dict.fromkeys(word for word in words if word))

    def has_changed(self, initial: object, data: list | str | None) -> bool:
        return (initial or []) != self.to_python(data)


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

    def to_python(self, value: object) -> Any:
        text = clean(super().to_python(value) or "")
        if not text:
            return None
        row = self.find(text)
        if row is None:
            raise forms.ValidationError(self.unknown, code="unknown", params={"value": text})
        return row

    def run_validators(self, value: object) -> None:
        """`find` was the rule; the validators of text do not fit a row."""

    def has_changed(self, initial: object, data: str | None) -> bool:
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
    models.TextField: {"form_class": CleanTextField, "widget": forms.Textarea(attrs={"rows": 4})},
    models.DateField: {"widget": DayInput},
    models.PositiveSmallIntegerField: {"widget": forms.NumberInput},
    models.JSONField: {"form_class": WordsField, "widget": forms.TextInput},
}
