"""Campaigns, organisations and the roles of these in those: written here, published by a second person."""

from typing import Any

from django import forms
from django.contrib import admin

from portal.core.desk.version_admin import PUBLICATION, VersionAdmin
from portal.core.text.advertising import advertising_words

from .desk_forms import CampaignForm, OrganisationForm, RoleForm
from .models import Campaign, CampaignRole, CampaignVersion, Organisation, OrganisationVersion, RoleVersion


def show_deployment(row: dict[str, Any]) -> str:
    return f"{row['office']}：{'；'.join(row['points'])}"


@admin.register(CampaignVersion)
class CampaignAdmin(VersionAdmin):
    form = CampaignForm
    public_name = "campaigns:detail"
    lines = {"deployments": show_deployment}
    list_display = ("name", "theme", "period", "basis_number", "standing")
    list_select_related = ("campaign",)
    ordering = ("-from_on",)
    fieldsets = (
        (None, {"fields": ("slug", "name", "theme", ("from_on", "until_on"), "period")}),
        ("依据与范围", {"fields": ("basis_number", "basis_title", "reach", "is_nationwide")}),
        ("工作安排", {"fields": ("work_plan", "work_plan_source")}),
        (
            "部署会议",
            {"fields": ("meeting", ("meeting_on", "meeting_place"), "deployments", "meeting_source")},
        ),
        ("出处与发布", {"fields": ("source", ("publish_on", "change_note"))}),
    )

    def make_identity(self, form: Any) -> Campaign:
        cleaned = form.cleaned_data
        return Campaign(
            slug=cleaned["slug"],
            name=cleaned["name"],
            from_on=cleaned["from_on"],
            until_on=cleaned["until_on"],
        )

    def faults(self, version: CampaignVersion) -> list[str]:
        if version.deployments and not (version.meeting and version.meeting_source):
            return ["部署要点须写明是哪次会议提出的，以及出处"]
        return []

    def public_args(self, version: CampaignVersion) -> list[str]:
        return [version.campaign.slug]


@admin.register(RoleVersion)
class RoleAdmin(VersionAdmin):
    form = RoleForm
    list_display = ("organisation_name", "role_code", "campaign_slug", "standing", "source")
    list_filter = ("state", "role_code", "campaign_slug")
    search_fields = ("organisation_name",)
    search_help_text = "机构名称"
    ordering = ("-campaign_slug", "role_code", "position")
    fieldsets = (
        (None, {"fields": (("campaign", "part"), "organisation", "position", "source")}),
        PUBLICATION,
    )

    def make_identity(self, form: Any) -> CampaignRole:
        cleaned = form.cleaned_data
        return CampaignRole(
            campaign=cleaned["campaign"], organisation=cleaned["organisation"], role=cleaned["part"]
        )


@admin.register(OrganisationVersion)
class OrganisationAdmin(VersionAdmin):
    form = OrganisationForm
    public_name = "organisations:detail"
    list_display = ("name", "short_name", "standing", "source", "created_by")
    list_select_related = ("organisation", "created_by")
    search_fields = ("name", "short_name")
    search_help_text = "名称或简称"
    ordering = ("organisation_id",)
    fieldsets = (
        (None, {"fields": (("name", "short_name"), "about", "website", "source")}),
        PUBLICATION,
    )

    def make_identity(self, form: forms.ModelForm) -> Organisation:
        return Organisation(name=form.cleaned_data["name"])

    def warnings(self, version: OrganisationVersion) -> list[str]:
        return [f"「{word}」属于广告用语" for word in advertising_words(version.about)]
