"""Whether the values under a heading look like what the heading was taken for: a wrong guess is worse than none."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from catalog.fields.invalid import InvalidValue

from .cell_text import is_blank, is_ditto, shown
from .cleaning import cleaner

LOOKED_AT = 40  # values of a column
_UNITS_WRITTEN = (
    "块 片 张 个 只 件 套 台 根 支 条 卷 桶 袋 箱 包 瓶 罐 樘 扇 组 副 对 把 座 盏 盘 节 项 批 车 辆 枚 粒 捆 扎 "
    "米 平方米 立方米 平米 平方 立方 方 延米 延长米 毫米 厘米 千米 公里 吨 千克 公斤 克 升 毫升 千瓦 瓦 万元 元 "
    "㎡ m² m2 ㎥ m³ m3 m mm cm km kg g t l ml kw w pcs pc set sets"
)
_UNITS = frozenset(_UNITS_WRITTEN.split())
_UNIT_FRAME = re.compile(r"^元?\s*[/／]|^(?:每|一|1)|[(（].*")
_FIRM_TYPE = re.compile(
    r"有限责任|股份有限公司$|股份公司$|个体|国有|国企|央企|民营|私营|民企|集体|合伙|独资|外资|合资|外商|港澳台|法人|自然人|"
    r"分公司|上市公司|中小|小微|微型|规上|专精特新|高新技术"
)
_FIRM = re.compile(r"公司|厂$|集团$|合作社$|经营部$|中心$|商行$|门市部$|研究院$")
_NUMBER = re.compile(r"[\d.,%￥¥\s-]+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_PARTIES = ("enterprise", "applicant_name", "maker_name", "factory_name")
_TYPED = (
    "star",
    "status",
    "issued_on",
    "valid_until",
    "status_on",
    "uscc",
    "serial",
    "phone",
    "any_phone",
    "website",
)
_NUMBERED = ("certificate_number", "standard", "contact_phone")
_NAMED = (*_PARTIES, "name", "category", "body", "requirement", "province", "city", "county", "division")
_PLACED = (
    "province",
    "city",
    "county",
    "division",
    "sells_in",
    "contact_person",
    "former_names",
    "body",
    "category",
)


def values_of(rows: Sequence[Sequence[Any]], column: int) -> list[Any]:
    """The first values under a heading."""
    cells = (row[column - 1] for row in rows if column <= len(row))
    return [cell for cell in cells if not is_blank(cell) and not is_ditto(cell)][:LOOKED_AT]


def why_unlike(register: str, field: str, values: Sequence[Any], *, is_sure: bool) -> str:
    """Why the values can be no `field`; '' where they can, or where there are none. A sure heading is doubted only for units."""
    if not values:
        return ""
    texts = [shown(value).strip() for value in values]
    if _most(texts, is_unit):
        return "值是计量单位"
    if field == "category" and _most(texts, _FIRM_TYPE.search):
        return "值是企业类型"
    return "" if is_sure else _why_doubtful(register, field, values, texts)


def _why_doubtful(register: str, field: str, values: Sequence[Any], texts: list[str]) -> str:
    if field in _TYPED:
        good = sum(_is_read(register, field, value) for value in values)
        return "" if 2 * good >= len(values) else "值不像"
    if field in _NUMBERED:
        return "" if _most(texts, re.compile(r"\d").search) else "值里没有号码"
    if field in _NAMED and _most(texts, _NUMBER.fullmatch):
        return "值是数字"
    if field in _PARTIES or (field == "name" and register == "enterprises"):
        return "" if _most(texts, lambda text: len(text) > 3) else "值不像企业名称"
    if field == "name" and _most(texts, _FIRM.search):
        return "值是企业名称"
    if field in _PLACED and not _most(texts, lambda text: _HAN.search(text) or text.isascii()):
        return "值不像"
    return "值是企业名称" if field == "category" and _most(texts, _FIRM.search) else ""


def _most(texts: list[str], holds: Callable[[str], Any]) -> bool:
    return 2 * sum(1 for text in texts if holds(text)) >= len(texts)


def is_unit(text: str) -> bool:
    return _UNIT_FRAME.sub("", text).strip().casefold() in _UNITS


def _is_read(register: str, field: str, value: Any) -> bool:
    try:
        return cleaner(register, field)(value) is not None
    except InvalidValue:
        return False
