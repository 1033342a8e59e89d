"""Certificates as a case names them."""

from typing import Any

from catalog.products.models import Certificate
from portal.core.text.normalise import fold_number


def certificate_named(values: dict[str, Any]) -> Certificate | None:
    """The certificate in the register that bears the body and number that were typed."""
    found = Certificate.objects.filter(
        body__code=values.get("body", ""), number_key=fold_number(values.get("number", ""))[:80]
    )
    return found.select_related("body").first()
