"""Whose a certificate is, as far as the register can tell."""

from catalog.enterprises.models import Enterprise
from catalog.products.models import Certificate
from portal.applications.cases.prefilling import bears_name

ROLES = ("applicant_name", "maker_name", "factory_name")


def other_holder(certificate: Certificate, enterprise: Enterprise) -> str:
    """The name of another enterprise that the certificate belongs to; '' where it is this one's as well.

    It is this one's when its products rest on it, or when one of the three printed names is or was its name: an old name
    on a certificate is no fault after a rename.
    """
    others = certificate.products.exclude(enterprise=enterprise).select_related("enterprise").order_by("pk")
    other = others.first()
    if other is None or certificate.products.filter(enterprise=enterprise).exists():
        return ""
    printed = [getattr(certificate, role) for role in ROLES]
    if any(name and bears_name(enterprise, name) for name in printed):
        return ""
    return other.enterprise.name
