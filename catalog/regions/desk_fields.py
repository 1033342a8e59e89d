"""How a division is typed at the desk: by its code, its name, or its full name from the province down."""

from typing import Any

from django.db import models

from portal.core.desk.fields import CodeField

from .models import Division
from .naming import DivisionNames


def division_named(text: str) -> Division | None:
    """By code; by name where only one bears it; by 「福建省 泉州市」 or 「福建省泉州市」."""
    if text.isdigit():
        return Division.objects.filter(code=text).first()
    found = list(Division.objects.filter(name=text)[:2])
    if len(found) == 1:
        return found[0]
    wanted = text.replace(" ", "")
    names = DivisionNames()
    endings = Division.objects.annotate(wanted=models.Value(wanted)).filter(wanted__endswith=models.F("name"))
    return next((row for row in endings if names.full(row.code).replace(" ", "") == wanted), None)


class DivisionField(CodeField):
    def __init__(self, **kwargs: Any):
        kwargs.setdefault("required", False)
        kwargs.setdefault("help_text", "六位区划代码，或完整名称，例如 350583、福建省泉州市南安市。")
        super().__init__(
            find=division_named,
            show=lambda code: DivisionNames().full(code),
            unknown="没有这个行政区划，或同名的不止一个。请填写六位代码，或从省级写起的完整名称。",
            **kwargs,
        )
