"""Pictures and attachments in forms of the desk. An upload that was taken in is carried along in its row, signed, so that
a mistake elsewhere in the form does not cost it."""

from typing import Any, Generic, TypeVar

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.forms.formsets import BaseFormSet, formset_factory
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from portal.core.accounts.models import User
from portal.core.files.intake.attachments import EXTENSIONS
from portal.core.files.intake.refusals import FileRefused
from portal.core.files.models import StoredFile
from portal.core.files.shown import Attachment, Picture
from portal.core.files.views import content_of

from .fields import CleanCharField, CleanTextField

KEPT_SALT = "portal.pages.desk_files.kept"
DRAFT_SALT = "portal.pages.desk_files.draft"
DRAFT_SECONDS = 12 * 3600
MOST = 30

Shown = TypeVar("Shown", Picture, Attachment)


def draft_href(sha256: str, name: str) -> str:
    """Where the desk shows a file that is not public yet; good for half a day."""
    return reverse("admin:draft_file", args=[signing.dumps([sha256, name], salt=DRAFT_SALT, compress=True)])


class FileRow(forms.Form, Generic[Shown]):
    """One file with its words. `shown` is what the row stands for once it is valid; None for an empty one."""

    place = forms.IntegerField(
        label="次序",
        required=False,
        min_value=1,
        max_value=99,
        widget=forms.NumberInput(attrs={"class": "order"}),
    )
    kept = forms.CharField(required=False, widget=forms.HiddenInput)

    user: User | None = None
    shown: Shown | None = None
    type: type[Shown]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.present: Shown | None = self._present()

    def _present(self) -> Shown | None:
        """What the row carries along. A value that somebody has altered is as good as none."""
        given = self.data.get(self.add_prefix("kept")) if self.is_bound else self.initial.get("kept")
        try:
            return self.type.read(signing.loads(given, salt=KEPT_SALT)) if given else None
        except (signing.BadSignature, KeyError, TypeError):
            return None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        upload = cleaned.get("file")
        if self.is_taken_out or (upload is None and self.present is None):
            return cleaned
        if upload is not None:
            try:
                self.present = self.taken_in(upload, cleaned)
            except FileRefused as refusal:
                self.add_error("file", refusal.sentence)
                return cleaned
            self.carry_along()
        if self.present is not None:
            self.shown = self.described(self.present, cleaned)
        return cleaned

    def carry_along(self) -> None:
        """The page that comes back with an error has the upload in it."""
        assert self.present is not None  # noqa: S101 - an upload was just taken in
        data = self.data.copy()  # type: ignore[attr-defined]
        data[self.add_prefix("kept")] = signed(self.present)
        self.data = data

    @property
    def is_taken_out(self) -> bool:
        return bool(self.cleaned_data.get(forms.formsets.DELETION_FIELD_NAME))

    def taken_in(self, upload: UploadedFile, cleaned: dict[str, Any]) -> Shown:
        raise NotImplementedError

    def described(self, present: Shown, cleaned: dict[str, Any]) -> Shown:
        raise NotImplementedError


class PictureRow(FileRow[Picture]):
    type = Picture
    file = forms.FileField(
        label="选择图片",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    alt = CleanCharField(label="替代文字", required=False, max_length=200)
    caption = CleanCharField(label="图注", required=False, max_length=200)

    def taken_in(self, upload: UploadedFile, cleaned: dict[str, Any]) -> Picture:
        return Picture.taken_in(upload.read(settings.PICTURE_MAX_BYTES + 1), alt="", caption="", by=self.user)

    def described(self, present: Picture, cleaned: dict[str, Any]) -> Picture:
        if not cleaned.get("alt"):
            self.add_error("alt", "请写替代文字：一句话说出图里有什么，看不见图的人靠它。")
        return present.described(alt=cleaned.get("alt", ""), caption=cleaned.get("caption", ""))

    @property
    def thumbnail(self) -> str:
        return draft_href(self.present.sizes[0].sha256, self.present.sizes[0].name) if self.present else ""


class AttachmentRow(FileRow[Attachment]):
    type = Attachment
    file = forms.FileField(
        label="选择附件",
        required=False,
        widget=forms.FileInput(
            attrs={"accept": ",".join(f".{ending}" for ending in [*EXTENSIONS.values(), "jpeg"])}
        ),
    )
    title = CleanCharField(
        label="名称", required=False, max_length=120, help_text="公众看到并下载的名字，不写扩展名。"
    )
    transcript = CleanTextField(
        label="文字稿",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="扫描件必填：逐字录出，盖章和签名写在方括号里。",
    )

    def taken_in(self, upload: UploadedFile, cleaned: dict[str, Any]) -> Attachment:
        content = upload.read(settings.ATTACHMENT_MAX_BYTES + 1)
        title = cleaned.get("title") or (upload.name or "").rsplit(".", 1)[0][:120]
        return Attachment.taken_in(content, title=title, transcript="", by=self.user)

    def described(self, present: Attachment, cleaned: dict[str, Any]) -> Attachment:
        return present.described(
            title=cleaned.get("title") or present.title, transcript=cleaned.get("transcript", "")
        )

    @property
    def href(self) -> str:
        return draft_href(self.present.sha256, self.present.name) if self.present else ""


class FileRows(BaseFormSet):
    """Rows in the order that their numbers give; empty ones are nothing."""

    row_label = ""

    def shown(self) -> list[Any]:
        rows = [row for row in self.forms if row.shown is not None and not row.is_taken_out]
        rows.sort(key=lambda row: row.cleaned_data.get("place") or MOST + self.forms.index(row))
        return [row.shown for row in rows]

    def values(self) -> list[dict[str, Any]]:
        """As the version stores them."""
        return [shown.as_value() for shown in self.shown()]


PictureRows = formset_factory(
    PictureRow, formset=FileRows, extra=2, can_delete=True, max_num=MOST, absolute_max=MOST + 5
)
AttachmentRows = formset_factory(
    AttachmentRow, formset=FileRows, extra=1, can_delete=True, max_num=MOST, absolute_max=MOST + 5
)


def signed(shown: Picture | Attachment) -> str:
    return signing.dumps(shown.as_value(), salt=KEPT_SALT, compress=True)


def initial_of(values: list[dict[str, Any]], type: type[Picture] | type[Attachment]) -> list[dict[str, Any]]:
    """The rows of what a version has already."""
    return [
        {**value, "kept": signed(type.read(value)), "place": place}
        for place, value in enumerate(values, start=1)
    ]


def draft_file(request: HttpRequest, token: str) -> HttpResponseBase:
    """A file that is not public yet, for those who work on drafts."""
    if not request.user.may_somewhere("content.read"):  # type: ignore[union-attr]
        raise PermissionDenied
    try:
        sha256, name = signing.loads(token, salt=DRAFT_SALT, max_age=DRAFT_SECONDS)
    except signing.BadSignature as error:
        raise Http404 from error
    file = StoredFile.objects.of(sha256, StoredFile.Root.PRIVATE)
    if file is None:
        raise Http404
    response = content_of(request, file, name)
    if response.status_code == 200:
        response["Cache-Control"] = "private, max-age=600"
    return response
