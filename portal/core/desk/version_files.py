"""Pictures and attachments of versions at the desk: kept in a JSON column, private until the version is published."""

import hashlib
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest

from portal.core.accounts.models import User
from portal.core.editions.digest import canonical
from portal.core.files.shown import Attachment, Picture, publish_files
from portal.core.files.store import DamagedFileError
from portal.core.workflow import versions
from portal.core.workflow.records import Version
from portal.core.workflow.versions import Wording

from .files import draft_href, initial_of
from .version_admin import VersionAdmin


def fingerprint(version: Version) -> str:
    """Names what a draft holds, so that two who write at once do not overwrite each other unawares."""
    if not version.pk:
        return ""
    said = {name: value for name, value in version.sealed_values().items() if name != "replaces"}
    return hashlib.sha256(canonical(said)).hexdigest()[:32]


@dataclass(frozen=True)
class ShownFile:
    """A file as the desk shows it to whoever reviews: opened from where only the desk can, public or not."""

    words: str
    href: str
    transcript: str = ""
    is_picture: bool = False


def shown(file: Picture | Attachment) -> ShownFile:
    if isinstance(file, Picture):
        words = "　".join(part for part in (file.alt, file.caption, getattr(file, "consent", "")) if part)
        return ShownFile(words, draft_href(file.middle.sha256, file.middle.name), is_picture=True)
    words = f"{file.title}　{file.kind}　{file.size}"
    return ShownFile(words, draft_href(file.sha256, file.name), file.transcript)


class FilesForm(forms.ModelForm):
    """`FILES` names for a JSON column the rows that fill it, and what one of its values is read as."""

    FILES: dict[str, tuple[Any, type[Picture] | type[Attachment]]] = {}
    user: User | None = None

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        data, files = (self.data, self.files) if self.is_bound else (None, None)
        self.file_groups: dict[str, Any] = {
            column: rows(
                data=data,
                files=files,
                prefix=column,
                initial=initial_of(getattr(self.instance, column), type),
            )
            for column, (rows, type) in self.FILES.items()
        }
        for row in self.file_rows():
            row.user = self.user
        self.initial["seen"] = fingerprint(self.instance)

    def file_rows(self) -> list[Any]:
        return [row for group in self.file_groups.values() for row in group.forms]

    def is_multipart(self) -> bool:
        return True

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(group.is_valid() for group in self.file_groups.values())])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        seen = cleaned.get("seen")
        if self.instance.pk and seen and seen != fingerprint(self.before()):
            raise forms.ValidationError(
                "您打开之后，这份草稿被别人改过。请另开一页看看改了什么，把您的改动抄过去再保存。"
            )
        if not all(group.is_valid() for group in self.file_groups.values()):
            raise forms.ValidationError("图片或附件有误，请看下面红色的提示。")
        for column, group in self.file_groups.items():
            setattr(self.instance, column, group.values())
        return cleaned

    def before(self) -> Any:
        """The draft as it is stored: `clean` of another part may have changed the instance already."""
        return type(self.instance)._default_manager.get(pk=self.instance.pk)


class FilesAdmin(VersionAdmin[Wording]):
    """Opens the files of a version to the public as the last check of its publication."""

    change_form_template = "admin/version_files_form.html"
    file_labels: dict[str, tuple[str, str]] = {}  # column: heading, hint

    def files_of(self, version: Wording) -> list[Picture | Attachment]:
        return []

    def publish_version(self, version: Wording, *, by: User, reason: str) -> Any:
        return versions.publish(
            version,
            by=by,
            checks=self.checked_and_opened,
            reason=reason,
            read_at=version.submitted_at,
            publish_on=version.publish_on,
        )

    def checked_and_opened(self, version: Wording) -> list[str]:
        found = self.faults_of(version)
        if found:
            return found
        try:
            publish_files(self.files_of(version), on=version.publish_on)
        except DamagedFileError:
            return ["图片或附件的文件已损坏，请退回后重新上传。"]
        return []

    def words(self, version: Wording, name: str) -> Any:
        """Files by their names: digests say nothing to a reader."""
        value = getattr(version, name)
        if name in self.file_labels and name not in self.lines and isinstance(value, list):
            return "\n".join(one.get("title") or f"{one['alt']}（{one['caption']}）" for one in value)
        return super().words(version, name)

    def version_context(self, request: HttpRequest, version: Wording) -> dict:
        return super().version_context(request, version) | {
            "shown_files": list(map(shown, self.files_of(version)))
        }

    def render_change_form(self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any) -> Any:
        groups = getattr(context["adminform"].form, "file_groups", {})
        context["file_groups"] = [(*self.file_labels[column], group) for column, group in groups.items()]
        return super().render_change_form(request, context, *args, **kwargs)
