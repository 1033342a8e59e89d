"""What a row says in a file: each column once, with its name in JSON Lines and its heading in tables.

JSON Lines have codes and words side by side; tables have the words, and the codes that stood there before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, F, IntegerField, TextField, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from catalog.products.models import Certificate
from catalog.publication.models import Action, ListingStatus, ProductLine, ReasonCode
from catalog.publication.publishers import publisher_names
from catalog.standing.judging import Judge
from catalog.standing.registers import CERTIFICATE, LISTING, PRODUCT
from portal.core.editions.models import Edition, Installation
from portal.core.pages.reading import ReadAt

from .expressions import FormerNames

SAID = "said"  # under which rows of products have the line of their certificate
COUNTED = "product_count"
DEMONSTRATION = "演示数据，不能作为凭据"
STARS = dict(Certificate.Star.choices)


@dataclass(frozen=True)
class Column:
    """`heading` is empty for what stands in JSON Lines alone; `is_free`: somebody wrote it, and a table takes no formula from it."""

    name: str
    heading: str
    value: Any
    is_free: bool = False
    is_day: bool = False
    is_number: bool = False


def product_columns(reading: ReadAt) -> list[Column]:
    return [*product_row(reading), *_source(reading)]


def enterprise_columns(reading: ReadAt) -> list[Column]:
    return [*enterprise_row(reading), *_source(reading)]


def product_row(reading: ReadAt) -> list[Column]:
    """Without where it was read, which an answer says once for all of its rows."""
    basis = dict(ProductLine.Basis.choices)
    on_certificate = {name: f"{SAID}__{name}" for name in ("status", "valid_until")}
    return [
        *_product(),
        *_coded("publisher", "发布方", "publisher", publisher_names()),
        _code("batch", "批次", "listed_in"),
        *_coded("basis", "列入依据", "basis", basis),
        _free("certificate", "证书编号", "certificate_number"),
        _free("body", "认证机构", f"{SAID}__body_name"),
        *_coded("star", "认证等级", f"{SAID}__star", STARS),
        _day("issued_on", "发证日期", f"{SAID}__issued_on"),
        _day("valid_until", "有效期至", f"{SAID}__valid_until"),
        _free("requirement", "地方技术要求", "requirement_title"),
        *_standing(PRODUCT, reading, on_certificate),
    ]


def enterprise_row(reading: ReadAt) -> list[Column]:
    return [
        *_enterprise(),
        *_coded("publisher", "发布方", "publisher", publisher_names()),
        _code("batch", "批次", "listed_in"),
        Column("products", "在列产品", F(COUNTED), is_number=True),
        *_standing(LISTING, reading),
    ]


def certificate_row(reading: ReadAt) -> list[Column]:
    """`status` is what its body says, `standing` what that and its last day make of it."""
    return [
        *_certificate(),
        Column("standing", "", CERTIFICATE.case(reading.day)),
        Column("standing_word", "有效状态", CERTIFICATE.case(reading.day, of=lambda one: one.word)),
    ]


def certificate_columns(reading: ReadAt) -> list[Column]:
    return [*certificate_row(reading), *_source(reading)]


def edition_columns(reading: ReadAt) -> list[Column]:
    """A line of the open log; each says its own edition and head."""
    made_up = [_constant(*said) for said in source_of(reading) if said[0] == "notice"]
    return [
        Column("number", "版号", F("number"), is_number=True),
        Column("at", "时间", KeyTextTransform("at", "header")),
        *_coded("cause", "缘由", "cause", dict(Edition.Cause.choices)),
        _free("subject", "对象"),
        _code("root", "根"),
        _code("head", "链头"),
        *made_up,
    ]


def batch_columns(register: str, reading: ReadAt) -> list[Column]:
    """A frozen line with its act, as `register` (products, enterprises, certificates) has it."""
    return [*frozen_row(register), *_source(reading)]


def frozen_row(register: str) -> list[Column]:
    own = {"products": _product_of_batch, "enterprises": _enterprise, "certificates": _certificate}[register]
    return [*_act(), *own()]


def source_of(reading: ReadAt) -> list[tuple[str, str, str | int]]:
    """Name, heading and value of what says where a row was read, so that one taken out of its file can still be traced."""
    head = Edition.objects.filter(number=reading.edition).values_list("head", flat=True).first() or ""
    said: list[tuple[str, str, str | int]] = [
        ("edition", "版号", reading.edition),
        ("as_of", "截至日期", reading.day.isoformat()),
        ("head", "链头", head),
    ]
    if Installation.current_kind() == Installation.Kind.DEMONSTRATION:
        said.append(("notice", "说明", DEMONSTRATION))
    return said


def _source(reading: ReadAt) -> list[Column]:
    return [_constant(*said) for said in source_of(reading)]


def _product() -> list[Column]:
    return [
        _code("number", "清单编号"),
        _free("name", "产品名称"),
        _free("models", "规格型号", "models_text"),
        _free("brand", "品牌"),
        _free("category", "产品类别", "category_name"),
        _code("category_code", "类别代码"),
        _free("enterprise", "企业名称", "enterprise_name"),
        _code("uscc", "统一社会信用代码", "enterprise_uscc"),
        _free("division", "企业所在地", "division_name"),
        _code("division_code", "区划代码"),
    ]


def _enterprise() -> list[Column]:
    return [
        _code("uscc", "统一社会信用代码"),
        _free("name", "企业名称"),
        Column("former_names", "曾用名", FormerNames("former_names"), is_free=True),
        _free("division", "所在地", "division_name"),
        _code("division_code", "区划代码"),
        _free("phone", "单位电话"),
        _free("website", "网址"),
        _free("sells_in", "销售范围"),
    ]


def _certificate() -> list[Column]:
    return [
        _free("certificate", "证书编号", "number"),
        _free("body", "认证机构", "body_name"),
        _code("body_code"),
        *_coded("star", "认证等级", "star", STARS),
        _free("applicant", "认证委托人", "applicant_name"),
        _free("maker", "制造商", "maker_name"),
        _free("factory", "生产厂", "factory_name"),
        _free("standard", "认证依据标准"),
        _day("issued_on", "发证日期", "issued_on"),
        _day("valid_until", "有效期至", "valid_until"),
        *_coded("status", "证书状态", "status", dict(Certificate.Status.choices)),
        _free("status_reason", "状态原因"),
        _day("status_on", "状态日期", "status_on"),
        _free("renews", "换自证书", "renews_number"),
    ]


def _product_of_batch() -> list[Column]:
    return [
        *_product(),
        *_coded("basis", "列入依据", "basis", dict(ProductLine.Basis.choices)),
        _free("certificate", "证书编号", "certificate_number"),
        _code("body_code"),
        _free("requirement", "地方技术要求", "requirement_title"),
        *_coded("listing_status", "列示状态", "listing_status", dict(ListingStatus.choices)),
    ]


def _act() -> list[Column]:
    return [
        Column("position", "行号", F("position"), is_number=True),
        *_coded("publisher", "发布方", "publisher", publisher_names()),
        *_coded("action", "动作", "action", dict(Action.choices)),
        *_coded("reason_code", "原因", "reason_code", dict(ReasonCode.choices)),
        _free("reason", "原因说明"),
        _day("fact_on", "事实日期", "fact_on"),
        _free("authority", "认定机关"),
        _free("document", "依据文件"),
    ]


def _free(name: str, heading: str, path: str = "") -> Column:
    return Column(name, heading, F(path or name), is_free=True)


def _code(name: str, heading: str = "", path: str = "") -> Column:
    return Column(name, heading, F(path or name))


def _day(name: str, heading: str, path: str) -> Column:
    """An ISO date as text: the same from every database."""
    return Column(name, heading, Cast(path, CharField()), is_day=True)


def _coded(name: str, heading: str, path: str, words: Mapping[str, str]) -> list[Column]:
    """A code, and its word under the heading; a code without a word stands for itself."""
    whens = (When(**{path: given}, then=Value(said)) for given, said in words.items() if given)
    said = Case(*whens, default=Coalesce(F(path), Value("")), output_field=CharField())
    return [_code(name, "", path), Column(f"{name}_word", heading, said)]


def _standing(judge: Judge, reading: ReadAt, columns: Mapping[str, str] | None = None) -> list[Column]:
    columns = columns or {}
    return [
        Column("status", "", judge.case(reading.day, columns)),
        Column("status_word", "状态", judge.case(reading.day, columns, of=lambda one: one.word)),
    ]


def _constant(name: str, heading: str, value: str | int) -> Column:
    kind = IntegerField() if isinstance(value, int) else TextField()
    return Column(name, heading, Cast(Value(value), kind), is_number=isinstance(value, int))
