"""The registers of products, certificates and what they rest on, as the working group edits them."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import path, reverse

from catalog.standing.registers import CERTIFICATE
from portal.core.accounts.capability_admin import Group, Link, Place, ReadOnlyAdmin
from portal.core.accounts.models import User
from portal.core.accounts.signed_in import person
from portal.core.desk.version_admin import VersionAdmin
from portal.core.desk.working_admin import WorkingAdmin
from portal.core.editions import clock
from portal.core.text.normalise import fold, fold_number
from portal.core.text.numbers import format_number, parse_number

from .desk_checks import check_certificate
from .desk_forms import CertificateForm, KindWordsForm, ProductForm, RequirementForm
from .models import (
    Catalogue,
    Category,
    Certificate,
    CertificateCheck,
    CertificationBody,
    KindWords,
    KindWordsVersion,
    LocalRequirement,
    Product,
)


class RegisterAdmin(WorkingAdmin):
    read, edit = "registers.read", "registers.edit"


@admin.register(Certificate)
class CertificateAdmin(RegisterAdmin):
    menu_place = Place(Group.REGISTERS, "证书", 30)
    form = CertificateForm
    not_yet_public = True
    list_display = ("number", "body", "star", "maker_name", "valid_until", "standing", "product_count")
    list_filter = ("status", "star", "body")
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
        return CERTIFICATE.of(certificate, clock.today()).word

    @admin.display(description="产品")
    def product_count(self, certificate: Any) -> int:
        return certificate.products_of


@admin.register(Product)
class ProductAdmin(RegisterAdmin):
    menu_place = Place(Group.REGISTERS, "产品", 20)
    form = ProductForm
    not_yet_public = True
    list_display = ("name", "number", "enterprise", "category", "basis", "updated_at")
    list_filter = ("category",)
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

    @admin.display(description="依据")
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


@admin.register(KindWordsVersion)
class KindWordsAdmin(VersionAdmin):
    """What people say for a kind; the search understands it from the edition of its publication on."""

    form = KindWordsForm
    list_display = ("category_code", "kind_name", "listed_words", "standing")
    list_select_related = ("kind__category",)
    search_fields = ("category_code",)
    search_help_text = "品类代码"

    @admin.display(description="品类")
    def kind_name(self, version: KindWordsVersion) -> str:
        return version.kind.category.name

    @admin.display(description="用语")
    def listed_words(self, version: KindWordsVersion) -> str:
        return "、".join(version.words)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """The kind is chosen once."""
        fields = ["category", "words", "source", "change_note"]
        return fields if obj is None else fields[1:]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        own = [name for name in self.get_fields(request, obj) if name != "category"]
        return super().get_form(request, obj, change, **{**kwargs, "fields": own})

    def make_identity(self, form: Any) -> KindWords:
        return KindWords(category=form.cleaned_data["category"])

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.category_code = form.cleaned_data["category"].code
        super().save_model(request, obj, form, change)

    def prepare_correction(self, draft: Any, current: Any) -> None:
        draft.category_code = current.category_code


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
