"""The audit trail: read by auditors, written by the acts themselves, changed by nobody."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from portal.accounts.capability_admin import ReadOnlyAdmin

from .models import AuditEvent, Change


class ResultFilter(admin.SimpleListFilter):
    title = "结果"
    parameter_name = "result"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("done", "已办成"), ("refused", "被拒绝")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(is_success=self.value() == "done") if self.value() else queryset


class DistinctFilter(admin.SimpleListFilter):
    """The values that occur in `column`."""

    column = ""
    words: dict[str, str] = {}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        values = (
            model_admin.model.objects.order_by(self.column).values_list(self.column, flat=True).distinct()
        )
        return [(value, self.words.get(value, value)) for value in values if value]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(**{self.column: self.value()}) if self.value() else queryset


class StepFilter(DistinctFilter):
    title, parameter_name, column = "操作", "step", "step"


class ActorFilter(DistinctFilter):
    title, parameter_name, column = "操作人", "by", "actor_name"


class TargetFilter(DistinctFilter):
    title, parameter_name, column = "对象类型", "kind", "target"


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    read = "audit.read"
    band_label, band_place = "审计", 90
    list_display = ("at", "actor_name", "step", "target_name", "reason", "result")
    list_filter = (ActorFilter, StepFilter, TargetFilter, ResultFilter)
    search_fields = ("target_name", "target_id", "reason")
    search_help_text = "对象、编号或理由"
    date_hierarchy = None
    fields = (
        "at",
        ("actor_name", "actor_id"),
        "step",
        ("target", "target_id"),
        "target_name",
        "reason",
        "details",
        "is_success",
    )

    @admin.display(description="结果", ordering="is_success")
    def result(self, event: AuditEvent) -> str:
        return "已办成" if event.is_success else "被拒绝"


@admin.register(Change)
class ChangeAdmin(ReadOnlyAdmin):
    """Before-images. Personal fields are kept apart in the row and are not shown here."""

    read = "audit.read"
    list_display = ("at", "actor_name", "target", "target_id", "verb", "source")
    list_filter = (ActorFilter, TargetFilter)
    search_fields = ("target_id", "source")
    search_help_text = "对象编号或来源"
    fields = ("at", ("actor_name", "actor_id"), ("target", "target_id"), "source", "is_created", "before")

    @admin.display(description="改动")
    def verb(self, change: Change) -> str:
        return "新建" if change.is_created else f"修改 {len(change.before) + len(change.personal or ())} 项"
