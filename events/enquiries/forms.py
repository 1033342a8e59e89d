"""The forms of the public: what may be typed, and the sentences that say what is wrong with it."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from catalog.regions.models import Division
from portal.core.desk.fields import CleanCharField, CleanTextField
from portal.core.text.normalise import clean

from .models import TOPICS, Kind

SUBJECT_LABELS = {
    Kind.QUESTION: "涉及的产品或标准",
    Kind.COMPLAINT: "投诉谁、什么产品或店铺",
    Kind.CORRECTION: "哪一处有误",
    Kind.OBJECTION: "针对第几行、哪个产品或企业",
}
TEXT_LABELS = {
    Kind.QUESTION: "您的问题",
    Kind.COMPLAINT: "经过",
    Kind.CORRECTION: "应当是什么，依据是什么",
    Kind.OBJECTION: "理由和证据",
}
TEXT_HINTS = {
    Kind.QUESTION: "写明产品、用在哪里、想知道什么。",
    Kind.COMPLAINT: "写明什么时候、在哪里、买了什么、有什么问题、希望怎样处理。",
    Kind.CORRECTION: "写明本站现在怎样写、正确的是什么、从哪里可以核对。",
    Kind.OBJECTION: "写明哪一行与事实不符、有什么证据。",
}
NEEDS_SUBJECT = {Kind.COMPLAINT}


class PicturesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """Several uploads, looked at for number and size only; they are opened when everything else is right."""

    widget = PicturesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        uploads = [upload for upload in data or [] if upload]
        most = settings.ENQUIRY_MAX_PICTURES
        if len(uploads) > most:
            raise forms.ValidationError(f"最多附 {most} 张照片，您选了 {len(uploads)} 张。请重新选择。")
        limit = settings.PICTURE_MAX_BYTES
        for number, upload in enumerate(uploads, start=1):
            if not upload.size:
                raise forms.ValidationError(f"第 {number} 张照片是空文件。请重新选择。")
            if upload.size > limit:
                raise forms.ValidationError(
                    f"第 {number} 张照片超过 {limit // 1024 // 1024} MB。请缩小后重新选择。"
                )
        return uploads


def input_of(**attributes: str) -> forms.TextInput:
    return forms.TextInput({"class": "input", **attributes})


class EnquiryForm(forms.Form):
    """One enquiry of a kind. Cleaning takes away what nobody can see: NUL, direction marks, zero-width characters."""

    topic = forms.ChoiceField(label="事项", error_messages={"required": "请选择事项。"})
    subject = CleanCharField(
        required=False,
        widget=input_of(),
        error_messages={"required": "请写明投诉谁、什么产品或店铺。"},
    )
    place = forms.ChoiceField(label="事情发生在哪个省", required=False)
    place_detail = CleanCharField(
        label="市、县、村或店铺地址",
        required=False,
        widget=input_of(),
        max_length=100,
    )
    text = CleanTextField(
        widget=forms.Textarea({"rows": 8}), error_messages={"required": "请写明内容，不能空着。"}
    )
    pictures = PicturesField(
        label="照片",
        required=False,
        widget=PicturesInput(
            {"class": "input", "multiple": True, "accept": "image/jpeg,image/png,image/webp"}
        ),
    )
    contact_name = CleanCharField(
        label="怎样称呼您", required=False, max_length=40, widget=input_of(autocomplete="name")
    )
    contact_phone = CleanCharField(
        label="电话", required=False, max_length=40, widget=input_of(autocomplete="tel", inputmode="tel")
    )
    contact_email = forms.EmailField(
        label="邮箱",
        required=False,
        max_length=100,
        widget=forms.EmailInput({"class": "input", "autocomplete": "email"}),
        error_messages={"invalid": "这不是一个邮箱地址。不留邮箱就空着。"},
    )
    homepage = forms.CharField(
        label="请勿填写这一栏", required=False, widget=input_of(autocomplete="off", tabindex="-1")
    )

    def __init__(self, kind: str, *args: Any, has_page: bool = False, **kwargs: Any):
        """`has_page`: the page that the enquiry is about says already what it is about."""
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.kind = kind
        self._choose_topics()
        self._choose_places()
        subject, text = self.fields["subject"], self.fields["text"]
        subject.label = SUBJECT_LABELS[kind]  # type: ignore[index]
        subject.required = kind in NEEDS_SUBJECT and not has_page
        text.label, text.help_text = TEXT_LABELS[kind], TEXT_HINTS[kind]  # type: ignore[index]
        most = settings.ENQUIRY_MAX_PICTURES
        size = settings.PICTURE_MAX_BYTES // 1024 // 1024
        self.fields[
            "pictures"
        ].help_text = (
            f"最多 {most} 张，每张不超过 {size} MB，JPEG、PNG 或 WebP。照片里的拍摄地点和设备信息会去掉。"
        )
        for name, field in self.fields.items():
            if getattr(field, "max_length", None):
                message = f"最多 {field.max_length} 个字符，您写了 %(show_value)s 个。"  # type: ignore[attr-defined]
                field.error_messages["max_length"] = message
                _say_length(field, message)
            if name.startswith("contact_"):
                field.help_text = ""

    def clean_subject(self) -> str:
        return self._short("subject", 200)

    def clean_text(self) -> str:
        return self._short("text", settings.ENQUIRY_MAX_CHARACTERS)

    def clean_homepage(self) -> bool:
        """A field that nobody sees: whatever is in it was put there by a machine, or by a browser that fills in all."""
        return bool(clean(self.cleaned_data["homepage"]))

    def _short(self, name: str, most: int) -> str:
        text = self.cleaned_data[name]
        if len(text) > most:
            raise forms.ValidationError(
                f"最多 {most:,} 个字符，您写了 {len(text):,} 个。请删去一些，或分两次提交。"
            )
        return text

    def _choose_topics(self) -> None:
        topics = TOPICS.get(self.kind, ())
        if topics:
            self.fields["topic"].choices = [("", "请选择"), *((one.value, one.label) for one in topics)]  # type: ignore[attr-defined]
        else:
            del self.fields["topic"]

    def _choose_places(self) -> None:
        if self.kind not in (Kind.COMPLAINT, Kind.QUESTION):
            del self.fields["place"], self.fields["place_detail"]
            return
        provinces = Division.objects.filter(level=Division.Level.PROVINCE).values_list("code", "name")
        self.fields["place"].choices = [("", "不清楚，或不限于一地"), *provinces]  # type: ignore[attr-defined]
        if self.kind == Kind.QUESTION:
            self.fields["place"].label = "用在哪个省"
            del self.fields["place_detail"]


def _say_length(field: forms.Field, message: str) -> None:
    """Django gives its length validator's own words; these name both numbers."""
    for validator in field.validators:
        if getattr(validator, "code", "") == "max_length":
            validator.message = message  # type: ignore[attr-defined]


class FollowForm(forms.Form):
    """Number and word. Both are compared as they were given out, whatever case or width they are typed in."""

    number = CleanCharField(
        label="编号",
        max_length=40,
        widget=input_of(autocomplete="off", inputmode="numeric"),
        error_messages={"required": "请填写编号。", "max_length": "编号是 8 位数字。"},
    )
    word = CleanCharField(
        label="查询口令",
        max_length=40,
        widget=input_of(autocomplete="off", autocapitalize="none", spellcheck="false"),
        error_messages={"required": "请填写查询口令。", "max_length": "查询口令是 8 个字符。"},
    )

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
