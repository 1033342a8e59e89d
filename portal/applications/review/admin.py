"""The review desk in the admin: the queue of applications and what is behind it."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from catalog.enterprises.models import Enterprise
from catalog.products.models import Product
from portal.applications.cases.deadlines import Deadlines
from portal.applications.cases.models import Application, Item
from portal.applications.cases.offices import Offices
from portal.core.accounts.capability_admin import CapabilityAdmin, Group, Place, Tally, Waiting
from portal.core.accounts.models import User
from portal.core.accounts.signed_in import person
from portal.core.desk.filters import FilteredAdmin
from portal.core.desk.site import DeskSite
from portal.core.pages.templatetags.pages import status
from portal.core.text import uscc
from portal.core.text.digits import whole
from portal.core.text.normalise import fold

from . import case_views, enterprise_views, many_views, recheck_views
from .filters import QueueFilters
from .finding import CASES
from .pictures import enterprise_cases, product_cases
from .queue import counters, narrowed
from .reading import case_or_404, may_read
from .steps import STEPS
from .templatetags.review import case_status
from .words import deadline_words, looking_words, name_of


@admin.register(Application)
class ApplicationAdmin(FilteredAdmin, CapabilityAdmin):
    """Nobody adds or edits a case here; `edit` is what deciding on many asks for."""

    read, edit = "cases.read", ""
    menu_place = Place(Group.WAITING, "申报审核", 10)
    change_list_template = "review/queue.html"
    filters = QueueFilters
    shown_as_views = ("waits",)
    search_fields = ("number",)
    search_help_text = "编号、企业或信用代码"
    list_select_related = ("enterprise", "assigned_to", "viewed_by")
    actions = (many_views.decide_together,)
    ordering = ("clock_on", "pk")
    empty_value_display = ""

    def may_read(self, user: User) -> bool:
        return may_read(user)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        items = Item.objects.filter(application=models.OuterRef("pk")).order_by().values("application")
        counted = items.annotate(n=models.Count("pk")).values("n")
        return super().get_queryset(request).annotate(item_count=models.Subquery(counted))

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        """Three columns rest on the calendar, the regions and the person, which are read once for all rows."""
        deadlines, offices = Deadlines(), Offices()

        @admin.display(description="期限", ordering="clock_on")
        def due(case: Application) -> str:
            deadline = deadlines.of(case)
            words = deadline_words(case, deadline)
            return status("revoked", words) if deadline and deadline.is_overdue else words

        @admin.display(description="办理单位", ordering="office")
        def office(case: Application) -> str:
            return offices.of(case.office).name

        @admin.display(description="谁在看")
        def looking(case: Application) -> str:
            return looking_words(case, person(request))

        return (
            "number",
            "kind",
            "enterprise_name",
            "item_total",
            "standing",
            due,
            office,
            "assigned_to",
            looking,
        )

    @admin.display(description="企业")
    def enterprise_name(self, case: Application) -> SafeString:
        marks = [("争议", case.is_disputed), ("抽中复核", case.is_recheck)]
        words = ((word,) for word, is_set in marks if is_set)
        tags = format_html_join("", ' <span class="tag out">{}</span>', words)
        return format_html("{}{}", name_of(case), tags)

    @admin.display(description="产品")
    def item_total(self, case: Any) -> str:
        return f"{case.item_count} 项" if case.item_count else ""

    @admin.display(description="状态", ordering="state")
    def standing(self, case: Application) -> SafeString:
        return case_status(case)

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        if not search_term:
            return queryset, False
        key, code = fold(search_term), uscc.normalise(search_term)
        found = models.Q(enterprise__name_key__contains=key) | models.Q(values__name__icontains=search_term)
        return queryset.filter(
            found | models.Q(number__iexact=search_term.strip()) | models.Q(uscc=code)
        ), False

    def tally(self, request: HttpRequest) -> Tally:
        user = person(request)
        own = narrowed(Application.objects.in_scope(user), "mine", user)
        count = own.count()
        return Tally(count, bool(count) and Deadlines().overdue(own).exists())

    # -- pages -------------------------------------------------------------------------------------------------
    def get_urls(self) -> list[URLPattern]:
        def at(address: str, view: Callable[..., HttpResponse], name: str, **given: object) -> URLPattern:
            return path(address, self.admin_site.admin_view(view), given, name=f"desk_application_{name}")

        own = [
            at("many/", many_views.decide, "many"),
            at("many/<uuid:token>/", many_views.outcome, "outcome"),
            at("draw/", recheck_views.draw, "draw"),
            at("enterprise/<int:pk>/", enterprise_views.enterprise, "enterprise"),
            at("member/<int:pk>/end/", enterprise_views.end_member, "end_member"),
            at("<int:pk>/contact/", case_views.contact, "contact"),
            at("<int:pk>/paper/<int:document>/", case_views.paper, "paper"),
            *(at(f"<int:pk>/{slug}/", case_views.step, slug, slug=slug) for slug in STEPS),
        ]
        return [*own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> Any:
        if not self.may_read(person(request)):
            raise PermissionDenied
        filters = self.filters.of(request, self.model)
        shown = [(counter, f"?waits={counter.waits}") for counter in counters(person(request))]
        may_draw = request.user.may("cases.decide")  # type: ignore[union-attr]
        note = "只列未办结的；办结的请在「状态」里选，或直接查找。" if filters.shows_open_only else ""
        context = {
            "counters": shown,
            "waits": request.GET.get("waits", ""),
            "may_draw": may_draw,
            "list_note": note,
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        key = whole(object_id)
        if key is None:
            raise Http404
        if request.method == "POST":
            case_or_404(request, key)
            raise PermissionDenied
        return case_views.page(request, key)

    def waiting(self, request: HttpRequest) -> Sequence[Waiting]:
        """The counters, for whoever has something to do with cases."""
        user = person(request)
        if not user.may_somewhere("cases.handle"):
            return ()
        href = reverse("admin:desk_application_changelist")
        return [
            Waiting(one.code, f"申报{one.label}", one.count, f"{href}?waits={one.waits}", one.note)
            for one in counters(user)
            if one.count
        ]


if isinstance(admin.site, DeskSite):
    admin.site.find_with(Application, CASES)
    admin.site.show_of(Enterprise, enterprise_cases)
    admin.site.show_of(Product, product_cases)
