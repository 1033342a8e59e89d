"""Platforms and shops at the desk: versions like everything else that is public."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from catalog.products.models import Product
from catalog.publication.models import ProductLine
from portal.core.desk.version_admin import VersionAdmin
from portal.core.text.numbers import format_number

from .addresses import BadAddress, checked
from .forms import PlatformForm, ShopForm, allowed_hosts
from .models import Platform, PlatformVersion, Shop, ShopVersion


class WithoutIdentityFields(VersionAdmin):
    """Fields that choose the identity stand in the form of a first draft only."""

    first_fields: tuple[str, ...] = ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        fields = list(self.form._meta.fields or ())
        return fields if obj is None else [name for name in fields if name not in self.first_fields]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form has more fields than the model: Django is asked for the model's alone."""
        own = [name for name in self.get_fields(request, obj) if name not in self.first_fields]
        return super().get_form(request, obj, change, **{**kwargs, "fields": own})


@admin.register(PlatformVersion)
class PlatformVersionAdmin(WithoutIdentityFields):
    form = PlatformForm
    first_fields = ("new_slug",)
    list_display = ("name", "slug", "host_words", "entrance", "standing")

    @admin.display(description="允许的主机")
    def host_words(self, version: PlatformVersion) -> str:
        return "、".join(version.hosts)

    def make_identity(self, form: Any) -> Platform:
        return Platform(slug=form.cleaned_data["new_slug"])

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.slug = form.cleaned_data["new_slug"]
        super().save_model(request, obj, form, change)

    def prepare_correction(self, draft: Any, current: Any) -> None:
        draft.slug = current.slug

    def faults(self, version: PlatformVersion) -> list[str]:
        if not version.hosts:
            return ["请写明允许的主机。"]
        if version.entrance and not version.open_entrance:
            return ["活动专区网址的主机不在允许的主机之内。"]
        return []


@admin.register(ShopVersion)
class ShopVersionAdmin(WithoutIdentityFields):
    form = ShopForm
    first_fields = ("platform", "target_code")
    list_display = ("title", "platform_slug", "target", "url", "standing")
    list_filter = ("state", "platform_slug")
    search_fields = ("title", "target")
    search_help_text = "名称、清单编号或信用代码"

    def make_identity(self, form: Any) -> Shop:
        platform, found = form.cleaned_data["platform"], form.found
        if isinstance(found, Product):
            return Shop(platform=platform, enterprise=found.enterprise, product=found)
        return Shop(platform=platform, enterprise=found)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            found = form.found
            obj.platform_slug = form.cleaned_data["platform"].slug
            obj.target = format_number(found.serial or 0) if isinstance(found, Product) else found.uscc
        super().save_model(request, obj, form, change)

    def faults(self, version: ShopVersion) -> list[str]:
        try:
            checked(version.url, allowed_hosts(version.shop.platform))
        except BadAddress as bad:
            return [str(bad)]
        return []

    def warnings(self, version: ShopVersion) -> list[str]:
        """The link would show nothing: publishing it now is no fault, since the product may be listed later."""
        shop = version.shop
        lines = ProductLine.objects.current().filter(
            enterprise=shop.enterprise, basis=ProductLine.Basis.CERTIFICATE, listing_status="listed"
        )
        if shop.product_id:
            lines = lines.filter(product=shop.product_id)
        return [] if lines.exists() else ["现在没有在列的获证产品，链接暂时不会公开显示"]
