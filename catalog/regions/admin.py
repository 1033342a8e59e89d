"""Divisions, which are facts; region pages and subsidy rules, which officers write and a second person publishes."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from portal.core.accounts.capability_admin import Group, Place, ReadOnlyAdmin
from portal.core.desk.version_admin import PUBLICATION, VersionAdmin

from .desk_forms import RegionForm, SubsidyForm
from .models import Division, RegionVersion, SubsidyRule, SubsidyVersion


@admin.register(Division)
class DivisionAdmin(ReadOnlyAdmin):
    read = "registers.read"
    list_display = ("code", "full_name", "level")
    list_select_related = ("parent__parent",)
    list_filter = ("level",)
    search_fields = ("code", "name")
    search_help_text = "代码或名称"


@admin.register(RegionVersion)
class RegionAdmin(VersionAdmin):
    """Every region has its page from the beginning: it is corrected, never made."""

    form = RegionForm
    menu_place = Place(Group.OTHER, "试点地区", 40)
    public_name = "regions:detail"
    list_display = (
        "__str__",
        "approval_batch",
        "standing",
        "responsible_unit",
        "complaint_channel",
        "checked_on",
    )
    list_select_related = ("page__division",)
    ordering = ("page",)
    search_fields = ("page__division__name", "page__division__code")
    search_help_text = "省名或代码"
    fieldsets = (
        (
            "列入试点",
            {
                "fields": (
                    ("approval_batch", "approval_year"),
                    "approval",
                    ("launched_on", "launched_precision"),
                    "launch_place",
                )
            },
        ),
        ("开展情况与工作方案", {"fields": ("summary", "plan_title", ("plan_number", "plan_link"))}),
        ("责任单位", {"fields": (("responsible_unit", "responsible_phone"),)}),
        (
            "消费维权投诉方式",
            {"fields": ("complaint_channel", ("complaint_phone", "complaint_link"), "complaint_note")},
        ),
        ("核对与出处", {"fields": ("checked_on", "source", ("publish_on", "change_note"))}),
    )

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def faults(self, version: RegionVersion) -> list[str]:
        found = []
        if not version.has_complaint_channel:
            found.append("缺少消费维权投诉方式：请填写投诉受理单位，以及投诉电话或网址")
        if version.checked_on is None:
            found.append("请填写核对日期：这些内容是哪一天核对的")
        return found


@admin.register(SubsidyVersion)
class SubsidyAdmin(VersionAdmin):
    form = SubsidyForm
    menu_place = Place(Group.OTHER, "补贴政策", 41)
    public_name = "regions:subsidy"
    lines = {"category_names": str}
    not_said = ("category_codes", "division_code")
    list_display = ("__str__", "amount_text", "from_on", "until_on", "standing")
    search_fields = ("title", "division_name")
    search_help_text = "名称或地区"
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": ("division", "title", "category_codes")}),
        ("标准", {"fields": ("amount_text", ("amount_yuan", "amount_unit"), ("from_on", "until_on"))}),
        (
            "依据与办理",
            {"fields": ("document_title", ("document_number", "document_link"), "how_to_claim", "source")},
        ),
        PUBLICATION,
    )

    def make_identity(self, form: forms.ModelForm) -> SubsidyRule:
        return SubsidyRule(division=form.cleaned_data["division"])

    def words(self, version: SubsidyVersion, name: str) -> Any:
        if name == "amount_fen" and version.amount_fen is not None:
            return f"{version.amount_fen / 100:.2f} 元"
        return super().words(version, name)

    def public_args(self, version: SubsidyVersion) -> list[Any]:
        return [version.province_code, version.rule_id]
