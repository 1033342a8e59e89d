"""Forms of the batch desk."""

from typing import Any

from django import forms

from catalog.campaigns.models import Campaign
from catalog.publication.compiling.compile import Reason
from catalog.publication.compiling.numbering import (
    BatchNumber,
    default_notice_days,
    default_title,
    next_number,
)
from catalog.publication.models import Action, Batch, ReasonCode
from catalog.publication.publishers import publisher_names
from portal.core.accounts.models import User
from portal.core.desk.fields import CleanCharField, DayInput
from portal.core.editions import clock

from .drafts import compiled_publishers, draft_choices

ACTS = [(action.value, action.label) for action in (Action.SUSPEND, Action.RESUME, Action.REMOVE)]


class OpenForm(forms.Form):
    """Which draft to open; its number follows from publisher, kind and year."""

    publisher = forms.ChoiceField(label="发布方")
    kind = forms.ChoiceField(label="种类", choices=Batch.Kind.choices)
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label="活动年度", help_text="编号用活动开始的年份。"
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        names = publisher_names()
        publisher: Any = self.fields["publisher"]
        publisher.choices = [(code, names.get(code, code)) for code in compiled_publishers(user)]
        campaign: Any = self.fields["campaign"]
        campaign.queryset = Campaign.objects.all()
        campaign.initial = Campaign.of_year(clock.today().year)

    def number(self) -> BatchNumber:
        """The next free number; a campaign that began in an earlier year and still runs counts for this year."""
        campaign, this_year = self.cleaned_data["campaign"], clock.today().year
        year = this_year if campaign.until_on.year >= this_year else campaign.from_on.year
        return next_number(self.cleaned_data["publisher"], self.cleaned_data["kind"], year)


class HeadForm(forms.ModelForm):
    """What a draft says of itself. A 批次 without notice days needs the written basis for that."""

    title = CleanCharField(label="标题", max_length=120)
    basis = CleanCharField(label="依据", max_length=300, required=False, help_text="文件名称和文号。")
    notice_days = forms.IntegerField(
        label="公示天数", min_value=0, max_value=60, help_text="0 表示不公示。动态调整和勘误通常不公示。"
    )
    notice_waiver = CleanCharField(
        label="不公示的书面依据",
        max_length=300,
        required=False,
        help_text="只有「批次」且公示天数为 0 时填写。",
    )

    class Meta:
        model = Batch
        fields = ("title", "basis", "notice_days", "notice_waiver")

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("notice_days"):
            cleaned["notice_waiver"] = ""
        elif self.instance.kind == Batch.Kind.BATCH and not cleaned.get("notice_waiver"):
            self.add_error("notice_waiver", "批次须先公示。若不公示，请写明文件和理由。")
        return cleaned


def new_head(number: BatchNumber) -> dict[str, Any]:
    """What a draft says of itself at first."""
    return {"title": default_title(number), "notice_days": default_notice_days(number.kind)}


class PutForm(forms.Form):
    """Into which draft the chosen rows go."""

    draft = forms.ChoiceField(label="批次")

    def __init__(self, *args: Any, user: User, choices: list[tuple[str, str]] | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        draft: Any = self.fields["draft"]
        draft.choices = draft_choices(user) if choices is None else choices


class ActForm(PutForm):
    """An act on everything listed of one enterprise, certificate or product; the public will read the reason."""

    action = forms.ChoiceField(label="动作", choices=ACTS, widget=forms.HiddenInput)
    reason = CleanCharField(
        label="原因说明",
        max_length=300,
        help_text="一句话，公众会看到。不写个人信息。",
        error_messages={"required": "请写一句说明：公众会看到它。"},
        widget=forms.TextInput({"autofocus": True}),
    )
    reason_code = forms.ChoiceField(
        label="原因",
        choices=ReasonCode.choices,
        error_messages={"required": "请选择原因。"},
        widget=forms.RadioSelect,
    )
    fact_on = forms.DateField(label="事实日期", required=False, widget=DayInput)
    authority = CleanCharField(label="认定机关", max_length=100, required=False)
    document = CleanCharField(label="依据文件", max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        draft: Any = self.fields["draft"]
        adjustments = [choice for choice in draft.choices if choice[0].endswith(f":{Batch.Kind.ADJUSTMENT}")]
        for name in ("reason_code", "reason"):
            self.fields[name].required = self["action"].value() != Action.RESUME
        draft.initial = adjustments[0][0] if adjustments else None
        draft.choices = adjustments + [choice for choice in draft.choices if choice not in adjustments]

    def deciding(self) -> list[forms.BoundField]:
        """The fields without which nothing happens; the others are folded."""
        return [self[name] for name in ("reason", "reason_code", "draft")]

    def more(self) -> list[forms.BoundField]:
        return [self[name] for name in ("fact_on", "authority", "document")]

    def clean_fact_on(self) -> Any:
        day = self.cleaned_data["fact_on"]
        if day and day > clock.today():
            raise forms.ValidationError("事实日期不能在今天之后。")
        return day

    def reason_given(self) -> Reason:
        names = ("reason_code", "reason", "fact_on", "authority", "document")
        return Reason(**{name: self.cleaned_data[name] for name in names})


class HoldForm(forms.Form):
    """「核查中」 on, or off again."""

    reason = CleanCharField(label="说明", max_length=200, help_text="一句话，公众会看到。不写个人信息。")
    until_on = forms.DateField(label="至（含当天）", widget=DayInput)


class LiftForm(forms.Form):
    reason = CleanCharField(label="核查结果", max_length=200, help_text="一句话，公众会看到。")
