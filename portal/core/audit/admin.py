"""The audit trail: read by auditors, written by the acts themselves, changed by nobody."""

import datetime
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone

from portal.core.accounts.capability_admin import Group, Place, ReadOnlyAdmin

from .actors import actor_words, with_actor_now
from .models import AuditEvent, Change
from .sources import source_words
from .words import words_of


class ResultFilter(admin.SimpleListFilter):
    title = "结果"
    parameter_name = "result"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("done", "已办成"), ("refused", "被拒绝")]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        return queryset.filter(is_success=self.value() == "done") if self.value() else queryset


class WhenFilter(admin.SimpleListFilter):
    """Days in Shanghai, today included."""

    title = "时间"
    parameter_name = "days"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("1", "今天"), ("7", "7 天内"), ("30", "30 天内"), ("180", "180 天内")]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        if not self.value():
            return queryset
        first = timezone.localtime().date() - datetime.timedelta(days=int(str(self.value())) - 1)
        return queryset.filter(at__gte=timezone.make_aware(datetime.datetime.combine(first, datetime.time())))


class DistinctFilter(admin.SimpleListFilter):
    """The values that occur in `column`."""

    column = ""

    def word(self, value: str) -> str:
        return value

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        values = (
            model_admin.model.objects.order_by(self.column).values_list(self.column, flat=True).distinct()
        )
        return [(value, self.word(value)) for value in values if value]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        return queryset.filter(**{self.column: self.value()}) if self.value() else queryset


class StepFilter(DistinctFilter):
    title, parameter_name, column = "操作", "step", "step"

    def word(self, value: str) -> str:
        return words_of(value)


class ActorFilter(DistinctFilter):
    title, parameter_name, column = "操作人", "by", "actor_name"


class TargetFilter(DistinctFilter):
    title, parameter_name, column = "对象类型", "kind", "target"

    def word(self, value: str) -> str:
        return kind_of(value)


class TrailAdmin(ReadOnlyAdmin):
    """Rows of the trail, each with who acted."""

    def get_queryset(self, request: HttpRequest) -> Any:
        return with_actor_now(super().get_queryset(request))

    @admin.display(description="操作人", ordering="actor_name")
    def actor(self, row: AuditEvent | Change) -> str:
        return actor_words(row)


@admin.register(AuditEvent)
class AuditEventAdmin(TrailAdmin):
    read = "audit.read"
    menu_place = Place(Group.OTHER, "审计记录", 72)
    list_display = ("moment", "actor", "act", "target_name", "reason", "result")
    list_filter = (WhenFilter, ActorFilter, StepFilter, TargetFilter, ResultFilter)
    search_fields = ("target_name", "target_id", "reason")
    search_help_text = "对象、编号或理由"
    date_hierarchy = None
    fields = (
        "at",
        ("actor", "actor_id"),
        ("act", "step"),
        ("kind", "target_id"),
        "target_name",
        "reason",
        "details",
        "is_success",
    )

    @admin.display(description="时间", ordering="id")
    def moment(self, event: AuditEvent) -> str:
        return to_the_second(event.at)

    @admin.display(description="做了什么", ordering="step")
    def act(self, event: AuditEvent) -> str:
        return words_of(event.step)

    @admin.display(description="对象类型")
    def kind(self, event: AuditEvent) -> str:
        return kind_of(event.target)

    @admin.display(description="结果", ordering="is_success")
    def result(self, event: AuditEvent) -> str:
        return "已办成" if event.is_success else "被拒绝"


@admin.register(Change)
class ChangeAdmin(TrailAdmin):
    """Before-images. Personal fields are kept apart in the row and are not shown here."""

    read = "audit.read"
    list_display = ("moment", "actor", "kind", "target_id", "verb", "origin")
    list_filter = (WhenFilter, ActorFilter, TargetFilter)
    search_fields = ("target_id", "source")
    search_help_text = "对象编号或来源"
    fields = ("at", ("actor", "actor_id"), ("kind", "target_id"), "origin", "is_created", "before")

    @admin.display(description="时间", ordering="id")
    def moment(self, change: Change) -> str:
        return to_the_second(change.at)

    @admin.display(description="对象类型", ordering="target")
    def kind(self, change: Change) -> str:
        return kind_of(change.target)

    @admin.display(description="来源", ordering="source")
    def origin(self, change: Change) -> str:
        return source_words(change.source)

    @admin.display(description="改动")
    def verb(self, change: Change) -> str:
        return "新建" if change.is_created else f"修改 {len(change.before) + len(change.personal or ())} 项"


def kind_of(target: str) -> str:
    """「批次」 of `publication.batch`; what no model answers to stays as it was written."""
    try:
        return str(apps.get_model(target)._meta.verbose_name)
    except (LookupError, ValueError):
        return target


def to_the_second(moment: datetime.datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S")
