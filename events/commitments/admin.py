"""The desk of clause templates, letters, agreements, adoptions and claims; signatories are internal."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import reverse

from catalog.campaigns.models import CampaignVersion
from events.activities.admin import ScopedVersionAdmin, title_of_activity
from portal.core.accounts.capability_admin import Group, Link, Place
from portal.core.accounts.models import User
from portal.core.desk.version_admin import PUBLICATION, VersionAdmin
from portal.core.desk.version_files import FilesAdmin
from portal.core.desk.working_admin import WorkingAdmin
from portal.core.editions import clock

from . import checks
from .desk_forms import (
    AdoptionForm,
    AgreementForm,
    ClaimForm,
    LetterForm,
    SignatoryForm,
    TemplateForm,
    show_clause,
    show_party,
)
from .models import (
    AdoptionVersion,
    AgreementVersion,
    ClaimVersion,
    LetterVersion,
    Signatory,
    Standing,
    TemplateVersion,
)
from .models.letters import standing_condition

SCANS = {
    "scans": (
        "公开扫描件",
        "PDF 或图片，个人信息须先遮盖；每个扫描件都要有文字稿。没有扫描件的不传，页面写「扫描件未提供」。",
    )
}
SOURCE: Any = ("出处", {"fields": (("source", "source_link"),)})


class SignedAdmin(FilesAdmin):
    """What was signed at an activity, with its scans."""

    file_labels = SCANS
    not_said = ("scans",)
    lines = {"promises": str, "parties": show_party}

    def files_of(self, version: Any) -> list[Any]:
        return version.shown_scans

    def words(self, version: Any, name: str) -> Any:
        if name == "activity_id":
            return title_of_activity(version.activity_id)
        return super().words(version, name)

    @admin.display(description="签署", ordering="signed_on")
    def signed_words(self, version: Any) -> str:
        return str(version.signed)


@admin.register(TemplateVersion)
class TemplateVersionAdmin(VersionAdmin):
    form = TemplateForm
    lines = {"clauses": show_clause}
    public_name = "commitments:template"
    name_fields = ("title",)
    list_display = ("title", "ordinal", "is_draft_text", "standing", "created_by")
    list_select_related = ("created_by", "template")
    fieldsets = (
        (None, {"fields": (("title", "effective_on"), "is_draft_text", "source")}),
        ("文本", {"fields": ("preamble", "clauses", "closing")}),
        PUBLICATION,
    )

    def prepare_correction(self, draft: Any, current: Any) -> None:
        draft.ordinal = current.ordinal + 1

    def faults(self, version: Any) -> list[str]:
        return checks.template_faults(version)


class StandingFilter(admin.SimpleListFilter):
    title, parameter_name = "承诺状态", "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return Standing.choices

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        known = self.value()
        return queryset.filter(standing_condition(known, clock.today())) if known else queryset


@admin.register(LetterVersion)
class LetterVersionAdmin(SignedAdmin):
    menu_place = Place(Group.OTHER, "承诺书", 21)
    form = LetterForm
    public_name = "commitments:letter"
    name_fields = ("party_name",)
    list_display = ("party_name", "promise", "signed_words", "campaign", "publication", "created_by")
    list_filter = ("state", StandingFilter, "campaign")
    list_select_related = ("campaign", "created_by", "letter")
    search_fields = ("party_name", "uscc")
    search_help_text = "承诺方或信用代码"
    ordering = ("-signed_on", "-pk")
    fieldsets = (
        (None, {"fields": (("party_name", "uscc"), ("organisation", "campaign"))}),
        ("签署", {"fields": (("signed", "valid_until"), ("activity", "template_version"), "promises")}),
        (
            "承诺的状态",
            {
                "fields": (("standing", "standing_on"), ("standing_reason", "standing_document")),
                "description": "「到期」按有效期至计算，没有写的按活动年度结束的日子计算，不用选。状态变了就发布新版本，原来的版本仍可读到。",
            },
        ),
        ("企业的回应", {"fields": ("reply", "replied_on")}),
        SOURCE,
        PUBLICATION,
        ("扫描件", {"fields": ("is_redacted",)}),
    )

    def faults(self, version: Any) -> list[str]:
        return checks.letter_faults(version)

    def warnings(self, version: Any) -> list[str]:
        return checks.letter_warnings(version) + checks.advertising(*version.promises, version.reply)

    def get_tools(self, request: HttpRequest, obj: models.Model) -> list[Link]:
        """Who signed is kept apart from what is public."""
        tools = super().get_tools(request, obj)
        if not request.user.may("content.edit"):  # type: ignore[union-attr]
            return tools
        letter = obj.letter_id  # type: ignore[attr-defined]
        signatory = Signatory.objects.filter(letter=letter).first()
        if signatory is None:
            href = f"{reverse('admin:commitments_signatory_add')}?letter={letter}"
        else:
            href = reverse("admin:commitments_signatory_change", args=[signatory.pk])
        return [*tools, Link("签署人（内部）", href)]

    def get_queryset(self, request: HttpRequest, *given: Any) -> Any:
        versions: Any = super().get_queryset(request, *given)
        return versions.ending(CampaignVersion.objects.current())

    @admin.display(description="承诺状态", ordering="standing")
    def promise(self, version: Any) -> str:
        return str(version.standing_at(clock.today()).label)

    @admin.display(description="发布状态", ordering="state")
    def publication(self, version: Any) -> str:
        return super().standing(version)


@admin.register(AgreementVersion)
class AgreementVersionAdmin(SignedAdmin):
    form = AgreementForm
    public_name = "commitments:agreement"
    name_fields = ("title",)
    list_display = ("title", "party_names", "signed_words", "standing", "created_by")
    list_select_related = ("created_by", "agreement")
    ordering = ("-signed_on", "-pk")
    fieldsets = (
        (None, {"fields": ("title", "parties", ("organisation", "campaign"))}),
        ("签署", {"fields": (("signed", "activity"), "promises")}),
        ("终止", {"fields": (("ended_on", "ended_reason"),)}),
        SOURCE,
        PUBLICATION,
        ("扫描件", {"fields": ("is_redacted",)}),
    )

    def faults(self, version: Any) -> list[str]:
        return checks.agreement_faults(version)


@admin.register(AdoptionVersion)
class AdoptionVersionAdmin(ScopedVersionAdmin):
    form = AdoptionForm
    public_name = "commitments:adoption"
    list_display = ("recognised_by", "purpose", "division", "from_on", "until_on", "standing")
    list_select_related = ("division", "adoption")
    ordering = ("-from_on", "-pk")
    fieldsets = (
        (None, {"fields": ("recognised_by", "recognised", "purpose", "division")}),
        (
            "依据",
            {"fields": (("document_title", "document_number"), "document_link", ("from_on", "until_on"))},
        ),
        ("出处", {"fields": ("source",)}),
        PUBLICATION,
    )


@admin.register(ClaimVersion)
class ClaimVersionAdmin(VersionAdmin):
    form = ClaimForm
    public_name = "organisations:claim"
    list_display = ("statement", "organisation", "stated_words", "standing")
    list_select_related = ("organisation", "claim")
    ordering = ("-stated_on", "-pk")
    fieldsets = (
        (None, {"fields": ("organisation", ("figure", "stated"), "statement", "stated_by")}),
        SOURCE,
        PUBLICATION,
    )

    def warnings(self, version: Any) -> list[str]:
        return checks.advertising(version.statement)

    @admin.display(description="陈述日期", ordering="stated_on")
    def stated_words(self, version: ClaimVersion) -> str:
        return str(version.stated)


@admin.register(Signatory)
class SignatoryAdmin(WorkingAdmin):
    """Personal data: for those who edit, never for those who only read."""

    read = edit = "content.edit"
    form = SignatoryForm
    list_display = ("letter_id", "updated_at")
    fields = ("letter", ("name", "title"))

    def may_read(self, user: User) -> bool:
        return user.may(self.read)
