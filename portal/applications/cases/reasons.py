"""Why a case is returned or rejected: a kept list of sentences by field, beside which a reviewer may write."""

from dataclasses import asdict, dataclass
from typing import Any

from portal.core.workflow import NotAllowed

from .cleaning import field_label, tidy
from .models import ApplicationKind

LONGEST_TEXT = 500


@dataclass(frozen=True)
class Reason:
    """One reason: the field that is meant ("all" for the whole), a code of the kept list, and free text beside it.

    `item` is the number of a product line. The code "other" says nothing by itself and needs the text.
    """

    field: str
    code: str
    text: str = ""
    item: int | None = None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


RETURN_REASONS: dict[str, dict[str, str]] = {
    "name": {
        "differs": "与营业执照上的名称不一致",
        "incomplete": "名称不完整",
    },
    "division": {"differs": "与营业执照上的住所不一致"},
    "address": {"differs": "与营业执照上的住所不一致"},
    "phone": {"wrong": "电话打不通", "personal": "须是单位电话，不能是个人手机"},
    "website": {"wrong": "网址打不开", "other_unit": "网址是另一家单位的"},
    "sells_in": {"unclear": "销售范围不明确"},
    "contact_person": {"missing_consent": "未能与联系人核实"},
    "renamed_on": {"differs": "与更名证明上的日期不一致"},
    "rename_evidence": {"unclear": "更名依据不清楚"},
    "body": {"differs": "与证书上的认证机构不一致"},
    "number": {"differs": "与证书上的编号不一致", "not_found": "在认e云查不到这张证书"},
    "star": {"differs": "与证书上的等级不一致"},
    "applicant_name": {"differs": "与证书上的认证委托人不一致"},
    "maker_name": {"differs": "与证书上的制造商不一致"},
    "factory_name": {"differs": "与证书上的生产厂不一致"},
    "standard": {"differs": "与证书上的标准不一致"},
    "issued_on": {"differs": "与证书上的发证日期不一致"},
    "valid_until": {"differs": "与证书上的有效期不一致", "ended": "证书已过有效期"},
    "reason": {"unclear": "退出原因不清楚"},
    "signed_on": {"differs": "与承诺书上的日期不一致"},
    "template_version": {"differs": "所签文本不是现行的条款"},
    "signatory_name": {"differs": "与承诺书上的签署人不一致"},
    "items": {
        "not_on_certificate": "不在证书范围内",
        "models_differ": "规格型号与证书附件不一致",
        "name_differs": "产品名称与证书不一致",
        "category_wrong": "品类选错",
        "brand_unclear": "品牌无法核实",
        "double": "与另一行重复",
    },
    "documents": {
        "unreadable": "扫描件看不清",
        "incomplete": "扫描件缺页",
        "no_seal": "没有盖章",
        "other_unit": "不是本企业的材料",
        "outdated": "材料已过期",
        "missing": "缺少材料",
    },
    "all": {
        "not_eligible": "不符合清单的条件",
        "duplicate": "与已办理的申报重复",
        "no_authority": "未能证明申报人代表该企业",
    },
}
OTHER = "other"
OTHER_WORDS = "其他"

_FIELDS_OF_KIND: dict[str, tuple[str, ...]] = {
    ApplicationKind.REGISTER: (
        "name",
        "division",
        "address",
        "phone",
        "website",
        "sells_in",
        "contact_person",
        "documents",
        "all",
    ),
    ApplicationKind.CHANGE: (
        "name",
        "renamed_on",
        "rename_evidence",
        "division",
        "address",
        "phone",
        "website",
        "sells_in",
        "contact_person",
        "documents",
        "all",
    ),
    ApplicationKind.PRODUCT: (
        "body",
        "number",
        "star",
        "applicant_name",
        "maker_name",
        "factory_name",
        "standard",
        "issued_on",
        "valid_until",
        "items",
        "documents",
        "all",
    ),
    ApplicationKind.WITHDRAW: ("reason", "items", "documents", "all"),
    ApplicationKind.COMMITMENT: ("template_version", "signed_on", "signatory_name", "documents", "all"),
}
_FIELDS_OF_KIND[ApplicationKind.RENEWAL] = _FIELDS_OF_KIND[ApplicationKind.PRODUCT]


def reason_fields(kind: str) -> list[tuple[str, str]]:
    """(field, label) of what may be found fault with in a case of that kind."""
    return [(name, field_label(kind, name)) for name in _FIELDS_OF_KIND[kind]]


def reason_choices(kind: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The kept list of a kind, grouped for a select: values are "field:code"."""
    return [
        (
            label,
            [
                (f"{name}:{code}", words)
                for code, words in [*RETURN_REASONS[name].items(), (OTHER, OTHER_WORDS)]
            ],
        )
        for name, label in reason_fields(kind)
    ]


def item_reason_choices() -> list[tuple[str, str]]:
    """What may be found fault with in one product line: values are "items:code"."""
    codes = [*RETURN_REASONS["items"].items(), (OTHER, OTHER_WORDS)]
    return [(f"items:{code}", words) for code, words in codes]


def words_of_reason(kind: str, reason: Reason | dict[str, Any]) -> str:
    """「证书编号：与证书上的编号不一致。请照附件填写」; the kept words first, then what the reviewer wrote."""
    said = reason if isinstance(reason, dict) else reason.as_dict()
    field, code, text = said["field"], said["code"], said.get("text") or ""
    kept = RETURN_REASONS.get(field, {}).get(code, "")
    told = "。".join(part for part in (kept, text) if part)
    return f"{field_label(kind, field)}：{told}"


def check_reasons(kind: str, reasons: list[Reason]) -> list[dict[str, Any]]:
    """The reasons as they are kept. Raises NotAllowed for none, an unknown one, or 「其他」 without a word."""
    if not reasons:
        raise NotAllowed("case.reason", "请至少选一条原因，企业要按它改正。")
    for reason in reasons:
        known = RETURN_REASONS.get(reason.field, {}) if reason.field in _FIELDS_OF_KIND[kind] else None
        if known is None or (reason.code != OTHER and reason.code not in known):
            raise NotAllowed("case.reason", "原因不在名单里，请重新选择。")
        if reason.code == OTHER and not tidy(reason.text):
            raise NotAllowed("case.reason", "选了「其他」，请写明是什么问题、怎样改。")
        if len(tidy(reason.text)) > LONGEST_TEXT:
            raise NotAllowed("case.reason", f"原因的说明最多 {LONGEST_TEXT} 个字，请缩短。")
    return [{**reason.as_dict(), "text": tidy(reason.text)} for reason in reasons]
