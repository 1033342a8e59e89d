"""The desk of activities, results and indicators."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from portal.core.accounts.capability_admin import CapabilityAdmin, Group, Place
from portal.core.desk.version_admin import PUBLICATION, VersionAdmin
from portal.core.desk.version_files import FilesAdmin
from portal.core.desk.working_admin import DeskFields

from .checks import activity_faults, activity_warnings, result_faults
from .desk_forms import ActivityForm, ResultForm, show_enterprise
from .models import ActivityVersion, Indicator, ResultVersion


def title_of_activity(number: int | None) -> str:
    """What is, or was last, public of an activity; its number where nothing was."""
    if number is None:
        return ""
    known = ActivityVersion.objects.filter(activity=number).order_by("-pk").values_list("title", flat=True)
    return f"{known.first() or ''}（编号 {number}）"


class ScopedVersionAdmin(VersionAdmin):
    """The form gives a new record its region."""

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        asked = [] if obj else [("归口", {"fields": ("scope",)})]  # a record keeps its region
        return [*asked, *super().get_fieldsets(request, obj)]

    def words(self, version: Any, name: str) -> Any:
        if name == "division_id" and version.division:
            return version.division.full_name
        return super().words(version, name)

    def make_identity(self, form: Any) -> Any:
        return self.model.identity_model()(scope=form.cleaned_data["scope"])


@admin.register(ActivityVersion)
class ActivityVersionAdmin(ScopedVersionAdmin, FilesAdmin):
    file_labels = {
        "photographs": (
            "照片",
            "JPEG、PNG 或 WebP。拍摄地点、设备等信息会去掉。每张照片写替代文字，并写明肖像同意情况。",
        )
    }
    menu_place = Place(Group.OTHER, "活动", 20)
    form = ActivityForm
    public_name = "activities:detail"
    not_said = ("photographs",)
    lines = {"enterprises": show_enterprise, "programme": str}
    name_fields = ("title",)
    list_display = ("title", "kind", "held", "division", "standing", "created_by")
    list_filter = ("state", "kind")
    list_select_related = ("division", "created_by", "activity")
    search_fields = ("title",)
    search_help_text = "名称"
    ordering = ("-first_on", "-pk")
    fieldsets = (
        (None, {"fields": (("kind", "campaign"), "title")}),
        ("时间", {"fields": (("starts", "ends"), ("from_time", "until_time"), "date_note")}),
        ("地点", {"fields": (("division", "village"), ("place", "online_link"))}),
        ("怎样参加", {"fields": (("organiser", "phone"), ("capacity", "joining"))}),
        ("内容", {"fields": ("body", "programme", "enterprises")}),
        ("取消", {"fields": ("is_cancelled", "cancelled_reason")}),
        ("出处", {"fields": (("source", "source_link"),)}),
        PUBLICATION,
    )

    def faults(self, version: Any) -> list[str]:
        return activity_faults(version)

    def warnings(self, version: Any) -> list[str]:
        return activity_warnings(version)

    def files_of(self, version: Any) -> list[Any]:
        return version.shown_photographs

    @admin.display(description="时间", ordering="first_on")
    def held(self, version: ActivityVersion) -> str:
        return version.date_words


@admin.register(ResultVersion)
class ResultVersionAdmin(ScopedVersionAdmin):
    form = ResultForm
    public_name = "activities:result"
    list_display = ("indicator", "amount", "period", "division", "standing", "created_by")
    list_filter = ("state", "indicator")
    list_select_related = ("indicator", "division", "created_by", "result")
    ordering = ("-until_on", "-pk")
    fieldsets = (
        (None, {"fields": (("indicator", "amount"), ("period", "is_at_least"), ("activity", "division"))}),
        ("出处", {"fields": (("stated_by", "stated_on"), ("source", "source_link"), "note")}),
        PUBLICATION,
    )

    def faults(self, version: Any) -> list[str]:
        return result_faults(version)

    def words(self, version: Any, name: str) -> Any:
        if name == "activity_id":
            return title_of_activity(version.activity_id)
        return version.amount if name == "value" else super().words(version, name)


@admin.register(Indicator)
class IndicatorAdmin(DeskFields, CapabilityAdmin):
    """An indicator that a result names is never reworded: its figures would change their meaning."""

    read, edit = "content.read", "content.edit"
    list_display = ("name", "unit", "meaning", "code", "position")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None or not obj.results.exists():
            return ()
        return ("code", "name", "unit", "decimals", "meaning", "position")
