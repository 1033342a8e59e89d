"""What a case asks, kind by kind, as Django's forms: label, help, cleaning and refusal are those of the declared field.

Text is kept as it was typed, a formula or a tag included; only what nobody can see goes.
"""

from dataclasses import replace
from typing import Any

from django import forms

from catalog.fields.catalogue import CERTIFICATE, ENTERPRISE, PRODUCT
from catalog.fields.field import Field
from catalog.fields.readings import day
from catalog.products.models import Certificate

from . import lookups
from .asking import AnswerForm, Choice, Day, Line, Tick
from .models import ApplicationKind

IN_PUBLIC, INTERNAL = "（会公开）", "（不公开）"
WHOLE, SOME = "enterprise", "products"


class _EnterpriseForm(AnswerForm):
    name = Line(ENTERPRISE["name"], remark=IN_PUBLIC, attrs={"autocomplete": "organization"})
    division = Line(replace(ENTERPRISE["division"], rule=lookups.division), remark=IN_PUBLIC)
    address = Line(
        ENTERPRISE["address"],
        is_needed=False,
        label="详细地址",
        remark=INTERNAL,
        attrs={"autocomplete": "street-address"},
    )
    phone = Line(ENTERPRISE["phone"], remark=IN_PUBLIC, attrs={"autocomplete": "tel", "inputmode": "tel"})
    website = Line(ENTERPRISE["website"], is_needed=False, remark=IN_PUBLIC, attrs={"inputmode": "url"})
    sells_in = Line(
        replace(ENTERPRISE["sells_in"], rule=lookups.selling_range), is_needed=False, remark=IN_PUBLIC
    )


_CONTACT_PERSON = Line(ENTERPRISE["contact_person"], remark=INTERNAL, attrs={"autocomplete": "name"})
_CONTACT_PHONE = Line(
    ENTERPRISE["contact_phone"], remark=INTERNAL, attrs={"autocomplete": "tel", "inputmode": "tel"}
)


class RegisterForm(_EnterpriseForm):
    is_legal_representative = Tick(
        Field("is_legal_representative", "本人是法定代表人", 10),
        label="我就是法定代表人（不是的，须另附授权书）",
    )
    contact_person, contact_phone = _CONTACT_PERSON, _CONTACT_PHONE


class ChangeForm(_EnterpriseForm):
    renamed_on = Day(
        Field("renamed_on", "更名日期", 100, help="企业名称变了才填：登记机关核准的日期。", rule=day),
        is_needed=False,
    )
    rename_evidence = Line(
        Field(
            "rename_evidence",
            "更名依据",
            200,
            help="企业名称变了才填，例如 （闽）登字〔2026〕第 1234 号准予变更登记通知书。",
        ),
        is_needed=False,
    )
    contact_person, contact_phone = _CONTACT_PERSON, _CONTACT_PHONE


class CertificateForm(AnswerForm):
    body = Choice(
        replace(CERTIFICATE["body"], is_key=True),
        choices=lookups.bodies,
        unknown="不在认证机构名单里，请从名单中选择；确实没有的，请联系办理单位添加。",
    )
    number = Line(CERTIFICATE["number"], attrs={"autocapitalize": "characters"})
    star = Choice(CERTIFICATE["star"], choices=[lookups.UNCHOSEN, *Certificate.Star.choices])
    applicant_name = Line(CERTIFICATE["applicant_name"])
    maker_name = Line(CERTIFICATE["maker_name"])
    factory_name = Line(CERTIFICATE["factory_name"])
    standard = Line(CERTIFICATE["standard"], is_needed=False)
    issued_on = Day(CERTIFICATE["issued_on"])
    valid_until = Day(CERTIFICATE["valid_until"])


class WithdrawForm(AnswerForm):
    scope = Choice(
        Field("scope", "退出范围", 20, is_key=True),
        label="退出什么",
        choices=[lookups.UNCHOSEN, (WHOLE, "整个企业退出"), (SOME, "只退出部分产品")],
        unknown="请选择整家企业退出，或只退出其中的产品。",
    )
    reason = Line(
        Field("reason", "退出原因", 280, help="会写在公布的清单上。"),
        label="退出的原因",
        widget=forms.Textarea({"rows": 3}),
    )


class CommitmentForm(AnswerForm):
    template_version = Line(
        Field("template_version", "承诺书文本", 100, rule=lookups.template, empty=None, is_key=True),
        widget=forms.HiddenInput(),
    )
    campaign = Choice(
        Field("campaign", "活动年度", 20, is_key=True),
        label="参加哪一年度的活动",
        choices=lookups.campaigns,
        unknown="没有登记，请从名单中选择。",
    )
    signed_on = Day(Field("signed_on", "签署日期", 100, help="盖章的那一天。", rule=day))
    valid_until = Day(Field("valid_until", "有效期至", 100, rule=day), is_needed=False)
    signatory_name = Line(
        Field("signatory_name", "签署人", 40, is_personal=True),
        remark=INTERNAL,
        attrs={"autocomplete": "name"},
    )
    signatory_title = Line(
        Field("signatory_title", "职务", 60, is_personal=True),
        label="签署人职务",
        remark=INTERNAL,
        attrs={"autocomplete": "organization-title"},
    )


class ItemForm(AnswerForm):
    """One product of a certificate."""

    name = Line(PRODUCT["name"])
    category = Line(PRODUCT["category"], widget=forms.Select())
    models_text = Line(PRODUCT["models_text"], widget=forms.Textarea({"rows": 3}))
    brand = Line(PRODUCT["brand"])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        categories, field = lookups.Categories(), self.fields["category"]
        assert isinstance(field, Line)  # noqa: S101 - as it is declared above
        field.declared = replace(PRODUCT["category"], rule=categories.code_of)
        field.widget.choices = categories.choices


FORMS: dict[str, type[AnswerForm]] = {
    ApplicationKind.REGISTER: RegisterForm,
    ApplicationKind.CHANGE: ChangeForm,
    ApplicationKind.PRODUCT: CertificateForm,
    ApplicationKind.RENEWAL: CertificateForm,
    ApplicationKind.WITHDRAW: WithdrawForm,
    ApplicationKind.COMMITMENT: CommitmentForm,
}


def _declared_in(form: type[AnswerForm]) -> tuple[Field, ...]:
    return tuple(field.declared for field in form.base_fields.values())


FIELDS = {kind: _declared_in(form) for kind, form in FORMS.items()}
ITEM_FIELDS = _declared_in(ItemForm)
