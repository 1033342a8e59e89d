"""The form of outlets."""

from dataclasses import replace
from typing import Any

from django import forms

from catalog.fields.catalogue import ENTERPRISE
from catalog.fields.form_fields import DeclaredField
from catalog.regions.desk_fields import DivisionField
from catalog.regions.naming import DivisionNames
from portal.core.accounts.models import User

from .desk_fields import EnterpriseField
from .models import Enterprise, OutletVersion

OUTLET_PHONE = replace(ENTERPRISE["phone"], label="网点电话", help="网点的座机或客服电话，不要写个人手机。")


class OutletForm(forms.ModelForm):
    """The enterprise is named with the first draft; a shop of another enterprise is another outlet."""

    enterprise = EnterpriseField(label="企业")
    division = DivisionField(label="所在地", required=True)
    phone = DeclaredField(OUTLET_PHONE)
    user: User

    class Meta:
        model = OutletVersion
        fields = (
            "enterprise",
            "name",
            "division",
            "address",
            "phone",
            "checked_on",
            "publish_on",
            "change_note",
        )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if "enterprise" in self.fields and self.instance.pk:
            self.initial["enterprise"] = self.instance.enterprise.uscc
            self.fields["enterprise"].disabled = True

    def clean_enterprise(self) -> Enterprise | None:
        if self.instance.pk:
            return self.instance.enterprise
        enterprise = self.cleaned_data["enterprise"]
        if enterprise and not self.user.may(OutletVersion.EDIT, enterprise.scope_division):
            raise forms.ValidationError("这家企业不在您负责的地区内。")
        return enterprise

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if division := cleaned.get("division"):
            self.instance.division_name = DivisionNames().full(division.code)
        return cleaned
