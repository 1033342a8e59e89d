"""What one line says otherwise than another of the same thing, in the words of the public pages."""

from dataclasses import dataclass
from datetime import date

from catalog.products.models import Certificate
from catalog.publication.compiling.redactable import PLACEHOLDER
from catalog.publication.models import CertificateLine, EnterpriseLine, Line, ListingStatus, ProductLine

# The columns that a reader compares. Codes whose name is beside them are left out.
COMPARED: dict[type[Line], tuple[str, ...]] = {
    EnterpriseLine: (
        "name",
        "uscc",
        "former_names",
        "division_name",
        "phone",
        "website",
        "sells_in",
        "listing_status",
    ),
    CertificateLine: (
        "number",
        "body_name",
        "star",
        "applicant_name",
        "maker_name",
        "factory_name",
        "standard",
        "issued_on",
        "valid_until",
        "status",
        "status_reason",
        "status_on",
        "renews_number",
    ),
    ProductLine: (
        "name",
        "models_text",
        "brand",
        "category_name",
        "enterprise_name",
        "enterprise_uscc",
        "division_name",
        "basis",
        "certificate_number",
        "requirement_title",
        "requirement_version",
        "listing_status",
    ),
}
# Read by whoever proves a line, and large.
UNTOLD = ("salts", "hashes")
# What the lists show of a product's certificate.
CERTIFIED = ("body_name", "star", "issued_on", "valid_until")
CHOICES = {
    "listing_status": dict(ListingStatus.choices),
    "basis": dict(ProductLine.Basis.choices),
    "star": dict(Certificate.Star.choices),
    "status": dict(Certificate.Status.choices),
}


@dataclass(frozen=True)
class Change:
    """A column that two lines say differently. What was redacted is named and not said."""

    name: str
    label: str
    before: str
    after: str


def differences(line: Line) -> list[Change]:
    """The columns in which a line differs from the one it replaces; nothing for a line that replaces none."""
    return compared(line.replaces, line) if line.replaces else []


def compared(before: Line, after: Line) -> list[Change]:
    """The columns in which two lines of the same thing differ."""
    return [
        Change(name, label_of(after, name), said(before, name), said(after, name))
        for name in COMPARED[type(after)]
        if getattr(before, name) != getattr(after, name)
    ]


def of_certificate(before: CertificateLine | None, after: CertificateLine | None) -> list[Change]:
    """What a product's certificate says otherwise, or another one in its place, or that there is none now."""
    known = after or before
    if known is None:
        return []
    return [
        Change(
            name,
            label_of(known, name),
            *(said(one, name) if one else words(name, None) for one in (before, after)),
        )
        for name in CERTIFIED
        if getattr(before, name, None) != getattr(after, name, None)
    ]


def said(line: Line, name: str) -> str:
    """What a line says in a column, as a reader sees it."""
    return PLACEHOLDER if name in line.redacted else words(name, getattr(line, name))


def label_of(line: Line, name: str) -> str:
    return str(getattr(line._meta.get_field(name), "verbose_name", name))


def words(name: str, value: object) -> str:
    """A stored value as a reader sees it; 「无」 for nothing."""
    if name in CHOICES and value is not None:
        return CHOICES[name].get(str(value), str(value))
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, list):
        return "、".join(str(former.get("name", "")) for former in value) or "无"
    return str(value) if value else "无"
