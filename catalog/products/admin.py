"""The registers of products, certificates and what they rest on, as the working group edits them."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import path, reverse
from django_filters import ChoiceFilter

from catalog.regions.naming import provinces
from catalog.standing.registers import CERTIFICATE
from portal.core.accounts.capability_admin import Group, Link, Place, ReadOnlyAdmin
from portal.core.accounts.models import User
from portal.core.accounts.roles import prefix_of
from portal.core.accounts.signed_in import person
from portal.core.desk.filters import DeskFilters, FilteredAdmin
from portal.core.desk.working_admin import WorkingAdmin
from portal.core.editions import clock
from portal.core.pages.templatetags.pages import status
from portal.core.text.normalise import fold, fold_number
from portal.core.text.numbers import format_number, parse_number

from . import kind_admin
from .desk_checks import check_certificate
from .desk_forms import CertificateForm, ProductForm, RequirementForm
from .models import (
    Catalogue,
    Category,
    Certificate,
    CertificateCheck,
    CertificationBody,
    LocalRequirement,
    Product,
    categories,
)

__all__ = ["kind_admin"]  # registered with the others of this room

STANDINGS = [(code, standing.word) for code, standing in CERTIFICATE.standings.items()]


class RegisterAdmin(WorkingAdmin):
    read, edit = "registers.read", "registers.edit"


def bodies() -> list[tuple[int, str]]:
    return list(CertificationBody.objects.values_list("pk", "name"))


class CertificateFilters(DeskFilters):
    standing = ChoiceFilter(label="状态", choices=STANDINGS, method="standing_so")
    star__exact = ChoiceFilter(label="等级", choices=Certificate.Star.choices, field_name="star")
    body__id__exact = ChoiceFilter(label="机构", choices=bodies, field_name="body")

    def standing_so(self, rows: models.QuerySet, _name: str, value: str) -> models.QuerySet:
        return rows.filter(CERTIFICATE.condition([value], clock.today()))


class ProductFilters(DeskFilters):
    region = ChoiceFilter(label="省份", choices=provinces, method="in_region")
    category__code__exact = ChoiceFilter(label="品类", choices=categories, field_name="category")
    standing = ChoiceFilter(label="证书", choices=STANDINGS, method="resting_so")
    star = ChoiceFilter(label="等级", choices=Certificate.Star.choices, field_name="certificate__star")

    def in_region(self, rows: models.QuerySet, _name: str, value: str) -> models.QuerySet:
        return rows.filter(enterprise__division__code__startswith=prefix_of(value))

    def resting_so(self, rows: models.QuerySet, _name: str, value: str) -> models.QuerySet:
        standing_so = Certificate.objects.filter(CERTIFICATE.condition([value], clock.today()))
        return rows.filter(certificate__in=standing_so)


@admin.register(Certificate)
class CertificateAdmin(FilteredAdmin, RegisterAdmin):
    menu_place = Place(Group.REGISTERS, "证书", 30)
    form = CertificateForm
    not_yet_public = True
    list_display = ("number", "body", "star", "maker_name", "valid_until", "standing", "product_count")
    column_css: ClassVar = {"number": "num", "body": "cut w2", "maker_name": "cut w3", "product_count": "r"}
    plain_columns = ("body", "star", "maker_name")
    filters = CertificateFilters
    list_views = (("即将到期", "standing=ending"), ("已过期", "standing=expired"))
    list_select_related = ("body",)
    search_fields = ("number_key",)
    search_help_text = "证书编号或制造商"
    fieldsets = (
        (None, {"fields": (("body", "number"), "star", "standard", ("issued_on", "valid_until"))}),
        ("证书上的三个名称，照录", {"fields": ("applicant_name", "maker_name", "factory_name")}),
        ("状态", {"fields": ("status", ("status_on", "status_reason"), "renews")}),
    )

    def get_urls(self) -> list:
        check = path(
            "<int:pk>/check/",
            self.admin_site.admin_view(check_certificate),
            name="products_certificate_check",
        )
        return [check, *super().get_urls()]

    def get_tools(self, request: HttpRequest, obj: models.Model) -> list[Link]:
        user = person(request)
        own = [Link("记录核验", reverse("admin:products_certificate_check", args=[obj.pk]))]
        return (own if user.may_somewhere("checks.record") else []) + super().get_tools(request, obj)

    def may_edit(self, user: User, obj: models.Model | None = None) -> bool:
        """A certificate belongs to no division: whoever edits registers may edit those in scope."""
        return user.may_somewhere(self.edit)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        counted = Certificate.objects.filter(pk=models.OuterRef("pk")).annotate(n=models.Count("products"))
        return super().get_queryset(request).annotate(products_of=models.Subquery(counted.values("n")))

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        if not search_term:
            return queryset, False
        number = models.Q(number_key__contains=fold_number(search_term))
        return queryset.filter(number | models.Q(maker_name__contains=search_term.strip())), False

    @admin.display(description="今天")
    def standing(self, certificate: Any) -> str:
        """Expiry is of the day, never stored."""
        return status(CERTIFICATE.of(certificate, clock.today()).code)

    @admin.display(description="产品", ordering="products_of")
    def product_count(self, certificate: Any) -> int:
        return certificate.products_of


@admin.register(Product)
class ProductAdmin(FilteredAdmin, RegisterAdmin):
    menu_place = Place(Group.REGISTERS, "产品", 20)
    form = ProductForm
    not_yet_public = True
    list_display = ("name", "number", "enterprise", "category", "basis", "star", "ends_on")
    column_css: ClassVar = {
        "name": "cut w3",
        "number": "num",
        "enterprise": "cut w2",
        "category": "cut w1",
        "basis": "cut w2",
        "star": "",
        "ends_on": "",
    }
    plain_columns = ("number", "enterprise", "category", "basis", "star")
    filters = ProductFilters
    list_views = (("证书即将到期", "standing=ending"), ("证书已过期", "standing=expired"))
    list_select_related = ("enterprise", "category", "certificate", "requirement")
    search_fields = ("name_key",)
    search_help_text = "产品、企业、证书编号或清单编号"
    readonly_fields = ("number",)
    fieldsets = (
        (None, {"fields": ("number", "enterprise", ("category", "brand"), "name", "models_text")}),
        ("依据，二者填一", {"fields": ("certificate", "requirement")}),
    )

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        if not search_term:
            return queryset, False
        key = fold(search_term)
        found = models.Q(name_key__contains=key) | models.Q(enterprise__name_key__contains=key)
        found |= models.Q(certificate__number_key__contains=fold_number(search_term))
        return queryset.filter(found | models.Q(serial=serial_of(search_term))), False

    @admin.display(description="清单编号", ordering="serial")
    def number(self, product: Product) -> str:
        return format_number(product.serial) if product.serial else "公布后给出"

    @admin.display(description="等级", ordering="certificate__star")
    def star(self, product: Product) -> str:
        return product.certificate.get_star_display() if product.certificate else ""

    @admin.display(description="证书到期", ordering="certificate__valid_until")
    def ends_on(self, product: Product) -> Any:
        return product.certificate.valid_until if product.certificate else None

    @admin.display(description="依据", ordering="certificate__number_key")
    def basis(self, product: Product) -> str:
        return str(product.certificate or product.requirement)


@admin.register(LocalRequirement)
class RequirementAdmin(RegisterAdmin):
    """A version that a list has named is never rewritten: only its last day may be set; a change is a new version."""

    form = RequirementForm
    list_display = ("title", "version", "publisher", "category", "from_on", "until_on")
    list_filter = ("publisher",)
    list_select_related = ("category",)
    search_fields = ("title",)
    search_help_text = "名称"
    fields = ("publisher", "category", "title", "version", "text", ("from_on", "until_on"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None or not obj.products.filter(lines__isnull=False).exists():
            return ()
        return ("publisher", "category", "title", "version", "text", "from_on")


@admin.register(CertificationBody)
class BodyAdmin(RegisterAdmin):
    list_display = ("name", "code", "short")
    search_fields = ("name", "code")
    search_help_text = "名称或代码"

    @admin.display(description="简称")
    def short(self, body: CertificationBody) -> str:
        return "、".join(body.short_names)


@admin.register(Catalogue)
class CatalogueAdmin(RegisterAdmin):
    list_display = ("title", "version", "from_on")


@admin.register(Category)
class CategoryAdmin(RegisterAdmin):
    list_display = ("code", "name", "group_name", "scheme", "house_part", "standard_number", "catalogue")
    list_filter = ("scheme", "house_part")
    list_select_related = ("catalogue",)
    search_fields = ("code", "name")
    search_help_text = "代码或名称"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A code is an address for ever."""
        return ("code",) if obj else ()


@admin.register(CertificateCheck)
class CheckAdmin(ReadOnlyAdmin):
    read = "registers.read"
    list_display = ("certificate_number", "checked_on", "result", "checked_by", "source", "from_edition")
    list_filter = ("result",)
    list_select_related = ("checked_by", "from_edition")
    search_fields = ("certificate_number",)
    search_help_text = "证书编号"
    fields = ("certificate", "checked_on", "checked_by", "source", "result", "note", "from_edition")


def serial_of(text: str) -> int:
    """The serial in a product number as typed; 0, which no product has, where the text is none."""
    return parse_number(text) or 0
