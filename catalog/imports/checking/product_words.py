"""What the preview says of a row of a product list, in the words of its columns. `categories` is code -> label."""

from collections.abc import Mapping
from typing import Any

from ..understanding.cleaning import LABELS
from ..understanding.heading_words import PRODUCTS
from .planning import Pairs, Planned
from .product_certificates import shown
from .product_drafts import Draft
from .product_register import Stored

LABEL = LABELS[PRODUCTS]
LONGEST_SHOWN = 80  # characters of a value


def difference(
    draft: Draft, product: Stored, planned: Planned, categories: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    """What a working row says now and what the file says, field by field."""
    found = [
        (
            LABEL[column.removesuffix("_id")],
            _told(column, product[column], categories),
            _told(column, value, categories),
        )
        for column, value in planned.values.items()
    ]
    certificate = draft.certificate
    if certificate and certificate.pk != product["certificate_id"]:
        found.append(
            (LABEL["certificate_number"], "（原依据）", draft.row.values.get("certificate_number", ""))
        )
    elif draft.requirement != product["requirement_id"]:
        found.append((LABEL["requirement"], "（原依据）", draft.row.values.get("requirement", "")))
    return found + (certificate.difference() if certificate else [])


def values_shown(planned: Planned, maker: str, categories: Mapping[str, str]) -> Pairs:
    """What a new row will hold, for people."""
    values, certificate = planned.values, planned.certificate_values
    told = [
        ("企业名称", maker),
        (LABEL["category"], _told("category_id", values.get("category_id", ""), categories)),
    ]
    told += [(LABEL[name], str(values.get(name) or "")) for name in ("models_text", "brand")]
    told += [("证书编号", str(certificate.get("number") or ""))]
    told += [(LABEL[name], shown(name, certificate.get(name))) for name in ("star", "valid_until")]
    return [(label, text[:LONGEST_SHOWN]) for label, text in told if text]


def _told(column: str, value: Any, categories: Mapping[str, str]) -> str:
    return categories.get(value, value) if column == "category_id" else str(value)
