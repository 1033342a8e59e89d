"""The import desk."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from catalog.publication.admin import PUBLISHER_LABEL, PublisherFilter
from portal.core.accounts.capability_admin import Group, Place, ReadOnlyAdmin, Tally, Waiting
from portal.core.accounts.signed_in import person
from portal.core.pages.templatetags.pages import status

from .desk import run_page, views
from .desk.states import STATUS
from .models import HeadingChoice, ImportRun

State = ImportRun.State


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnlyAdmin):
    """The list of runs. Everything that is done to one is a page of its own in `desk`."""

    read = "imports.read"
    menu_place = Place(Group.EXCHANGE, "导入", 10)
    list_display = ("name", "register", "owner", "standing", "found", "batch", "created_by", "created_at")
    list_display_links = ("name",)
    list_filter = ("state", "register", PublisherFilter)
    list_select_related = ("file", "batch", "created_by")
    search_fields = ("file__name", "batch__slug")
    search_help_text = "文件名或批次编号"
    change_list_template = "imports/run_list.html"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).annotate(publisher_label=PUBLISHER_LABEL)

    def get_urls(self) -> list:
        def at(route: str, view: Any, name: str) -> Any:
            return path(route, self.admin_site.admin_view(view), name=f"imports_importrun_{name}")

        return [
            at("", self.changelist_view, "changelist"),
            at("add/", views.upload, "add"),
            at("template/<slug:register>/", views.template, "template"),
            at("<int:pk>/change/", run_page.page, "change"),
            at("<int:pk>/save/", views.save, "save"),
            at("<int:pk>/check/", views.recheck, "recheck"),
            at("<int:pk>/headings/", views.headings, "headings"),
            at("<int:pk>/decide/", views.answer, "decide"),
            at("<int:pk>/cells/", views.mend_cells, "cells"),
            at("<int:pk>/discard/", views.give_up, "discard"),
            at("<int:pk>/take-back/", views.undo, "take_back"),
            at("<int:pk>/missing/", views.end, "end"),
            at("<int:pk>/file/<slug:which>/", views.download, "file"),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        user = person(request)
        return super().changelist_view(request, {"may_upload": user.may_somewhere("imports.run")})

    def waiting(self, request: HttpRequest) -> Sequence[Waiting]:
        """Own uploads that were checked and neither saved nor given up."""
        waiting = ImportRun.objects.filter(created_by=request.user, state=State.CHECKED)  # type: ignore[misc]
        ids = list(waiting.order_by("pk").values_list("pk", flat=True)[:100])
        if not ids:
            return []
        href = reverse("admin:imports_importrun_changelist") + f"?state__exact={State.CHECKED.value}"
        if len(ids) == 1:
            href = reverse("admin:imports_importrun_change", args=ids)
        return [Waiting("approved", "导入已检查", len(ids), href)]

    def tally(self, request: HttpRequest) -> Tally:
        return Tally(ImportRun.objects.filter(created_by=request.user, state=State.CHECKED).count())  # type: ignore[misc]

    @admin.display(description="文件", ordering="file__name")
    def name(self, run: ImportRun) -> str:
        return run.file.name

    @admin.display(description="发布方", ordering="publisher")
    def owner(self, run: Any) -> str:
        return run.publisher_label

    @admin.display(description="状态", ordering="state")
    def standing(self, run: ImportRun) -> str:
        return status(STATUS[State(run.state)], run.get_state_display())

    @admin.display(description="行")
    def found(self, run: ImportRun) -> str:
        report = run.report
        if "rows" not in report:
            return "—"
        words = f"{report['rows']:,} 行"
        return f"{words}，有误 {report['faulty_rows']:,}" if report["faulty_rows"] else words


@admin.register(HeadingChoice)
class HeadingChoiceAdmin(ReadOnlyAdmin):
    """What was said by hand of headings; it is changed on the page of an import."""

    read = "imports.read"
    list_display = ("heading", "field", "register", "publisher", "chosen_by", "chosen_at")
    list_filter = ("register", "publisher")
    search_fields = ("heading",)
    search_help_text = "标题"
