"""The forms of campaigns, of organisations, and of the roles that these have in those."""

import re
from typing import Any

from django import forms

from portal.core.accounts.models import User
from portal.core.desk.fields import CleanTextField

from .models import (
    Campaign,
    CampaignRole,
    CampaignVersion,
    Organisation,
    OrganisationVersion,
    RoleVersion,
)
from .models.campaigns import Deployment


class DeploymentsField(CleanTextField):
    """A line for each office: 「单位：要点；要点」."""

    def __init__(self, *, encoder: object = None, decoder: object = None, **kwargs: Any):
        super().__init__(**kwargs)

    def prepare_value(self, value: object) -> Any:
        if not isinstance(value, list):
            return value
        return "\n".join(f"{row['office']}：{'；'.join(row['points'])}" for row in value)

    def to_python(self, value: object) -> Any:
        if isinstance(value, list):
            return value
        lines = [line for line in super().to_python(value or "").splitlines() if line]
        return [read_deployment(line) for line in lines]

    def has_changed(self, initial: object, data: object) -> bool:
        return (initial or []) != self.to_python(data)


def read_deployment(line: str) -> Deployment:
    """Raises ValidationError for a line that names no office or no point."""
    office, _, points = line.replace(":", "：", 1).partition("：")
    found = [point.strip() for point in re.split("[；;]", points) if point.strip()]
    if not office.strip() or not found:
        raise forms.ValidationError(f"「{line[:20]}」读不出单位和要点：每行写「单位：要点；要点」。")
    return {"office": office.strip(), "points": found}


class CampaignForm(forms.ModelForm):
    """The address is given with the first draft and stays."""

    slug = forms.SlugField(label="地址名", max_length=20, help_text="例如 2027，或 2024-2026。")
    deployments = DeploymentsField(
        label="各司局部署要点", required=False, help_text="每行写「单位：要点；要点」。"
    )
    user: User | None = None

    class Meta:
        model = CampaignVersion
        fields = (
            "name",
            "theme",
            "from_on",
            "until_on",
            "period",
            "basis_number",
            "basis_title",
            "reach",
            "is_nationwide",
            "work_plan",
            "work_plan_source",
            "meeting",
            "meeting_on",
            "meeting_place",
            "deployments",
            "meeting_source",
            "source",
            "publish_on",
            "change_note",
        )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if "slug" in self.fields and self.instance.pk:
            self.initial["slug"] = self.instance.campaign.slug
            self.fields["slug"].disabled = True

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        if not self.instance.pk and Campaign.objects.filter(slug=slug).exists():
            raise forms.ValidationError("已有这个地址名的活动年度，请打开它起草新版本。")
        return slug


class OrganisationField(forms.ModelChoiceField):
    """Organisations by their present public names."""

    def __init__(self, **kwargs: Any):
        super().__init__(Organisation.objects.named().order_by("pk"), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return obj.called


class OrganisationForm(forms.ModelForm):
    """A name that another organisation bears or was entered under is refused: it is most likely the same one."""

    about = CleanTextField(
        label="简介", required=False, max_length=1000, help_text="只写来源里有的，不写评价。"
    )
    website = forms.URLField(label="官方网站", required=False, max_length=300, assume_scheme="https")
    user: User | None = None

    class Meta:
        model = OrganisationVersion
        fields = ("name", "short_name", "about", "website", "source", "publish_on", "change_note")

    def clean_name(self) -> str:
        name = self.cleaned_data["name"].strip()
        own = self.instance.organisation_id
        entered = Organisation.objects.filter(name=name).exclude(pk=own)
        borne = OrganisationVersion.objects.filter(name=name, until_edition=None).exclude(organisation=own)
        if entered.exists() or borne.exists():
            raise forms.ValidationError("已有这个名称的机构，请打开它起草新版本。")
        return name


class RoleForm(forms.ModelForm):
    """Who is what in which campaign is said with the first draft; another role is another record."""

    campaign = forms.ModelChoiceField(Campaign.objects.all(), label="活动年度")
    organisation = OrganisationField(label="机构")
    part = forms.ChoiceField(label="角色", choices=CampaignRole.Role.choices)
    user: User | None = None

    class Meta:
        model = RoleVersion
        fields = ("position", "source", "publish_on", "change_note")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if "campaign" in self.fields and self.instance.pk:
            for name in ("campaign", "organisation", "part"):
                self.fields[name].disabled = True
            role = self.instance.role
            self.initial.update(campaign=role.campaign, organisation=role.organisation, part=role.role)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        named = {
            "campaign": cleaned.get("campaign"),
            "organisation": cleaned.get("organisation"),
            "role": cleaned.get("part"),
        }
        if not self.instance.pk and all(named.values()):
            if CampaignRole.objects.filter(**named).exists():
                raise forms.ValidationError("这个机构在这一年度已登记这个角色，请打开它起草新版本。")
            role = CampaignRole(**named)
            self.instance.campaign_slug = role.campaign.slug
            self.instance.organisation_name = role.organisation.known_as
            self.instance.role_code = role.role
        return cleaned
