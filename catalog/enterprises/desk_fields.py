"""How an enterprise, and the places it sells in, are typed at the desk."""

from typing import Any

from django import forms

from catalog.fields.catalogue import ENTERPRISE
from catalog.regions.desk_fields import division_named
from catalog.regions.naming import DivisionNames
from portal.core.desk.fields import CleanCharField, CodeField
from portal.core.text import uscc
from portal.core.text.normalise import fold

from .models import Enterprise
from .selling import NATIONWIDE, NATIONWIDE_WORDS, SEPARATOR, places_of, words_of


class SellsInField(CleanCharField):
    """「全国」, or names and codes of divisions; kept as codes, shown by their names."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("label", ENTERPRISE["sells_in"].label)
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", ENTERPRISE["sells_in"].limit)
        kwargs.setdefault("help_text", ENTERPRISE["sells_in"].help)
        super().__init__(**kwargs)

    def prepare_value(self, value: str | None) -> Any:
        codes = places_of(value or "")
        if not codes or not all(code.isdigit() for code in codes):
            return value
        names = DivisionNames()
        return SEPARATOR.join(names.full(code) or code for code in codes)

    def to_python(self, value: object) -> Any:
        words = words_of(super().to_python(value) or "")
        if not words:
            return ""
        if any(fold(word) in NATIONWIDE_WORDS for word in words):
            return NATIONWIDE
        found = {word: division_named(word) for word in words}
        unknown = [word for word, division in found.items() if division is None]
        if unknown:
            raise forms.ValidationError(
                f"没有这个地区，或同名的不止一个：{SEPARATOR.join(unknown)}。请从省级写起，或写六位代码。"
            )
        return SEPARATOR.join(dict.fromkeys(division.code for division in found.values() if division))

    def has_changed(self, initial: object, data: object) -> bool:
        try:
            return (initial or "") != self.to_python(data)
        except forms.ValidationError:
            return True


def enterprise_named(text: str) -> Enterprise | None:
    """By the unified social credit code, or by the full name where one bears it."""
    found = Enterprise.objects.filter(uscc=uscc.normalise(text)).first()
    if found is not None:
        return found
    named = list(Enterprise.objects.filter(name_key=fold(text)[:120])[:2])
    return named[0] if len(named) == 1 else None


def code_of(key: int | str) -> str:
    """The code of an enterprise by its number; a code is its own."""
    if isinstance(key, str):
        return key
    return Enterprise.objects.filter(pk=key).values_list("uscc", flat=True).first() or ""


class EnterpriseField(CodeField):
    def __init__(self, **kwargs: Any):
        kwargs.setdefault("help_text", "统一社会信用代码，或企业全名。")
        super().__init__(
            find=enterprise_named,
            show=code_of,
            unknown="没有这家企业，或同名的不止一家。请填写统一社会信用代码。",
            **kwargs,
        )
