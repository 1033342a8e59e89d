"""What the forms of the counter ask, kind by kind, and how each answer is read: by the catalogue of fields.

Registers of their own (places, bodies, categories, campaigns) are asked here. Text is kept as it was typed, a formula or a
tag included; only what nobody can see goes.
"""

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from catalog.campaigns.models import Campaign
from catalog.enterprises.selling import NATIONWIDE, NATIONWIDE_WORDS, SEPARATOR, words_of
from catalog.fields.catalogue import CERTIFICATE, ENTERPRISE, PRODUCT
from catalog.fields.field import Field as Declared
from catalog.fields.readings import day
from catalog.fields.unfit import Unfit
from catalog.products.models import Category, CertificationBody
from catalog.regions.desk_fields import division_named
from catalog.regions.models import Division
from events.commitments.models import TemplateVersion
from portal.core.text.normalise import clean, fold

from .models import ApplicationKind

_TRUE = frozenset({"1", "true", "on", "yes", "是"})

Faults = dict[str, str]


@dataclass(frozen=True)
class Field:
    """A declared field as a kind of case asks it: `is_required` before it is handed in."""

    declared: Declared
    is_required: bool = True

    @property
    def name(self) -> str:
        return self.declared.name

    @property
    def label(self) -> str:
        return self.declared.label

    @property
    def is_personal(self) -> bool:
        return self.declared.is_personal

    def read(self, raw: Any) -> Any:
        """What is stored, as JSON holds it. Raises Unfit."""
        value = self.declared.read(str(raw) if raw is not None else "")
        return value.isoformat() if isinstance(value, datetime.date) else value


def clean_values(kind: str, raw: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any], Faults]:
    """(values, personal, faults by field name) of what was typed. Empty fields are no fault: a draft may be half done.

    A field that is not in `raw` is not in the answer either; a faulty one is only among the faults.
    """
    values: dict[str, Any] = {}
    personal: dict[str, Any] = {}
    faults: Faults = {}
    for field in FIELDS[kind]:
        if field.name not in raw:
            continue
        try:
            (personal if field.is_personal else values)[field.name] = field.read(raw[field.name])
        except Unfit as fault:
            faults[field.name] = fault.sentence
    return values, personal, faults


def clean_item(raw: Mapping[str, Any]) -> tuple[dict[str, Any], Faults]:
    """One product line as typed: (name, models_text, brand, category), and the faults by field name."""
    return clean_items([raw])[0]


def clean_items(rows: Sequence[Mapping[str, Any]]) -> list[tuple[dict[str, Any], Faults]]:
    """`clean_item()` of each; the catalogue is read once."""
    fields = (*ITEM_FIELDS[:-1], _category_field())
    return [_item(row, fields) for row in rows]


def _item(raw: Mapping[str, Any], fields: Sequence[Field]) -> tuple[dict[str, Any], Faults]:
    values: dict[str, Any] = {}
    faults: Faults = {}
    for field in fields:
        try:
            values[field.name] = field.read(raw.get(field.name))
        except Unfit as fault:
            faults[field.name] = fault.sentence
    return values, faults


def tidy(text: str) -> str:
    """Free text of several lines as it may be stored: each line without what nobody can see."""
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join(clean(line) for line in lines).strip("\n")


def field_label(kind: str, name: str) -> str:
    """What a field is called on the page; the name itself for one that no form has."""
    every = (*FIELDS[kind], *ITEM_FIELDS)
    return next((field.label for field in every if field.name == name), OTHER_LABELS.get(name, name))


# -- rules -----------------------------------------------------------------------------------------------------------


def _refused(reason: str) -> Unfit:
    return Unfit("not-offered", reason=reason)


def _division(text: str) -> str:
    found: Division | None = division_named(text)
    if found is None:
        raise _refused("没有这个行政区划，或同名的不止一个，请从省级写起，或写六位代码。")
    return found.code


def _selling_range(text: str) -> str:
    words = words_of(text)
    if any(fold(word) in NATIONWIDE_WORDS for word in words):
        return NATIONWIDE
    found = {word: division_named(word) for word in words}
    unknown = [word for word, division in found.items() if division is None]
    if unknown:
        raise _refused(f"里没有这个地区，或同名的不止一个：{SEPARATOR.join(unknown)[:60]}。请从省级写起。")
    return SEPARATOR.join(dict.fromkeys(row.code for row in found.values() if row))


def _truth(text: str) -> bool:
    return text.casefold() in _TRUE


