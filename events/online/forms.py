"""What editors write of platforms and shops."""

from typing import Any

from django import forms

from catalog.enterprises.models import Enterprise
from catalog.products.models import Product
from portal.core.desk.fields import CleanCharField, WordsField
from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.text.numbers import parse_number
from portal.core.text.uscc import normalise

from .addresses import BadAddress, checked, checked_host
from .models import Platform, PlatformVersion, Shop, ShopVersion
from .rows import platforms_at


class PlatformForm(forms.ModelForm):
    """The name in addresses is chosen once."""

    new_slug = forms.SlugField(label="地址名", max_length=20, help_text="小写字母和数字，如 jd；之后不能改。")
    hosts = WordsField(
        label="允许的主机",
        help_text="如 item.jd.com、mall.jd.com；只有这些主机的链接会公开。",
        widget=forms.Textarea({"rows": 3}),
    )

    class Meta:
        model = PlatformVersion
        fields = (
            *("new_slug", "name", "operator", "hosts", "entrance", "about", "source"),
            *("publish_on", "change_note"),
        )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["new_slug"]

    def clean_new_slug(self) -> str:
        slug = self.cleaned_data["new_slug"].lower()
        if Platform.objects.filter(slug=slug).exists():
            raise forms.ValidationError("已有这个地址名的平台，请在那个平台上起草新版本。")
        return slug

    def clean_hosts(self) -> list[str]:
        try:
            hosts = [checked_host(host) for host in self.cleaned_data["hosts"]]
        except BadAddress as bad:
            raise forms.ValidationError(str(bad)) from bad
        return list(dict.fromkeys(hosts))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("entrance") and "hosts" in cleaned:
            try:
                checked(cleaned["entrance"], cleaned["hosts"])
            except BadAddress as bad:
                self.add_error("entrance", str(bad))
        return cleaned


class PlatformField(forms.ModelChoiceField):
    """Platforms by the names that the public knows them by."""

    def label_from_instance(self, obj: Any) -> str:
        newest = obj.versions.order_by("-pk").first()
        return f"{newest.name}（{obj.slug}）" if newest else obj.slug


class ShopForm(forms.ModelForm):
    """A product by its list number, or an enterprise by its code; the platform decides which hosts are right."""

    platform = PlatformField(label="平台", queryset=Platform.objects.order_by("slug"), empty_label="请选择")
    target_code = CleanCharField(
        label="清单编号或信用代码",
        max_length=30,
        help_text="填清单编号即该产品的商品页，填统一社会信用代码即企业的店铺。",
    )

    class Meta:
        model = ShopVersion
        fields = ("platform", "target_code", "title", "url", "publish_on", "change_note")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.found: Product | Enterprise | None = None
        if self.instance.pk:
            del self.fields["platform"], self.fields["target_code"]

    def clean_target_code(self) -> str:
        given = self.cleaned_data["target_code"]
        serial = parse_number(given)
        if serial is not None:
            self.found = Product.objects.filter(serial=serial).first()
        else:
            self.found = Enterprise.objects.filter(uscc=normalise(given)).first()
        if self.found is None:
            raise forms.ValidationError(f"没有清单编号或信用代码为「{given}」的产品或企业。")
        return given

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        platform = cleaned.get("platform") or (self.instance.shop.platform if self.instance.pk else None)
        if platform and self.found and self._is_taken(platform):
            self.add_error("target_code", "这个产品或企业在该平台已有链接，请在那一条上起草新版本。")
        if platform and cleaned.get("url"):
            try:
                checked(cleaned["url"], allowed_hosts(platform))
            except BadAddress as bad:
                self.add_error("url", str(bad))
        return cleaned

    def _is_taken(self, platform: Platform) -> bool:
        shops = Shop.objects.filter(platform=platform)
        if isinstance(self.found, Product):
            return shops.filter(product=self.found).exists()
        return shops.filter(enterprise=self.found, product=None).exists()


def allowed_hosts(platform: Platform) -> list[str]:
    """The hosts that the platform is publicly allowed now; none before it was published."""
    version = platforms_at(Edition.objects.current_number(), clock.today()).get(platform.slug)
    return version.hosts if version else []
