"""The register of enterprises, as the working group edits it, and their outlets, which are versions."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django_filters import ChoiceFilter

from catalog.fields.catalogue import ENTERPRISE
from catalog.fields.form_fields import DeclaredField, read
from catalog.regions.desk_fields import DivisionField
from catalog.regions.models import Division
from catalog.regions.naming import provinces
from portal.core.accounts.capability_admin import Group, Place
from portal.core.accounts.models import User
from portal.core.accounts.revealing import KeepsMasked, RevealingAdmin, tick
from portal.core.accounts.roles import prefix_of
from portal.core.accounts.signed_in import person
from portal.core.desk.fields import CleanCharField
from portal.core.desk.filters import DeskFilters, FilteredAdmin
from portal.core.desk.version_admin import PUBLICATION, VersionAdmin
from portal.core.desk.working_admin import WorkingAdmin, WorkingInline
from portal.core.text import uscc
from portal.core.text.masking import mask_name, mask_phone
from portal.core.text.normalise import fold
from portal.core.text.uscc import Verdict

from .desk_fields import SellsInField
from .desk_forms import OutletForm
from .models import Enterprise, FormerName, Outlet, OutletVersion

CONTACT = {"contact_person": mask_name, "contact_phone": mask_phone}


class EnterpriseForm(KeepsMasked, forms.ModelForm):
    """Knows who fills it in: an accepted wrong check character names that person, and a scope limits the division."""

    uscc = CleanCharField(label=ENTERPRISE["uscc"].label)
    name = DeclaredField(ENTERPRISE["name"])
    division = DivisionField(label=ENTERPRISE["division"].label)
    address = DeclaredField(ENTERPRISE["address"])
    phone = DeclaredField(ENTERPRISE["phone"])
    website = DeclaredField(ENTERPRISE["website"])
    sells_in = SellsInField()
    contact_person = DeclaredField(ENTERPRISE["contact_person"])
    contact_phone = DeclaredField(ENTERPRISE["contact_phone"])
    clear_contact = tick("清除联系人和电话")
    masked, clearing = CONTACT, {"clear_contact": tuple(CONTACT)}
    user: User

    class Meta:
        model = Enterprise
        fields = (
            "uscc",
            "uscc_override_reason",
            "name",
            "division",
            "address",
            "phone",
            "website",
            "sells_in",
            "contact_person",
            "contact_phone",
        )

    def clean_uscc(self) -> str:
        verdict = read(ENTERPRISE["uscc"], self.cleaned_data["uscc"])
        if verdict is None:
            raise forms.ValidationError(uscc.verdict("").reason)
        return verdict.code

    def clean_division(self) -> Division | None:
        division = self.cleaned_data["division"]
        if not self.user.may("registers.edit", division.code if division else ""):
            raise forms.ValidationError("所在地不在您负责的地区内，请填写您负责地区的区划。")
        return division

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        if "uscc" in cleaned:
            self._judge_override(uscc.verdict(cleaned["uscc"]), cleaned)
        return cleaned

    def _judge_override(self, verdict: Verdict, cleaned: dict) -> None:
        """A code that fails the standard needs somebody who compared it with the licence; a sound one needs nobody."""
        if verdict.is_valid:
            cleaned["uscc_override_reason"] = ""
            self.instance.uscc_override_by = None
        elif not cleaned.get("uscc_override_reason"):
            self.add_error("uscc", verdict.reason)
            self.add_error(
                "uscc_override_reason", "与营业执照逐位核对一致后，在此写明，例如「证照核对一致」。"
            )
        elif self.instance.uscc_override_by_id is None or {"uscc", "uscc_override_reason"} & set(
            self.changed_data
        ):
            self.instance.uscc_override_by = self.user


class FormerNameForm(forms.ModelForm):
    name = DeclaredField(ENTERPRISE["former_name"], required=True)

    class Meta:
        model = FormerName
        fields = ("name", "until_on", "evidence")


class FormerNameInline(WorkingInline):
    model = FormerName
    form = FormerNameForm
    read, edit = "registers.read", "registers.edit"
    fields = ("name", "until_on", "evidence")


class EnterpriseFilters(DeskFilters):
    region = ChoiceFilter(label="省份", choices=provinces, method="in_region")
    code = ChoiceFilter(label="信用代码", choices=[("override", "按例外采用")], method="overridden")

    def in_region(self, rows: models.QuerySet, _name: str, value: str) -> models.QuerySet:
        return rows.filter(division__code__startswith=prefix_of(value))

    def overridden(self, rows: models.QuerySet, _name: str, _value: str) -> models.QuerySet:
        return rows.exclude(uscc_override_reason="")


@admin.register(Enterprise)
class EnterpriseAdmin(FilteredAdmin, RevealingAdmin, WorkingAdmin):
    read, edit = "registers.read", "registers.edit"
    menu_place = Place(Group.REGISTERS, "企业", 10)
    form = EnterpriseForm
    not_yet_public = True
    masked = CONTACT
    inlines = (FormerNameInline,)
    list_display = ("name", "code", "place", "phone", "contact", "product_count")
    column_css: ClassVar = {"name": "cut w3", "code": "num", "place": "cut w1", "product_count": "r"}
    plain_columns = ("code", "place")
    filters = EnterpriseFilters
    list_select_related = ("division__parent__parent",)
    search_fields = ("name_key",)
    search_help_text = "名称、曾用名或信用代码"
    readonly_fields = ("override_by",)
    fieldsets = (
        (None, {"fields": ("uscc", ("uscc_override_reason", "override_by"), "name", "division")}),
        ("公布后会公开", {"fields": (("phone", "website"), "sells_in")}),
        ("仅供内部使用，从不公开", {"fields": ("address", ("contact_person", "contact_phone"))}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Enterprise | None = None) -> Any:
        """Whoever only reads sees contact data masked, as in the list."""
        label, inside = self.fieldsets[-1]
        if not self.may_edit(person(request), obj):
            inside = {"fields": ("address", "contact")}
        elif obj is not None:
            inside = {"fields": (*inside["fields"], "clear_contact")}
        return (*self.fieldsets[:-1], (label, inside))

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        counted = Enterprise.objects.filter(pk=models.OuterRef("pk")).annotate(n=models.Count("products"))
        return super().get_queryset(request).annotate(products_of=models.Subquery(counted.values("n")))

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        if not search_term:
            return queryset, False
        key = fold(search_term)
        former = FormerName.objects.filter(name_key__contains=key).values("enterprise")
        found = models.Q(name_key__contains=key) | models.Q(pk__in=former)
        return queryset.filter(found | models.Q(uscc__startswith=uscc.normalise(search_term))), False

    @admin.display(description="例外采用人")
    def override_by(self, enterprise: Enterprise) -> str:
        return str(enterprise.uscc_override_by or "")

    @admin.display(description="信用代码", ordering="uscc")
    def code(self, enterprise: Enterprise) -> str:
        return enterprise.uscc

    @admin.display(description="所在地", ordering="division")
    def place(self, enterprise: Enterprise) -> str:
        return enterprise.division.full_name if enterprise.division else ""

    @admin.display(description="联系人")
    def contact(self, enterprise: Enterprise) -> str:
        """Personal data: masked here and on the enterprise's own page, where they can be asked for."""
        return self.shown_masked(enterprise)

    @admin.display(description="产品", ordering="products_of")
    def product_count(self, enterprise: Any) -> int:
        return enterprise.products_of


@admin.register(OutletVersion)
class OutletAdmin(VersionAdmin):
    form = OutletForm
    list_display = ("name", "enterprise", "division_name", "phone", "checked_on", "standing")
    list_select_related = ("enterprise",)
    search_fields = ("name", "enterprise__name", "division_name")
    search_help_text = "网点、企业或地区"
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": ("enterprise", "name", "division", "address", ("phone", "checked_on"))}),
        PUBLICATION,
    )

    def make_identity(self, form: forms.ModelForm) -> Outlet:
        return Outlet(enterprise=form.cleaned_data["enterprise"])
