"""The page for staff: the table of the quarter with every finding, and the tries that failed."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from portal.core.accounts.capability_admin import Group, Place, ReadOnlyAdmin, Waiting
from portal.core.accounts.models import User
from portal.core.accounts.signed_in import person
from portal.core.audit.record import record
from portal.core.desk.site import desk_page
from portal.core.editions import clock
from portal.core.jobs.standing import progress

from .checks import faults_of, warnings_of
from .freshness import freshness
from .models import Probe, Reading
from .quarters import Quarter
from .table import csv_table, present, quick_checks, reading_checks
from .tasks import read_pages

SHOWN_FAILURES = 20


@admin.register(Probe)
class InspectionAdmin(ReadOnlyAdmin):
    read = "content.read"
    menu_place = Place(Group.OTHER, "网站自查", 60)

    def get_urls(self) -> list[URLPattern]:
        own = [
            ("table.csv", self.table, "table"),
            ("read/", require_POST(self.order_reading), "read"),
        ]
        views = [
            path(address, self.admin_site.admin_view(view), name=f"inspection_{name}")
            for address, view, name in own
        ]
        return views + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> Any:
        self._check_may_read(request)
        today = clock.today()
        checks = [*quick_checks(), *reading_checks()]
        failed = Probe.objects.exclude(fault="")
        context = {
            "title": "网站自查",
            "subtitle": str(Quarter.of(today)),
            "checks": checks,
            "fault_count": len(faults_of(checks)),
            "warning_count": len(warnings_of(checks)),
            "newest_reading": Reading.objects.first(),
            "job": progress(read_pages),
            "failures": failed[:SHOWN_FAILURES],
            "may_order": self.may_order(person(request)),
        }
        return desk_page(request, "inspection/table.html", context)

    def table(self, request: HttpRequest) -> HttpResponse:
        """The same as a file; spreadsheets know its encoding by the mark in front."""
        self._check_may_read(request)
        today = clock.today()
        text = csv_table([*quick_checks(), *reading_checks()], today)
        quarter = Quarter.of(today)
        response = HttpResponse(("\ufeff" + text).encode(), content_type="text/csv; charset=utf-8")
        name = f"inspection-{quarter.year}-q{quarter.number}.csv"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def order_reading(self, request: HttpRequest) -> HttpResponse:
        if not self.may_order(person(request)):
            raise PermissionDenied
        read_pages.enqueue()
        record("inspection.ordered", None, by=request.user)  # type: ignore[arg-type]
        messages.success(request, "已开始通读全部公开页面，一两分钟后刷新本页看结果。")
        return HttpResponseRedirect(self.href())

    def waiting(self, request: HttpRequest) -> Sequence[Waiting]:
        """For those who can publish something new: what is too old, and what will be within three days."""
        if not request.user.may_somewhere("content.edit"):  # type: ignore[union-attr]
            return ()
        checks = freshness(present())
        late, soon = len(faults_of(checks)), len(warnings_of(checks))
        lines = [Waiting("revoked", "栏目超期未更新", late, self.href(), "见网站自查")] if late else []
        return (
            [*lines, Waiting("ending", "栏目三天内超期", soon, self.href(), "见网站自查")] if soon else lines
        )

    def may_order(self, user: User) -> bool:
        """A reading is work for the server: not for whoever only reads."""
        return user.may_somewhere("content.edit") or user.may_somewhere("content.review")

    def href(self) -> str:
        return reverse("admin:inspection_probe_changelist")

    def _check_may_read(self, request: HttpRequest) -> None:
        if not self.may_read(person(request)):
            raise PermissionDenied
