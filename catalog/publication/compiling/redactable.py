"""Which fields of lines may be redacted, and the texts that stand in them."""

from typing import Any

from ..models import CertificateLine, EnterpriseLine, Line, ProductLine

REDACTABLE: dict[type[Line], tuple[str, ...]] = {
    EnterpriseLine: ("name", "former_names", "phone", "website", "reason", "authority", "document"),
    CertificateLine: ("applicant_name", "maker_name", "factory_name", "status_reason", "reason", "authority"),
    ProductLine: ("name", "models_text", "brand", "enterprise_name", "reason", "authority", "document"),
}
PLACEHOLDER = "（已依法隐去）"


def texts_in(line: Any, field_name: str) -> list[str]:
    """What stands in a field; a list of former names gives each of them."""
    value = getattr(line, field_name)
    said = [item["name"] for item in value] if isinstance(value, list) else [value]
    return [text for text in said if text and text != PLACEHOLDER]
