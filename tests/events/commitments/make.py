"""Makers of what this room publishes."""

import datetime
from typing import Any

from catalog.campaigns.models import Organisation
from events.commitments.models import (
    Adoption,
    AdoptionVersion,
    Agreement,
    AgreementVersion,
    Claim,
    ClaimVersion,
    ClauseTemplate,
    Letter,
    LetterVersion,
    TemplateVersion,
)
from portal.core.editions.release import release_record

SIGNED = {"signed_on": datetime.date(2026, 6, 6), "signed_precision": "day"}
CLAUSES = [
    {"title": "材料真实", "text": "提交的材料真实完整。"},
    {"title": "质量合格", "text": "按标准组织生产。"},
    {"title": "接受监督", "text": "配合检查和投诉处理。"},
]


def make(model: Any, identity: Any, **values: Any) -> Any:
    """An unsaved version of `identity`, which is saved."""
    identity.save()
    return model(**{model.IDENTITY: identity}, key=identity.key, **values)


def publish(model: Any, identity: Any, **values: Any) -> Any:
    version = make(model, identity, state="published", **values)
    release_record(version)
    return version


def letter_values(**changes: Any) -> dict[str, Any]:
    return {
        "party_name": "示例甲建材有限公司",
        "promises": ["保证质量"],
        "source": "示例来源",
        **SIGNED,
        **changes,
    }


def publish_letter(letter: Letter | None = None, **changes: Any) -> LetterVersion:
    return publish(LetterVersion, letter or Letter(), **letter_values(**changes))


def make_letter(**changes: Any) -> LetterVersion:
    return make(LetterVersion, Letter(), **letter_values(**changes))


def publish_template(template: ClauseTemplate | None = None, **changes: Any) -> TemplateVersion:
    values = {"title": "示例承诺书", "clauses": CLAUSES, "source": "示例来源"}
    return publish(TemplateVersion, template or ClauseTemplate(), **values | changes)


def publish_agreement(agreement: Agreement | None = None, **changes: Any) -> AgreementVersion:
    values = {
        "title": "示例合作协议",
        "parties": [{"name": "甲方", "role": "支持机构"}, {"name": "乙方", "role": ""}],
        "promises": ["提供咨询"],
        "source": "示例来源",
        **SIGNED,
    }
    return publish(AgreementVersion, agreement or Agreement(), **values | changes)


def publish_adoption(adoption: Adoption | None = None, **changes: Any) -> AdoptionVersion:
    values = {
        "recognised_by": "示例市财政局",
        "recognised": "二星级及以上证书",
        "purpose": "政府采购评审加分",
        "document_title": "示例文件",
        "from_on": datetime.date(2026, 1, 1),
        "source": "示例来源",
    }
    return publish(AdoptionVersion, adoption or Adoption(), **values | changes)


def make_organisation(name: str = "示例检验集团") -> Organisation:
    return Organisation.objects.get_or_create(name=name)[0]


def publish_claim(claim: Claim | None = None, **changes: Any) -> ClaimVersion:
    values = {
        "organisation": changes.pop("organisation", None) or make_organisation(),
        "figure": "700余张",
        "statement": "颁发证书700余张。",
        "stated_on": datetime.date(2022, 6, 6),
        "stated_precision": "day",
        "source": "示例来源",
    }
    return publish(ClaimVersion, claim or Claim(), **values | changes)