def _scope(text: str) -> str:
    if text not in ("enterprise", "products"):
        raise _refused("请选择整家企业退出，或只退出其中的产品。")
    return text


def _body(text: str) -> str:
    if not CertificationBody.objects.filter(code=text).exists():
        raise _refused("不在认证机构名单里，请从名单中选择；确实没有的，请联系办理单位添加。")
    return text


class _Categories:
    """Reads the catalogue when the first category is looked up: by its code, or by its name where only one bears it."""

    def __init__(self) -> None:
        self._codes: dict[str, str] | None = None

    def __call__(self, text: str) -> str:
        if self._codes is None:
            rows = list(Category.objects.values_list("code", "name"))
            named = Counter(name for _code, name in rows)
            self._codes = {name: code for code, name in rows if named[name] == 1}
            self._codes |= {code: code for code, _name in rows}
        code = self._codes.get(text)
        if code is None:
            raise _refused("不在品类目录里，请从目录中选择。")
        return code


def _template(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise _refused("不对，请重新打开承诺书页面。")
    if not TemplateVersion.objects.current().filter(pk=text).exists():
        raise _refused("已有新的文本，请阅读现行的条款后重新填写。")
    return int(text)


def _campaign(text: str) -> str:
    if not Campaign.objects.filter(slug=text).exists():
        raise _refused("没有登记，请从名单中选择。")
    return text


def _category_field() -> Field:
    """Reads the catalogue of categories when it is first asked, and once."""
    return Field(replace(PRODUCT["category"], rule=_Categories()))


def _own(name: str, label: str, limit: int, *, is_required: bool = True, **declared: Any) -> Field:
    """A field that no register has."""
    return Field(Declared(name, label, limit, **declared), is_required)


_ENTERPRISE = (
    Field(ENTERPRISE["name"]),
    Field(replace(ENTERPRISE["division"], rule=_division)),
    Field(ENTERPRISE["address"], is_required=False),
    Field(ENTERPRISE["phone"]),
    Field(ENTERPRISE["website"], is_required=False),
    Field(replace(ENTERPRISE["sells_in"], rule=_selling_range), is_required=False),
)
_CONTACT = (Field(ENTERPRISE["contact_person"]), Field(ENTERPRISE["contact_phone"]))
_CERTIFICATE = (
    Field(replace(CERTIFICATE["body"], rule=_body, is_key=True)),
    *(
        Field(CERTIFICATE[name])
        for name in ("number", "star", "applicant_name", "maker_name", "factory_name")
    ),
    Field(CERTIFICATE["standard"], is_required=False),
    Field(replace(CERTIFICATE["issued_on"], empty="")),
    Field(replace(CERTIFICATE["valid_until"], empty="")),
)

FIELDS: dict[str, tuple[Field, ...]] = {
    ApplicationKind.REGISTER: (
        *_ENTERPRISE,
        _own("is_legal_representative", "本人是法定代表人", 10, is_required=False, rule=_truth, empty=False),
        *_CONTACT,
    ),
    ApplicationKind.CHANGE: (
        *_ENTERPRISE,
        _own("renamed_on", "更名日期", 100, is_required=False, rule=day),
        _own("rename_evidence", "更名依据", 200, is_required=False),
        *_CONTACT,
    ),
    ApplicationKind.PRODUCT: _CERTIFICATE,
    ApplicationKind.RENEWAL: _CERTIFICATE,
    ApplicationKind.WITHDRAW: (
        _own("scope", "退出范围", 20, rule=_scope, is_key=True),
        _own("reason", "退出原因", 280),
    ),
    ApplicationKind.COMMITMENT: (
        _own("template_version", "承诺书文本", 100, rule=_template, empty=None, is_key=True),
        _own("campaign", "活动年度", 20, rule=_campaign, is_key=True),
        _own("signed_on", "签署日期", 100, rule=day),
        _own("valid_until", "有效期至", 100, is_required=False, rule=day),
        _own("signatory_name", "签署人", 40, is_personal=True),
        _own("signatory_title", "职务", 60, is_personal=True),
    ),
}
ITEM_FIELDS = (
    Field(PRODUCT["name"]),
    Field(PRODUCT["models_text"], is_required=False),
    Field(PRODUCT["brand"], is_required=False),
    _category_field(),
)
OTHER_LABELS = {
    "uscc": ENTERPRISE["uscc"].label,
    "documents": "材料",
    "items": "产品",
    "all": "整件",
}
