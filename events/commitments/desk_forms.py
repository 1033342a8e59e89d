"""Forms of the desk for clause templates, letters, agreements, adoptions and claims."""

from typing import Any

from django import forms
from django.forms.formsets import formset_factory

from catalog.campaigns.desk_forms import OrganisationField
from catalog.campaigns.models import Campaign
from catalog.enterprises.models import Enterprise
from catalog.regions.desk_fields import DivisionField
from events.activities.desk_forms import ActivityField
from portal.core.desk.fields import CleanTextField, CodeField, LinesField, PartialDateField
from portal.core.desk.files import AttachmentRow, FileRows
from portal.core.desk.version_files import FilesForm
from portal.core.desk.version_forms import ScopedForm, StatedDates
from portal.core.files.shown import Attachment
from portal.core.text.digits import whole
from portal.core.text.normalise import clean_name
from portal.core.text.uscc import verdict

from .models import (
    AdoptionVersion,
    AgreementVersion,
    ClaimVersion,
    Letter,
    LetterVersion,
    Signatory,
    TemplateVersion,
)

MOST_SCANS = 3
ScanRows = formset_factory(
    AttachmentRow, formset=FileRows, extra=1, can_delete=True, max_num=MOST_SCANS, absolute_max=MOST_SCANS + 2
)
COMMON = ("source", "source_link", "publish_on", "change_note")


def read_clause(line: str) -> dict[str, str]:
    title, separator, text = line.partition("：")
    if not (separator and title.strip() and text.strip()):
        raise ValueError("写成「标题：正文」，中间用全角冒号。")
    return {"title": clean_name(title), "text": text.strip()}


def show_clause(clause: dict[str, str]) -> str:
    return f"{clause['title']}：{clause['text']}"


def read_party(line: str) -> dict[str, str]:
    name, _, role = line.partition("：")
    return {"name": clean_name(name), "role": role.strip()}


def show_party(party: dict[str, str]) -> str:
    return f"{party['name']}：{party['role']}" if party["role"] else party["name"]


def link_field(label: str = "来源地址") -> forms.URLField:
    return forms.URLField(label=label, required=False, max_length=300, assume_scheme="https")


def campaign_field() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        Campaign.objects.all(), label="活动年度", required=False, empty_label="不属于某一年度"
    )


def organisation_field(*, required: bool = False, help_text: str = "") -> forms.ModelChoiceField:
    return OrganisationField(
        label="活动机构",
        required=required,
        help_text=help_text,
        empty_label="请选择" if required else "不是活动机构",
    )


class TemplateForm(forms.ModelForm):
    preamble = CleanTextField(label="引言", required=False, max_length=1000)
    clauses = LinesField(
        label="条款", read=read_clause, show=show_clause, help_text="一行一条，写成「标题：正文」。"
    )
    closing = CleanTextField(label="结语", required=False, max_length=1000)

    class Meta:
        model = TemplateVersion
        fields = (
            "title",
            "is_draft_text",
            "preamble",
            "clauses",
            "closing",
            "effective_on",
            "source",
            "publish_on",
            "change_note",
        )

    def clean_clauses(self) -> list[dict[str, str]]:
        clauses = self.cleaned_data["clauses"]
        titles = [clause["title"] for clause in clauses]
        doubled = {title for title in titles if titles.count(title) > 1}
        if doubled:
            raise forms.ValidationError(f"条款标题重复：{'、'.join(sorted(doubled))}。")
        return clauses


class ScansForm(FilesForm):
    """Asks whoever uploads a scan whether personal data in it are covered."""

    FILES = {"scans": (ScanRows, Attachment)}

    is_redacted = forms.BooleanField(label="扫描件中的签名、身份证号、手机号等个人信息已遮盖", required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("is_redacted", bool(self.instance.scans))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.instance.scans and not cleaned.get("is_redacted"):
            self.add_error("is_redacted", "公开扫描件之前，请先遮盖个人信息，再勾选这一项。")
        return cleaned


class LetterForm(ScansForm, StatedDates):
    STATED = {"signed": ("signed_on", "signed_precision", "first")}

    signed = PartialDateField(label="签署日期")
    organisation = organisation_field(help_text="承诺方在活动机构中的，选上它。")
    campaign = campaign_field()
    template_version = forms.ModelChoiceField(
        TemplateVersion.objects.none(), label="所签文本", required=False, empty_label="全文未公开"
    )
    activity = ActivityField(label="在哪场活动签署")
    promises = LinesField(label="承诺要点", required=False, help_text="一行一点，照来源归纳。")
    reply = CleanTextField(label="企业回应", required=False, max_length=1000)
    source_link = link_field()

    class Meta:
        model = LetterVersion
        fields = (
            "party_name",
            "uscc",
            "organisation",
            "campaign",
            "template_version",
            "activity",
            "valid_until",
            "promises",
            "standing",
            "standing_on",
            "standing_reason",
            "standing_document",
            "reply",
            "replied_on",
            *COMMON,
        )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        wordings = TemplateVersion.objects.filter(from_edition__isnull=False, is_withdrawn=False)
        self.fields["template_version"].queryset = wordings.order_by("-from_edition_id")  # type: ignore[attr-defined]

    def clean_uscc(self) -> str:
        typed = self.cleaned_data["uscc"].strip()
        if not typed:
            return ""
        found = verdict(typed)
        if not found.is_valid and not Enterprise.objects.filter(uscc=found.code).exists():
            raise forms.ValidationError(found.reason)
        return found.code


class AgreementForm(ScansForm, StatedDates):
    STATED = {"signed": ("signed_on", "signed_precision", "first")}

    parties = LinesField(
        label="签约各方",
        read=read_party,
        show=show_party,
        help_text="一行一方，写成「名称：身份」，身份可不写。",
    )
    signed = PartialDateField(label="签署日期")
    organisation = organisation_field(help_text="协议列在这一机构的页面上。")
    campaign = campaign_field()
    activity = ActivityField(label="在哪场活动签署")
    promises = LinesField(label="约定事项", help_text="一行一项。")
    source_link = link_field()

    class Meta:
        model = AgreementVersion
        fields = (
            "title",
            "parties",
            "organisation",
            "campaign",
            "activity",
            "promises",
            "ended_on",
            "ended_reason",
            *COMMON,
        )


class AdoptionForm(ScopedForm):
    division = DivisionField(label="适用地区")
    document_link = link_field("文件地址")

    class Meta:
        model = AdoptionVersion
        fields = (
            "recognised_by",
            "recognised",
            "purpose",
            "division",
            "document_title",
            "document_number",
            "document_link",
            "from_on",
            "until_on",
            "source",
            "publish_on",
            "change_note",
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        division = cleaned.get("division")
        self.refuse_outside("division", division and division.code)
        return cleaned


class ClaimForm(StatedDates):
    STATED = {"stated": ("stated_on", "stated_precision", "first")}

    organisation = organisation_field(required=True)
    stated = PartialDateField(label="陈述日期")
    source_link = link_field()

    class Meta:
        model = ClaimVersion
        fields = ("organisation", "figure", "statement", "stated_by", *COMMON)


def letter_numbered(text: str) -> Letter | None:
    return Letter.objects.filter(pk=whole(text)).first()


class SignatoryForm(forms.ModelForm):
    letter = CodeField(
        label="承诺书编号",
        find=letter_numbered,
        show=str,
        unknown="没有这个编号的承诺书。",
        help_text="承诺书页地址里的编号。",
    )

    class Meta:
        model = Signatory
        fields = ("letter", "name", "title")
