"""The batch desk, and the public lines to read."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import admin
from django.db import models
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.html import format_html

from catalog.enterprises.models import Enterprise
from catalog.products.models import Certificate, Product
from catalog.regions.models import Division
from portal.core.accounts.capability_admin import Entry, Group, Place, ReadOnlyAdmin, Tally, Waiting
from portal.core.accounts.signed_in import person
from portal.core.desk.filters import FilteredAdmin
from portal.core.desk.site import DeskSite
from portal.core.editions import clock
from portal.core.pages.templatetags.pages import status

from .desk import act_views, batch_views, entry_views, rehearsal, sheets
from .desk.filters import PUBLICATION, BatchFilters
from .desk.finding import FINDERS
from .desk.pictures import PARTS_OF_RECORDS
from .desk.progress import STATUS
from .desk.registers import CHANGED, PARTS
from .desk.waiting import redactions_waiting, waiting_for
from .models import Batch, BatchEntry, CertificateLine, EnterpriseLine, Hold, ProductLine, SoughtNumber
from .publishers import publisher_names
from .sought import LEAST, LOOKED_BACK, radar

site: DeskSite = admin.site  # type: ignore[assignment]
for found, finder in FINDERS.items():
    site.find_with(found, finder)
for listed, part in PARTS.items():
    site.add_to_list(listed, part)
for pictured, parts_of_it in PARTS_OF_RECORDS.items():
    for said in parts_of_it:
        site.show_of(pictured, said)
for register in (Enterprise, Certificate, Product):
    site.offer(register, actions=[act_views.put_into_batch], tools=[act_views.tools_of])


class PublisherFilter(admin.SimpleListFilter):
    title = "发布方"
    parameter_name = "publisher"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        names = publisher_names()
        codes = model_admin.model.objects.order_by("publisher").values_list("publisher", flat=True).distinct()
        return [(code, names.get(code, code)) for code in codes]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        return queryset.filter(publisher=self.value()) if self.value() else queryset


PUBLISHER_LABEL = Coalesce(
    models.Subquery(Division.objects.filter(pk=models.OuterRef("publisher")).values("name")),
    models.Value("国家清单"),
)


@admin.register(Batch)
class BatchAdmin(FilteredAdmin, ReadOnlyAdmin):
    """The list of batches. Everything that changes one is a page of its own in `desk`."""

    read = "batches.read"
    menu_place = Place(Group.PUBLISHING, "批次", 10)
    list_display = ("slug", "title", "owner", "kind", "standing", "content", "notice_until", "created_by")
    list_display_links = ("slug", "title")
    filters = BatchFilters
    list_views = (
        ("编制中", "state__exact=draft"),
        ("待批准", "state__exact=submitted"),
        ("公示中", "state__exact=in_notice"),
        ("公示期满", f"waits={PUBLICATION}"),
    )
    column_css: ClassVar = {"slug": "num", "title": "cut w4", "content": "clip"}
    plain_columns = ("title", "owner", "kind", "content")
    list_select_related = ("created_by",)
    search_fields = ("slug", "title")
    search_help_text = "编号或标题"
    change_list_template = "publication/desk/batch_list.html"
    preserve_filters = False  # the page of a batch takes no parameter that it does not know

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        """With the number of entries, and of lines by register, in the one query of the list."""
        counts = {
            f"{name}_count": count_of(model)
            for name, model in (
                ("entry", BatchEntry),
                ("product", ProductLine),
                ("enterprise", EnterpriseLine),
                ("certificate", CertificateLine),
            )
        }
        return super().get_queryset(request).annotate(**counts, publisher_label=PUBLISHER_LABEL)

    def get_urls(self) -> list:
        def at(route: str, view: Any, name: str, **kwargs: Any) -> Any:
            return path(route, self.admin_site.admin_view(view), kwargs, name=f"publication_batch_{name}")

        steps = [
            at(f"<int:pk>/{slug}/", batch_views.step, slug.replace("-", "_"), step_slug=slug)
            for slug in batch_views.STEPS
        ]
        return [
            at("", self.changelist_view, "changelist"),
            at("add/", batch_views.open_batch, "add"),
            at("<int:pk>/change/", batch_views.page, "change"),
            at("<int:pk>/head/", batch_views.head, "head"),
            at("<int:pk>/entries/", entry_views.entries, "entries"),
            at("<int:pk>/entries/missing/", entry_views.missing_enterprises, "missing"),
            at("<int:pk>/rehearsal/<path:path>", rehearsal.rehearsal, "rehearsal"),
            at("<int:pk>/rehearsal/", rehearsal.rehearsal, "rehearsal"),
            at("<int:pk>/lines.xlsx", sheets.workbook, "workbook"),
            at("<int:pk>/lines.pdf", sheets.paper, "paper"),
            at("act/<slug:register>/<int:pk>/", act_views.act, "act"),
            at("hold/<slug:register>/<int:pk>/", act_views.hold, "hold"),
            *steps,
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        user = person(request)
        return super().changelist_view(request, {"may_open": user.may_somewhere("batches.compile")})

    def menu(self, request: HttpRequest) -> Sequence[Entry]:
        """Beside the batches what could go into one."""
        if not person(request).may_somewhere("registers.read"):
            return super().menu(request)
        href = f"{reverse('admin:products_product_changelist')}?pending={CHANGED}"
        return (*super().menu(request), Entry(Place(Group.REGISTERS, "已改未公布", 50), href))

    def waiting(self, request: HttpRequest) -> Sequence[Waiting]:
        user = person(request)
        return [*redactions_waiting(user), *waiting_for(user)]

    def tally(self, request: HttpRequest) -> Tally:
        return Tally(Batch.objects.in_scope(request.user).open().count())

    @admin.display(description="发布方", ordering="publisher")
    def owner(self, batch: Any) -> str:
        return batch.publisher_label

    @admin.display(description="状态", ordering="state")
    def standing(self, batch: Batch) -> str:
        return status(STATUS[Batch.State(batch.state)], batch.get_state_display())

    @admin.display(description="内容")
    def content(self, batch: Any) -> str:
        if batch.state == Batch.State.DRAFT:
            return f"{batch.entry_count} 项条目"
        return f"产品 {batch.product_count}，企业 {batch.enterprise_count}，证书 {batch.certificate_count}"


def count_of(model: type[models.Model]) -> Coalesce:
    """How many rows of `model` a batch has."""
    rows = model._default_manager.filter(batch=models.OuterRef("pk")).order_by().values("batch")
    counted = rows.annotate(n=models.Count("pk")).values("n")
    return Coalesce(models.Subquery(counted), 0)


class PublicFilter(admin.SimpleListFilter):
    title = "公开"
    parameter_name = "public"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("now", "现行"), ("past", "已被替换"), ("frozen", "冻结，未公开")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "now":
                return queryset.current()
            case "past":
                return queryset.filter(until_edition__isnull=False)
            case "frozen":
                return queryset.unpublished()
        return queryset


class LineAdmin(ReadOnlyAdmin):
    """Public rows, and the frozen ones of batches in scope."""

    read = "registers.read"
    list_filter = (PublicFilter, "action", PublisherFilter)
    list_select_related = ("batch", "from_edition", "until_edition")
    shown: tuple[str, ...] = ()

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return (*self.shown, "publisher", "action", "of_batch", "from_edition", "until_edition")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        sealed = [name for name in self.model.SEALED if not name.endswith(("_id", "_key"))]  # type: ignore[attr-defined]
        return ["key", "of_batch", *sealed, "from_edition", "until_edition", "replaced", "digest", "redacted"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        batches = Batch.objects.in_scope(request.user)
        public = models.Q(from_edition__isnull=False)
        return super().get_queryset(request).filter(public | models.Q(batch__in=batches.values("pk")))

    @admin.display(description="批次")
    def of_batch(self, line: Any) -> str:
        return format_html('<a href="{}">{}</a>', batch_views.batch_href(line.batch), line.batch)

    @admin.display(description="替换的行")
    def replaced(self, line: Any) -> str:
        """The line that this one ended, by its digest."""
        return line.replaces.digest if line.replaces else ""


@admin.register(ProductLine)
class ProductLineAdmin(LineAdmin):
    shown = ("number", "name", "enterprise_name", "listing_status")
    search_fields = ("number", "name", "enterprise_name", "certificate_number")
    search_help_text = "编号、产品、企业或证书"


@admin.register(EnterpriseLine)
class EnterpriseLineAdmin(LineAdmin):
    shown = ("uscc", "name", "listing_status")
    search_fields = ("uscc", "name")
    search_help_text = "信用代码或名称"


@admin.register(CertificateLine)
class CertificateLineAdmin(LineAdmin):
    shown = ("number", "body_name", "valid_until", "status")
    search_fields = ("number",)
    search_help_text = "证书编号"


@admin.register(Hold)
class HoldAdmin(ReadOnlyAdmin):
    read = "registers.read"
    menu_place = Place(Group.REGISTERS, "核查中", 60)
    list_display = ("target_key", "reason", "until_on", "is_lifted", "from_edition", "until_edition")
    search_fields = ("target_key",)
    search_help_text = "对象"
    fields = ("key", "target_key", "reason", "until_on", "is_lifted", "from_edition", "until_edition")


@admin.register(SoughtNumber)
class SoughtNumberAdmin(ReadOnlyAdmin):
    """Numbers that many people look for in vain: a forged certificate, or one that a list lacks."""

    read = "registers.read"
    list_display = ("number", "times", "day", "look")
    list_display_links = None
    search_fields = ("number",)
    search_help_text = "编号的一段"
    fields = ("number", "day", "count")

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        note = f"只列近 {LOOKED_BACK} 天有 {LEAST} 次以上查不到的编号，不记是谁查的。"
        return super().changelist_view(request, {"list_note": note, **(extra_context or {})})

    def get_queryset(self, request: HttpRequest) -> Any:
        return radar(clock.today())

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("-total", "number")

    @admin.display(description=f"近 {LOOKED_BACK} 天次数", ordering="total")
    def times(self, sought: Any) -> int:
        return sought.total

    @admin.display(description="现在")
    def look(self, sought: SoughtNumber) -> str:
        return format_html('<a href="{}?number={}">核验</a>', reverse("check"), sought.number)
