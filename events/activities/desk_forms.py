"""Forms of the desk for activities and results."""

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.forms.formsets import formset_factory

from catalog.campaigns.models import Campaign
from catalog.enterprises.models import Enterprise
from catalog.regions.desk_fields import DivisionField
from portal.core.desk.fields import CleanCharField, CleanTextField, CodeField, LinesField, PartialDateField
from portal.core.desk.files import MOST, FileRows, PictureRow
from portal.core.desk.version_files import FilesForm
from portal.core.desk.version_forms import ScopedForm, StatedDates
from portal.core.text.digits import whole
from portal.core.text.normalise import clean_name
from portal.core.text.uscc import verdict

from .models import Activity, ActivityVersion, Indicator, ResultVersion
from .models.results import MOST_DECIMALS
from .periods import period_words, read_period
from .photographs import Photograph

USCC_LENGTH = 18


def read_enterprise(line: str) -> dict[str, str]:
    """「名称」 or 「名称 统一社会信用代码」. Raises ValueError for a code that is none and that no register knows."""
    name, _, last = line.rpartition(" ")
    if not (name and len(last) == USCC_LENGTH and last.isascii() and last.isalnum()):
        return {"name": clean_name(line), "uscc": ""}
    found = verdict(last)
    if not found.is_valid and not Enterprise.objects.filter(uscc=found.code).exists():
        raise ValueError(found.reason)
    return {"name": clean_name(name), "uscc": found.code}


def show_enterprise(entry: dict[str, str]) -> str:
    return f"{entry['name']} {entry['uscc']}".strip()


def activity_numbered(text: str) -> Activity | None:
    return Activity.objects.filter(pk=whole(text)).first()


class ActivityField(CodeField):
    """An activity, typed by the number in its address."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("help_text", "活动页地址里的编号，例如 /activities/12/ 写 12。")
        super().__init__(
            find=activity_numbered, show=str, unknown="没有这个编号的活动。", required=False, **kwargs
        )


class PhotographRow(PictureRow):
    """A photograph is not taken in without a word on the people in it."""

    type = Photograph
    consent = CleanCharField(
        label="肖像同意",
        required=False,
        max_length=100,
        help_text="例如「能认出的人均已同意公开」「没有能认出的人」。",
    )

    def taken_in(self, upload: Any, cleaned: dict[str, Any]) -> Photograph:
        content = upload.read(settings.PICTURE_MAX_BYTES + 1)
        return Photograph.taken_in(content, alt="", caption="", by=self.user)

    def described(self, present: Any, cleaned: dict[str, Any]) -> Photograph:
        if not cleaned.get("consent"):
            self.add_error("consent", "请写明照片里能认出的人是否同意公开。")
        if not cleaned.get("alt"):
            self.add_error("alt", "请写替代文字：一句话说出照片里有什么，看不见照片的人靠它。")
        words = {name: cleaned.get(name, "") for name in ("alt", "caption", "consent")}
        return present.described(**words)


PhotographRows = formset_factory(
    PhotographRow, formset=FileRows, extra=2, can_delete=True, max_num=MOST, absolute_max=MOST + 5
)


class ActivityForm(FilesForm, ScopedForm, StatedDates):
    FILES = {"photographs": (PhotographRows, Photograph)}
    STATED = {
        "starts": ("first_on", "first_precision", "first"),
        "ends": ("last_on", "last_precision", "last"),
    }
    LIKE = {"ends": "starts"}

    starts = PartialDateField(label="开始")
    ends = PartialDateField(label="结束", required=False, help_text="与开始相同的不填。")
    division = DivisionField(label="举办地")
    enterprises = LinesField(
        label="参加企业",
        required=False,
        read=read_enterprise,
        show=show_enterprise,
        help_text="一行一家，名称照来源；知道统一社会信用代码的写在名称后面，空一格。",
    )
    programme = LinesField(label="日程", required=False, help_text="一行一项，例如：9:00 签到。")
    body = CleanTextField(label="介绍", required=False, help_text="空一行分段。")
    online_link = forms.URLField(
        label="线上地址",
        required=False,
        max_length=300,
        assume_scheme="https",
        help_text="只收 https:// 开头的网址。",
    )
    source_link = forms.URLField(label="来源地址", required=False, max_length=300, assume_scheme="https")
    campaign = forms.ModelChoiceField(
        Campaign.objects.all(), label="活动年度", required=False, empty_label="不属于某一年度"
    )

    class Meta:
        model = ActivityVersion
        fields = (
            "kind",
            "title",
            "campaign",
            "division",
            "village",
            "place",
            "from_time",
            "until_time",
            "date_note",
            "organiser",
            "phone",
            "enterprises",
            "online_link",
            "capacity",
            "joining",
            "programme",
            "body",
            "is_cancelled",
            "cancelled_reason",
            "source",
            "source_link",
            "publish_on",
            "change_note",
        )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.is_one_date:
            self.initial.pop("ends", None)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        division = cleaned.get("division")
        self.refuse_outside("division", division and division.code)
        return cleaned


class ResultForm(ScopedForm):
    indicator = forms.ModelChoiceField(Indicator.objects.all(), label="指标")
    amount = forms.DecimalField(
        label="数值", min_value=0, max_digits=18, decimal_places=MOST_DECIMALS, help_text="按指标的单位填写。"
    )
    period = forms.CharField(
        label="期间",
        max_length=60,
        help_text="2022年、2022年第二季度、2022年6月、2022-06-06，或 2022-03-01至2022-12-31。",
    )
    activity = ActivityField(label="活动")
    division = DivisionField(label="地区")
    source_link = forms.URLField(label="来源地址", required=False, max_length=300, assume_scheme="https")

    class Meta:
        model = ResultVersion
        fields = (
            "indicator",
            "is_at_least",
            "activity",
            "division",
            "stated_by",
            "stated_on",
            "source",
            "source_link",
            "note",
            "publish_on",
            "change_note",
        )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            scale = -self.instance.indicator.decimals
            self.initial["amount"] = Decimal(self.instance.value).scaleb(scale)
            self.initial["period"] = period_words(self.instance.from_on, self.instance.until_on)

    def clean_period(self) -> str:
        try:
            self.instance.from_on, self.instance.until_on = read_period(self.cleaned_data["period"])
        except ValueError as fault:
            raise forms.ValidationError(str(fault)) from None
        return self.cleaned_data["period"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        indicator, amount = cleaned.get("indicator"), cleaned.get("amount")
        if indicator and amount is not None:
            value = amount.scaleb(indicator.decimals)
            if value != value.to_integral_value():
                self.add_error("amount", f"「{indicator.name}」最多 {indicator.decimals} 位小数。")
            else:
                self.instance.value = int(value)
        division = cleaned.get("division")
        self.refuse_outside("division", division and division.code)
        return cleaned
