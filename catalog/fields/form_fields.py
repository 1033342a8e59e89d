"""The fields of the catalogue as Django's forms take them: one declaration, one verdict, one sentence."""

from typing import Any

from django import forms

from catalog.fields.field import Field
from catalog.fields.invalid import InvalidValue


class DeclaredField(forms.CharField):
    """Label, help, cleaning and refusal of a declared field. No limit in the page: a browser would cut without a word."""

    def __init__(self, declared: Field, **kwargs: Any):
        self.declared = declared
        kwargs.setdefault("label", declared.label)
        kwargs.setdefault("help_text", declared.help)
        kwargs.setdefault("required", declared.is_required)
        super().__init__(strip=False, **kwargs)

    def to_python(self, value: object) -> Any:
        return read(self.declared, value)

    def run_validators(self, value: object) -> None:
        """Reading it was the rule."""

    def has_changed(self, initial: object, data: object) -> bool:
        try:
            return bool((initial or self.declared.empty) != self.to_python(data))
        except forms.ValidationError:
            return True


class DeclaredDay(DeclaredField):
    """A day, picked or typed in any of the ways that a cell may hold."""

    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class DeclaredChoice(forms.ChoiceField):
    """One of a few values; its words are understood too."""

    def __init__(self, declared: Field, **kwargs: Any):
        self.declared = declared
        kwargs.setdefault("label", declared.label)
        kwargs.setdefault("help_text", declared.help)
        kwargs.setdefault("required", declared.is_required)
        super().__init__(**kwargs)

    def to_python(self, value: object) -> Any:
        return read(self.declared, value)


def read(declared: Field, value: object) -> Any:
    """What a field holds for what was sent. Raises ValidationError with the rule as its code."""
    if value is not None and not isinstance(value, str):
        return value
    try:
        return declared.read(value or "")
    except InvalidValue as fault:
        raise forms.ValidationError(fault.sentence, code=fault.rule) from None
