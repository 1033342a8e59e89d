"""The form on which a notice is written. A draft may be incomplete; what it lacks is said before review."""

import hashlib
from typing import Any

from django import forms
from django.core.validators import URLValidator

from catalog.regions.desk_fields import division_named
from portal.core.desk.fields import WordsField
from portal.core.desk.files import AttachmentRows, PictureRows, initial_of
from portal.core.desk.prose import ProseField
from portal.core.editions.digest import canonical
from portal.core.files.shown import Attachment, Picture
from portal.core.text.uscc import normalise as normalise_uscc

from .models import WEB, NoticeVersion
from .related import region_names

NEEDED_FOR_REVIEW = ("kind", "dated_on", "source")


class RegionsField(WordsField):
    """Divisions, kept by code, typed by code or name."""

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        names = region_names(value)
        return "、".join(names.get(code, code) for code in value)

    def to_python(self, value: Any) -> Any:
        codes, unknown = [], []
        for word in super().to_python(value):
            division = division_named(word)
            if division is None:
                unknown.append(word)
            else:
                codes.append(division.code)
        if unknown:
            raise forms.ValidationError(
                f"没有「{'、'.join(unknown)}」这个行政区划，或同名的不止一个。请写六位代码，或从省级写起的完整名称。"
            )
        return list(dict.fromkeys(codes))

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return list(initial or []) != self.to_python(data)
        except forms.ValidationError:
            return True


class EnterprisesField(WordsField):
    def to_python(self, value: Any) -> Any:
        return [normalise_uscc(word) for word in super().to_python(value)]


class NoticeForm(forms.ModelForm):
    body = ProseField(
        label="正文",
        required=False,
        help_text="空一行分段。图片在下面上传，要放在文中某处，就在那里单独写一段 [图1]；没写的排在文末。",
    )
    original_link = forms.URLField(
        label="原文链接",
        required=False,
        max_length=300,
        assume_scheme="https",
        validators=[URLValidator(schemes=WEB)],
        help_text="转载的写原发布页的地址。",
    )
    regions = RegionsField(label="相关地区", required=False, help_text="名称或六位代码，用「、」隔开。")
    batches = WordsField(label="相关批次", required=False, help_text="批次编号，如 2022-1。")
    enterprises = EnterprisesField(label="相关企业", required=False, help_text="统一社会信用代码。")
    activities = WordsField(label="相关活动", required=False, help_text="活动页地址里的编号。")
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    user: Any = None

    class Meta:
        model = NoticeVersion
        fields = (
            "kind",
            "title",
            "summary",
            "dated_on",
            "dated_precision",
            "date_note",
            "source",
            "original_link",
            "document_number",
            "issuer",
            "in_force",
            "open_until",
            "contact",
            "body",
            "batches",
            "enterprises",
            "regions",
            "activities",
            "publish_on",
            "pinned_until",
            "change_note",
        )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in self.fields.keys() & set(NEEDED_FOR_REVIEW):  # what is published is shown without fields
            self.fields[name].optional_word = "（送审前须填）"  # type: ignore[attr-defined]
        data, files = (self.data, self.files) if self.is_bound else (None, None)
        rows: dict[str, Any] = {"data": data, "files": files}
        self.pictures: Any = PictureRows(
            **rows, prefix="pictures", initial=initial_of(self.instance.pictures, Picture)
        )
        self.attachments: Any = AttachmentRows(
            **rows, prefix="attachments", initial=initial_of(self.instance.attachments, Attachment)
        )
        for row in [*self.pictures.forms, *self.attachments.forms]:
            row.user = self.user
        self.initial["seen"] = fingerprint(self.instance)

    def is_multipart(self) -> bool:
        return True

    def is_valid(self) -> bool:
        return all([super().is_valid(), self.pictures.is_valid(), self.attachments.is_valid()])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        seen = cleaned.get("seen")
        if self.instance.pk and seen and seen != fingerprint(self.instance):
            raise forms.ValidationError(
                "您打开之后，这份草稿被别人改过。请另开一页看看改了什么，把您的改动抄过去再保存。"
            )
        if self.pictures.is_valid() and self.attachments.is_valid():
            self.instance.pictures = self.pictures.values()
            self.instance.attachments = self.attachments.values()
        else:
            raise forms.ValidationError("图片或附件有误，请看下面红色的提示。")
        return cleaned


def fingerprint(version: NoticeVersion) -> str:
    """Names what a draft holds, so that two who write at once do not overwrite each other unawares."""
    said = {name: value for name, value in version.sealed_values().items() if name != "replaces"}
    return hashlib.sha256(canonical(said)).hexdigest()[:32] if version.pk else ""
