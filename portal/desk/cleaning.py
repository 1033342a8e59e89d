"""One rule for each field of an application: the forms of the desk and the submission both ask it.

A rule takes what was typed and gives what is stored, or says in a sentence why it cannot be stored. Text is kept as it
was typed, a formula or a tag included; only what nobody can see goes.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from catalog.campaigns.models import Campaign
from catalog.enterprises.selling import NATIONWIDE, NATIONWIDE_WORDS, SEPARATOR, words_of
from catalog.products.models import Category, CertificationBody
from catalog.regions.desk_fields import division_named
from catalog.regions.models import Division
from events.commitments.models import TemplateVersion
from portal.text.dates import read_date
from portal.text.deceptive import foreign_letter, hidden_character, lookalike_character
from portal.text.normalise import clean, clean_name, fold
from portal.text.stars import read_star

from .models import ApplicationKind

_PHONE = re.compile(r"[\d\s()+\-—–－,，、;；/转分机:：（）]+")
_FEWEST_DIGITS = 5
_website = URLValidator(schemes=["http", "https"])
_TRUE = frozenset({"1", "true", "on", "yes", "是"})

Rule = Callable[[str], Any]
Faults = dict[str, str]


class Unfit(ValueError):
    """What was typed cannot be stored; the text is the sentence that says why."""


@dataclass(frozen=True)
class Field:
    """A field of a form: `empty` is what it holds while nothing was typed."""

    name: str
    label: str
    rule: Rule
    is_required: bool = True
    is_personal: bool = False
    empty: Any = ""

    def read(self, raw: Any) -> Any:
        """What is stored for `raw`. Raises Unfit."""
        text = str(raw) if raw is not None else ""
        if reason := hidden_character(text):
            raise Unfit(f"「{self.label}」的{reason}")
        try:
            value = self.rule(text) if text.strip() else self.empty
        except Unfit as fault:
            raise Unfit(f"「{self.label}」{fault}") from None
        return value


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
            faults[field.name] = str(fault)
    return values, personal, faults


def clean_item(raw: Mapping[str, Any]) -> tuple[dict[str, Any], Faults]:
    """One product line as typed: (name, models_text, brand, category), and the faults by field name."""
    return clean_items([raw])[0]


def clean_items(rows: Sequence[Mapping[str, Any]]) -> list[tuple[dict[str, Any], Faults]]:
    """`clean_item()` of each; the catalogue is read once."""
    fields = (*ITEM_FIELDS[:-1], replace(ITEM_FIELDS[-1], rule=_Categories()))
    return [_item(row, fields) for row in rows]


def _item(raw: Mapping[str, Any], fields: Sequence[Field]) -> tuple[dict[str, Any], Faults]:
    values: dict[str, Any] = {}
    faults: Faults = {}
    for field in fields:
        try:
            values[field.name] = field.read(raw.get(field.name))
        except Unfit as fault:
            faults[field.name] = str(fault)
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


def _limited(text: str, limit: int) -> str:
    if len(text) > limit:
        raise Unfit(f"最多 {limit:,} 个字，现在有 {len(text):,} 个，请缩短。")
    return text


def _text(limit: int, raw: str) -> str:
    return _limited(clean(raw), limit)


def _printed(limit: int, raw: str) -> str:
    """A name or number as printed on a paper: no letter may pass for another one."""
    text = _limited(clean_name(raw), limit)
    if reason := lookalike_character(text):
        raise Unfit(f"里的{reason}")
    return text


def _registered_name(raw: str) -> str:
    text = _printed(120, raw)
    if reason := foreign_letter(text):
        raise Unfit(f"里的{reason}")
    return text


def _phone_number(raw: str) -> str:
    text = _limited(clean(raw), 40)
    if not _PHONE.fullmatch(text) or sum(char.isdigit() for char in text) < _FEWEST_DIGITS:
        raise Unfit("不像电话号码，请写数字，可带区号和分机，例如 0592-1234567。")
    return text


def _address_of_site(raw: str) -> str:
    text = clean(raw)
    text = _limited(text if "://" in text else f"http://{text}", 200)
    try:
        _website(text)
    except ValidationError:
        raise Unfit("不是网址，请照浏览器地址栏填写，例如 www.example.cn。") from None
    return text


def _division(raw: str) -> str:
    text = _limited(clean(raw), 100)
    found: Division | None = division_named(text)
    if found is None:
        raise Unfit("没有这个行政区划，或同名的不止一个，请从省级写起，或写六位代码。")
    return found.code


def _selling_range(raw: str) -> str:
    words = words_of(_limited(clean(raw), 2000))
    if any(fold(word) in NATIONWIDE_WORDS for word in words):
        return NATIONWIDE
    found = {word: division_named(word) for word in words}
    unknown = [word for word, division in found.items() if division is None]
    if unknown:
        raise Unfit(f"里没有这个地区，或同名的不止一个：{SEPARATOR.join(unknown)[:60]}。请从省级写起。")
    return _limited(SEPARATOR.join(dict.fromkeys(row.code for row in found.values() if row)), 400)


def _day(raw: str) -> str:
    try:
        return read_date(_limited(clean(raw), 40)).isoformat()
    except Unfit:
        raise
    except ValueError as fault:
        raise Unfit(f"不对：{fault}") from None


def _star(raw: str) -> str:
    text = _limited(clean(raw), 40)
    try:
        return text if text in ("1", "2", "3", "green") else read_star(text)
    except ValueError as fault:
        raise Unfit(f"不对：{fault}") from None


def _truth(raw: str) -> bool:
    return raw.strip().casefold() in _TRUE


def _scope(raw: str) -> str:
    if raw not in ("enterprise", "products"):
        raise Unfit("请选择整家企业退出，或只退出其中的产品。")
    return raw


def _body(raw: str) -> str:
    text = _limited(clean(raw), 100)
    if not CertificationBody.objects.filter(code=text).exists():
        raise Unfit("不在认证机构名单里，请从名单中选择；确实没有的，请联系办理单位添加。")
    return text


class _Categories:
    """Reads the catalogue when the first category is looked up: by its code, or by its name where only one bears it."""

    def __init__(self) -> None:
        self._codes: dict[str, str] | None = None

    def __call__(self, raw: str) -> str:
        if self._codes is None:
            rows = list(Category.objects.values_list("code", "name"))
            named = Counter(name for _code, name in rows)
            self._codes = {name: code for code, name in rows if named[name] == 1}
            self._codes |= {code: code for code, _name in rows}
        code = self._codes.get(_limited(clean(raw), 60))
        if code is None:
            raise Unfit("不在品类目录里，请从目录中选择。")
        return code


def _template(raw: str) -> int:
    if not (raw.isascii() and raw.isdigit() and len(raw) < 10):
        raise Unfit("不对，请重新打开承诺书页面。")
    if not TemplateVersion.objects.current().filter(pk=raw).exists():
        raise Unfit("已有新的文本，请阅读现行的条款后重新填写。")
    return int(raw)


def _campaign(raw: str) -> str:
    if not Campaign.objects.filter(slug=raw[:20]).exists():
        raise Unfit("没有登记，请从名单中选择。")
    return raw


_ENTERPRISE = (
    Field("name", "企业名称", _registered_name),
    Field("division", "所在地", _division),
    Field("address", "地址", partial(_text, 200), is_required=False),
    Field("phone", "单位电话", _phone_number),
    Field("website", "网址", _address_of_site, is_required=False),
    Field("sells_in", "销售范围", _selling_range, is_required=False),
)
_CONTACT = (
    Field("contact_person", "联系人", partial(_text, 40), is_personal=True),
    Field("contact_phone", "联系人电话", _phone_number, is_personal=True),
)
_CERTIFICATE = (
    Field("body", "认证机构", _body),
    Field("number", "证书编号", partial(_printed, 64)),
    Field("star", "认证等级", _star),
    Field("applicant_name", "认证委托人", partial(_printed, 120)),
    Field("maker_name", "制造商", partial(_printed, 120)),
    Field("factory_name", "生产厂", partial(_printed, 120)),
    Field("standard", "认证依据标准", partial(_text, 200), is_required=False),
    Field("issued_on", "发证日期", _day),
    Field("valid_until", "有效期至", _day),
)

FIELDS: dict[str, tuple[Field, ...]] = {
    ApplicationKind.REGISTER: (
        *_ENTERPRISE,
        Field("is_legal_representative", "本人是法定代表人", _truth, is_required=False, empty=False),
        *_CONTACT,
    ),
    ApplicationKind.CHANGE: (
        *_ENTERPRISE,
        Field("renamed_on", "更名日期", _day, is_required=False),
        Field("rename_evidence", "更名依据", partial(_text, 200), is_required=False),
        *_CONTACT,
    ),
    ApplicationKind.PRODUCT: _CERTIFICATE,
    ApplicationKind.RENEWAL: _CERTIFICATE,
    ApplicationKind.WITHDRAW: (
        Field("scope", "退出范围", _scope),
        Field("reason", "退出原因", partial(_text, 280)),
    ),
    ApplicationKind.COMMITMENT: (
        Field("template_version", "承诺书文本", _template, empty=None),
        Field("campaign", "活动年度", _campaign),
        Field("signed_on", "签署日期", _day),
        Field("valid_until", "有效期至", _day, is_required=False),
        Field("signatory_name", "签署人", partial(_text, 40), is_personal=True),
        Field("signatory_title", "职务", partial(_text, 60), is_personal=True),
    ),
}
ITEM_FIELDS = (
    Field("name", "产品名称", partial(_printed, 120)),
    Field("models_text", "规格型号", partial(_text, 5000), is_required=False),
    Field("brand", "品牌", partial(_printed, 60), is_required=False),
    Field("category", "品类", _Categories()),
)
OTHER_LABELS = {"uscc": "统一社会信用代码", "documents": "材料", "items": "产品", "all": "整件"}
