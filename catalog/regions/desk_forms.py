"""The forms of region pages and subsidy rules."""

from decimal import Decimal
from typing import Any

from django import forms
from django.apps import apps
from django.db.models import Q

from catalog.regions.desk_fields import DivisionField
from catalog.regions.models import Division, RegionVersion, SubsidyVersion
from catalog.regions.naming import DivisionNames
from portal.core.accounts.models import User
from portal.core.desk.fields import WordsField


def address_field(label: str) -> forms.URLField:
    return forms.URLField(label=label, max_length=300, required=False, assume_scheme="https")


class RegionForm(forms.ModelForm):
    """Approval and launch are the working group's to say; an officer writes what the region answers for."""

    plan_link = address_field("方案原文链接")
    complaint_link = address_field("投诉网址")
    user: User | None = None
    OFFICIAL = (
        "approval_batch",
        "approval_year",
        "approval",
        "launched_on",
        "launched_precision",
        "launch_place",
    )

    class Meta:
        model = RegionVersion
        fields = (
            "approval_batch",
            "approval_year",
            "approval",
            "launched_on",
            "launched_precision",
            "launch_place",
            "summary",
            "plan_title",
            "plan_number",
            "plan_link",
            "responsible_unit",
            "responsible_phone",
            "complaint_channel",
            "complaint_phone",
            "complaint_link",
            "complaint_note",
            "checked_on",
            "source",
            "publish_on",
            "change_note",
        )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.user is not None and not self.user.may(RegionVersion.EDIT):
            for name in self.fields.keys() & set(self.OFFICIAL):
                self.fields[name].disabled = True


class SubsidyForm(forms.ModelForm):
    """The division is typed once, with the first draft; an amount is typed in yuan and kept in fen."""

    division = DivisionField(label="适用地区", required=True)
    document_link = address_field("文件链接")
    category_codes = WordsField(
        label="品类",
        required=False,
        help_text="品类或大类的名称或代码，以顿号分开；不限品类的留空。",
    )
    amount_yuan = forms.DecimalField(
        label="金额（元）",
        required=False,
        min_value=Decimal("0.01"),
        max_digits=9,
        decimal_places=2,
        help_text="标准是一个数额时填写；贷款贴息等留空。",
    )
    user: User

    class Meta:
        model = SubsidyVersion
        fields = (
            "title",
            "category_codes",
            "amount_text",
            "amount_unit",
            "from_on",
            "until_on",
            "document_title",
            "document_number",
            "document_link",
            "how_to_claim",
            "source",
            "publish_on",
            "change_note",
        )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if "division" in self.fields and self.instance.pk:
            self.initial["division"] = self.instance.division_code
            self.fields["division"].disabled = True
        if self.instance.amount_fen is not None:
            self.initial["amount_yuan"] = Decimal(self.instance.amount_fen) / 100

    def clean_division(self) -> Division | None:
        """Kept from the first draft on: a rule of another division is another rule."""
        if self.instance.pk:
            return self.instance.rule.division
        division = self.cleaned_data["division"]
        if division and not self.user.may(SubsidyVersion.EDIT, division.code):
            raise forms.ValidationError("适用地区不在您负责的地区内，请填写您负责地区的区划。")
        return division

    def clean_category_codes(self) -> list[str]:
        found = categories_named(self.cleaned_data["category_codes"])
        unknown = [word for word, code, _name in found if not code]
        if unknown:
            raise forms.ValidationError(f"没有这个品类：{'、'.join(unknown)}。请写目录里的名称或代码。")
        self.instance.category_names = [name for _word, _code, name in found]
        return [code for _word, code, _name in found]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        yuan = cleaned.get("amount_yuan")
        self.instance.amount_fen = int(yuan * 100) if yuan is not None else None
        if yuan is not None and not cleaned.get("amount_unit"):
            self.add_error("amount_unit", "填了金额，就须填计量单位。")
        if division := cleaned.get("division"):
            self.instance.division_code = division.code
            self.instance.division_name = DivisionNames().full(division.code)
        return cleaned


def categories_named(words: list[str]) -> list[tuple[str, str, str]]:
    """(word, code, name) of kinds and groups of the catalogue, by code, name or group; code empty where unknown.

    The catalogue is a room above this one and is asked for by its name.
    """
    if not words:
        return []
    categories = apps.get_model("products", "Category").objects
    known: dict[str, tuple[str, str]] = {}
    asked = Q(code__in=words) | Q(name__in=words) | Q(group_code__in=words) | Q(group_name__in=words)
    for kind in categories.filter(asked):
        known |= dict.fromkeys((kind.group_code, kind.group_name), (kind.group_code, kind.group_name))
        known |= dict.fromkeys((kind.code, kind.name), (kind.code, kind.name))
    return [(word, *known.get(word, ("", ""))) for word in words]
