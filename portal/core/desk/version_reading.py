"""A version that is no form is read as words: every column with its label, keys by what they lead to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from portal.core.audit.history import label_of, words
from portal.core.text.dates import PartialDate
from portal.core.workflow.records import Version

PRECISION = "_precision"


@dataclass(frozen=True)
class Said:
    label: str
    words: object


class Reading(admin.ModelAdmin):
    """`not_said` names columns that the page shows elsewhere; `lines` how the entries of a list are told, one a line."""

    not_said: tuple[str, ...] = ()
    lines: dict[str, Callable[[Any], str]] = {}

    def get_fieldsets(self, request: HttpRequest, obj: Version | None = None) -> Any:
        if obj is not None and not self.has_change_permission(request, obj):
            return [(None, {"fields": ()})]
        return super().get_fieldsets(request, obj)

    def said(self, version: Any) -> list[Said]:
        """What the version says, in the order of its seal; what it leaves empty is left out."""
        names = (*version.own_fields(), "publish_on", "change_note")
        shown = [name for name in names if name not in self.not_said and not name.endswith(PRECISION)]
        found = [Said(label_of(version, name), self.stated(version, name)) for name in shown]
        return [one for one in found if one.words not in ("", None, [], False)]

    def words(self, version: Any, name: str) -> Any:
        """A column as people read it."""
        if name in self.lines:
            return "\n".join(map(self.lines[name], getattr(version, name)))
        return words(version, name, getattr(version, name))

    def stated(self, version: Any, name: str) -> Any:
        """A day is told no more exactly than it was stated."""
        precision = getattr(version, name.removesuffix("_on") + PRECISION, "")
        if name.endswith("_on") and precision:
            return str(PartialDate.of(getattr(version, name), precision))
        value = self.words(version, name)
        return "是" if value is True else value
