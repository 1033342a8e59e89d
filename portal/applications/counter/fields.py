"""What the forms of a case ask, kind by kind: one table of fields, and the sections they stand in.

What a value may be is the business of `portal.applications.cases.cleaning`; here is only how it is asked for.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms

from catalog.campaigns.models import Campaign
from catalog.fields.catalogue import CERTIFICATE, ENTERPRISE
from catalog.fields.field import Field
from catalog.products.models import Certificate, CertificationBody
from catalog.publication.models import NATIONAL
from catalog.regions.models import RegionVersion
from portal.applications.cases.models import Application
from portal.applications.privacy.texts import CONTACT_PUBLICATION, PURPOSES

Kind = Application.Kind
IN_PUBLIC, INTERNAL = "（会公开）", "（不公开）"


def declared_line(field: Field, remark: str = "", **attributes: str) -> forms.Field:
    """A line for a field of the catalogue; whether it becomes public stands beside its label."""
    return line_of(f"{field.label}{remark}", hint=field.help, **attributes)


def line_of(label: str, *, hint: str = "", **attributes: str) -> forms.Field:
    widget = forms.TextInput({"class": "input", **attributes})
    return forms.CharField(label=label, required=False, widget=widget, help_text=hint)


def text_of(label: str, *, hint: str = "", rows: int = 4) -> forms.Field:
    widget = forms.Textarea({"rows": rows})
    return forms.CharField(label=label, required=False, widget=widget, help_text=hint)


def day_of(label: str, *, hint: str = "") -> forms.Field:
    widget = forms.TextInput({"class": "input day", "type": "date"})
    return forms.CharField(label=label, required=False, widget=widget, help_text=hint)


def tick_of(label: str, *, is_consent: bool = False) -> forms.Field:
    """A consent is kept beside the case, with the version of its text, and is no part of what the case says."""
    field = forms.BooleanField(label=label, required=False)
    field.is_consent = is_consent  # type: ignore[attr-defined]
    return field


def choice_of(label: str, choices: list, *, hint: str = "") -> forms.Field:
    return forms.ChoiceField(label=label, required=False, choices=choices, help_text=hint)


def bodies() -> list[tuple[str, str]]:
    found = CertificationBody.objects.order_by("name").values_list("code", "name")
    return [("", "请选择"), *found]


def lists() -> list[tuple[str, str]]:
    """The national list, and those of the pilot regions."""
    pilots = RegionVersion.objects.current().standing().filter(approval_batch__isnull=False)
    found = pilots.select_related("page__division").order_by("page_id")
    return [(NATIONAL, "全国产品清单"), *((version.page_id, f"{version.name}清单") for version in found)]


def campaigns() -> list[tuple[str, str]]:
    return [("", "请选择"), *Campaign.objects.order_by("-from_on").values_list("slug", "name")]


CONSENT = "consent"
WHOLE, SOME = "enterprise", "products"
Make = Callable[[], forms.Field]

FIELDS: dict[str, Make] = {
    "name": lambda: declared_line(ENTERPRISE["name"], IN_PUBLIC, autocomplete="organization"),
    "division": lambda: declared_line(ENTERPRISE["division"], IN_PUBLIC),
    "address": lambda: line_of("详细地址（不公开）", autocomplete="street-address"),
    "phone": lambda: declared_line(ENTERPRISE["phone"], IN_PUBLIC, autocomplete="tel", inputmode="tel"),
    "website": lambda: declared_line(ENTERPRISE["website"], IN_PUBLIC, inputmode="url"),
    "sells_in": lambda: declared_line(ENTERPRISE["sells_in"], IN_PUBLIC),
    "is_legal_representative": lambda: tick_of("我就是法定代表人（不是的，须另附授权书）"),
    "contact_person": lambda: declared_line(ENTERPRISE["contact_person"], INTERNAL, autocomplete="name"),
    "contact_phone": lambda: declared_line(
        ENTERPRISE["contact_phone"], INTERNAL, autocomplete="tel", inputmode="tel"
    ),
    CONSENT: lambda: tick_of(PURPOSES[CONTACT_PUBLICATION].current.words, is_consent=True),
    "renamed_on": lambda: day_of("更名日期", hint="企业名称变了才填：登记机关核准的日期。"),
    "rename_evidence": lambda: line_of(
        "更名依据", hint="企业名称变了才填，例如 （闽）登字〔2026〕第 1234 号准予变更登记通知书。"
    ),
    "publisher": lambda: choice_of("申报到哪一份清单", lists()),
    "body": lambda: choice_of(CERTIFICATE["body"].label, bodies(), hint=CERTIFICATE["body"].help),
    "number": lambda: declared_line(CERTIFICATE["number"], autocapitalize="characters"),
    "star": lambda: choice_of(
        CERTIFICATE["star"].label,
        [("", "请选择"), *Certificate.Star.choices],
        hint=CERTIFICATE["star"].help,
    ),
    "applicant_name": lambda: declared_line(CERTIFICATE["applicant_name"]),
    "maker_name": lambda: declared_line(CERTIFICATE["maker_name"]),
    "factory_name": lambda: declared_line(CERTIFICATE["factory_name"]),
    "standard": lambda: declared_line(CERTIFICATE["standard"]),
    "issued_on": lambda: day_of(CERTIFICATE["issued_on"].label),
    "valid_until": lambda: day_of(CERTIFICATE["valid_until"].label),
    "scope": lambda: choice_of(
        "退出什么", [("", "请选择"), (WHOLE, "整个企业退出"), (SOME, "只退出部分产品")]
    ),
    "reason": lambda: text_of("退出的原因", hint="会写在公布的清单上。", rows=3),
    "campaign": lambda: choice_of("参加哪一年度的活动", campaigns()),
    "signed_on": lambda: day_of("签署日期", hint="盖章的那一天。"),
    "signatory_name": lambda: line_of("签署人（不公开）", autocomplete="name"),
    "signatory_title": lambda: line_of("签署人职务（不公开）", autocomplete="organization-title"),
}


@dataclass(frozen=True)
class Section:
    """A part of a form; `hint` says what it is for."""

    legend: str
    names: tuple[str, ...]
    hint: str = ""


UNIT = Section("企业", ("name", "division", "address", "phone", "website", "sells_in"), "照营业执照填写。")
CONTACT = Section(
    "联系人",
    ("contact_person", "contact_phone", CONSENT),
    "办理中要问您什么，就找这个人。",
)
PAPER = Section(
    "证书",
    ("body", "number", "star", "issued_on", "valid_until", "standard"),
    "照证书填写，办理单位会与扫描件逐项核对。",
)
NAMED = Section(
    "证书上的三个名称",
    ("applicant_name", "maker_name", "factory_name"),
    "三个名称常常是同一家；证书上是旧名称的，照旧名称写。",
)
SECTIONS: dict[str, tuple[Section, ...]] = {
    Kind.REGISTER: (UNIT, Section("谁来办理", ("is_legal_representative",)), CONTACT),
    Kind.CHANGE: (
        UNIT,
        Section("更名", ("renamed_on", "rename_evidence"), "企业名称没有变，这两项空着。"),
        CONTACT,
    ),
    Kind.PRODUCT: (Section("清单", ("publisher",)), PAPER, NAMED),
    Kind.RENEWAL: (PAPER, NAMED),
    Kind.WITHDRAW: (Section("退出", ("scope", "reason")),),
    Kind.COMMITMENT: (
        Section("承诺书", ("campaign", "signed_on", "valid_until")),
        Section("签署人", ("signatory_name", "signatory_title"), "印在承诺书上，不在网站上公开。"),
    ),
}


def names_of(kind: str) -> list[str]:
    return [name for section in SECTIONS[kind] for name in section.names]
