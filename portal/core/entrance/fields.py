"""Form fields of the entrance."""

from typing import Any

from django import forms

from portal.core.text.email_address import LONGEST, email_fault, folded_email


class AddressField(forms.CharField):
    """An e-mail address, folded before anything looks at it, and refused with the sentence that says why."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("label", "邮箱")
        kwargs.setdefault("error_messages", {"required": "请填写邮箱。"})
        kwargs.setdefault(
            "widget",
            forms.EmailInput(
                {
                    "autocomplete": "email",
                    "autocapitalize": "none",
                    "spellcheck": "false",
                    "maxlength": LONGEST,
                }
            ),
        )
        super().__init__(**kwargs)
        self.validators = []  # NUL bytes are told in our own words, below

    def to_python(self, value: object) -> str:
        return folded_email(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        super().validate(value)
        fault = email_fault(value)
        if fault:
            raise forms.ValidationError(fault, code="address")
