"""The desk of the yearly reports: who has handed in, the texts, the figures counted anew, the two persons."""

from dataclasses import replace
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from portal.core.accounts.capability_admin import Group, Place
from portal.core.accounts.models import User
from portal.core.accounts.roles import covers
from portal.core.accounts.signed_in import person
from portal.core.desk.site import desk_page, status_of
from portal.core.desk.version_acts import VersionForm, VersionStep, VersionStepPage
from portal.core.desk.version_admin import PUBLICATION, VersionAdmin
from portal.core.text.digits import whole
from portal.core.workflow import NotAllowed

from . import workflow
from .checks import faults_of, warnings_of
from .counting import present
from .forms import ReportForm
from .handing_in import places
from .models import ReportVersion
from .shown import Shown
from .views import Reports


def _recount(version: ReportVersion, *, page: Any, by: User, reason: str) -> ReportVersion:
    return workflow.recount(version, by=by)


RECOUNT = VersionStep(
    "recount",
    "重新统计",
    "所有数字按现在公开的内容重新数一遍，换掉草稿里的数；公众看不到变化。统计的人算作编写人，不能由自己发布。",
    _recount,
    form=VersionForm,
    done="数字已重新统计。",
)


@admin.register(ReportVersion)
class ReportVersionAdmin(VersionAdmin):
    """A report is begun in the table of who has handed in, so that a year and place have one."""

    edit, review = "reports.edit", "reports.review"
    form = ReportForm
    change_list_template = "reports/desk_list.html"
    menu_place = Place(Group.OTHER, "年度报告", 25)
    public_name = "reports:detail"
    not_said = ("place_name", "lines", "regions")
    name_fields = ("unit",)
    list_display = ("title", "unit", "standing", "counted_edition", "created_by")
    list_filter = ("state", "report__year")
    list_select_related = ("report", "created_by")
    search_fields = ("place_name", "unit")
    search_help_text = "地区或报送单位"
    ordering = ("-report__year", "report__scope", "-pk")
    fieldsets = (
        (None, {"fields": ("unit", "summary", "work", "problems", "plans")}),
        PUBLICATION,
    )

    @admin.display(description="报告")
    def title(self, version: ReportVersion) -> str:
        return version.title

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def public_args(self, version: ReportVersion) -> list[Any]:
        return [version.year, version.report.place]

    # -- checks and steps --------------------------------------------------------------------------------------
    def faults(self, version: ReportVersion) -> list[str]:
        return faults_of(version)

    def warnings(self, version: ReportVersion) -> list[str]:
        return warnings_of(version)

    def acts(self, version: ReportVersion, user: User) -> list[VersionStep]:
        return [
            *([] if self.refusal(RECOUNT.slug, version, user) else [RECOUNT]),
            *super().acts(version, user),
        ]

    def refusal(self, code: str, version: ReportVersion, user: User) -> NotAllowed | None:
        if code == RECOUNT.slug:
            return workflow.RECOUNT.refusal(version, user)
        return super().refusal(code, version, user)

    # -- what a page of the desk shows -------------------------------------------------------------------------
    def differences(self, version: ReportVersion) -> list[Any]:
        """Texts as they are; of the figures those lines that differ."""
        return [
            replace(
                one, before=self.only_own(one.before, one.after), after=self.only_own(one.after, one.before)
            )
            if isinstance(one.before, tuple)
            else one
            for one in super().differences(version)
        ]

    @staticmethod
    def only_own(lines: Any, others: Any) -> str:
        return "\n".join(line for line in lines if line not in others)

    def words(self, version: ReportVersion, name: str) -> Any:
        if name == "lines":
            return tuple(line.told for line in version.figures)
        if name == "regions":
            return tuple(
                f"{row.name} {column.label} {count:,}"
                for row in Shown(version).region_rows
                for column, (count, _href) in zip(version.columns, row.cells, strict=True)
            )
        return super().words(version, name)

    def drawn(self, version: ReportVersion) -> str:
        return render_to_string("reports/desk_drawn.html", {"shown": Shown(version), "version": version})

    # -- pages -------------------------------------------------------------------------------------------------
    def get_urls(self) -> list[URLPattern]:
        def at(route: str, view: Any, name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=self.url_name(name))

        return [
            at("<int:pk>/recount/", self.recount_view, "recount"),
            at("<int:pk>/preview/", self.preview_view, "preview"),
            at("years/", self.years_view, "years"),
            at("years/begin/", require_POST(self.begin_view), "begin"),
            *super().get_urls(),
        ]

    def recount_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return VersionStepPage(request, RECOUNT, self.shown_to(request, pk), page=self).answer()

    def shown_to(self, request: HttpRequest, pk: int) -> ReportVersion:
        """Raises Http404 for what is not this person's."""
        version = self.get_queryset(request).filter(pk=pk).first()
        if version is None or not self.has_view_permission(request, version):
            raise Http404
        return version

    def preview_href(self, version: ReportVersion) -> str:
        return self.href("preview", version.pk)

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        version = self.shown_to(request, pk)
        pages = Reports(request, present())
        context = pages.context_of(version, pages.versions(version.report_id))
        context["preview"] = {"back": self.href("change", version.pk), "state": version.get_state_display()}
        return pages.drawn("detail", context)

    def years_view(
        self, request: HttpRequest, refusal: NotAllowed | None = None, year: int | None = None
    ) -> HttpResponse:
        """Who has handed in the report of a year; each person sees the own places."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        offered = workflow.years()
        asked = year if year is not None else whole(request.GET.get("year", ""), 4)
        chosen = asked if asked in offered else offered[0]
        rows: Any = (
            self.get_queryset(request)
            .filter(report__year=chosen)
            .select_related("report", "created_by", "from_edition")
        )
        scopes = person(request).scopes(self.read)
        found = [
            one
            for one in places(present(), chosen, rows.current().standing(), rows.open(), is_whole=True)
            if scopes is None or any(covers(scope, one.scope) for scope in scopes)
        ]
        context = {
            "title": "各地年度报告",
            "opts": self.opts,
            "years": offered,
            "year": chosen,
            "rows": [(one, self._may_begin(person(request), one)) for one in found],
            "expected": [one for one in found if one.is_expected],
            "lacking": [one for one in found if one.is_expected and not one.is_handed_in],
            "refusal": refusal,
        }
        return desk_page(
            request, "reports/desk_years.html", context, status=status_of(refusal) if refusal else 200
        )

    def _may_begin(self, user: User, one: Any) -> bool:
        return one.public is None and one.open is None and user.may(self.edit, one.scope)

    def begin_view(self, request: HttpRequest) -> HttpResponse:
        year, scope = whole(request.POST.get("year", ""), 4) or 0, request.POST.get("scope", "")
        user = person(request)
        scopes = user.scopes(self.read)
        if scopes is not None and not any(covers(one, scope) for one in scopes):
            raise Http404
        if not user.may(self.edit, scope):
            raise PermissionDenied
        try:
            draft = workflow.begin(year, scope, by=user)
        except NotAllowed as refusal:
            return self.years_view(request, refusal, year)
        messages.success(request, f"「{draft}」：草稿已建好，数字已统计。请写概述，再送审。")
        return HttpResponseRedirect(self.href("change", draft.pk))
