"""The form on which a notice is written. A draft may be incomplete; what it lacks is said before review."""

from typing import Any

from django import forms
from django.core.validators import URLValidator

from catalog.regions.desk_fields import division_named
from portal.core.desk.fields import WordsField
from portal.core.desk.files import AttachmentRows, PictureRows
from portal.core.desk.prose import ProseField
from portal.core.desk.version_files import FilesForm
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


class NoticeForm(FilesForm):
    FILES = {"pictures": (PictureRows, Picture), "attachments": (AttachmentRows, Attachment)}

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
