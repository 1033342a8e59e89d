"""A version that is no form is read as words: every column with its label, keys by what they lead to."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from portal.core.audit.history import label_of
from portal.core.text.dates import PartialDate
from portal.core.workflow.records import Version
from portal.core.workflow.versions import Wording

from .version_admin import VersionAdmin

PRECISION = "_precision"


@dataclass(frozen=True)
class Said:
    label: str
    words: object


class ReadingAdmin(VersionAdmin[Wording]):
    """`not_said` names columns that the page shows elsewhere."""

    not_said: tuple[str, ...] = ()

    def get_fieldsets(self, request: HttpRequest, obj: Version | None = None) -> Any:
        if obj is not None and not self.has_change_permission(request, obj):
            return [(None, {"fields": ()})]
        return super().get_fieldsets(request, obj)

    def version_context(self, request: HttpRequest, version: Wording) -> dict:
        is_form = self.has_change_permission(request, version)
        said = [] if is_form else list(self.said(version))
        return super().version_context(request, version) | {"said": said}

    def said(self, version: Wording) -> list[Said]:
        """What the version says, in the order of its seal; what it leaves empty is left out."""
        names = (*version.own_fields(), "publish_on", "change_note")
        shown = [name for name in names if name not in self.not_said and not name.endswith(PRECISION)]
        found = [Said(label_of(version, name), self.stated(version, name)) for name in shown]
        return [one for one in found if one.words not in ("", None, [], False)]

    def stated(self, version: Wording, name: str) -> Any:
        """A day is told no more exactly than it was stated."""
        precision = getattr(version, name.removesuffix("_on") + PRECISION, "")
        if name.endswith("_on") and precision:
            return str(PartialDate.of(getattr(version, name), precision))
        value = self.words(version, name)
        return "是" if value is True else value
