"""One row of a product list on its way to a plan: what it names, and what it must name. Asks no register."""

from dataclasses import dataclass
from typing import Any

from ..understanding.rows import SheetRow
from .product_certificates import SaidCertificate
from .product_register import Identity, Stored


@dataclass(slots=True)
class Draft:
    """What a row was found to name so far."""

    row: SheetRow
    enterprise: int | None = None
    body: int | None = None
    category: str = ""
    requirement: int | None = None
    certificate: SaidCertificate | None = None
    product: Stored | None = None
    keys: tuple[str, str] = ("", "")  # folded name and models, as the row gives them

    def identity(self) -> Identity | None:
        product: dict[str, Any] = self.product or {}
        name = self.keys[0] or product.get("name_key", "")
        models = self.keys[1] if "models_text" in self.row.values else product.get("models_key", "")
        basis = f"r{self.requirement}" if self.requirement else ""
        basis = self.certificate.basis if self.certificate else basis
        if not (self.enterprise and name and basis):
            return None
        return self.enterprise, basis, name, models

    def check_basis(self) -> None:
        row = self.row
        has_certificate = "certificate_number" in row.values or row.is_faulty("certificate_number")
        has_requirement = "requirement" in row.values or row.is_faulty("requirement")
        if has_certificate and has_requirement:
            row.add_error("requirement", "basis-double")
        elif not (has_certificate or has_requirement or self.certificate or self.requirement):
            if "certificate_number" in row.places and "requirement" in row.places:
                row.add_error("certificate_number", "basis-missing")
            else:
                row.require("requirement" if "requirement" in row.places else "certificate_number")

    def check_required(self) -> None:
        row = self.row
        if (
            not self.enterprise
            and not row.values.keys() & {"enterprise", "uscc"}
            and not row.is_faulty("uscc")
        ):
            row.require("uscc" if "uscc" in row.places and "enterprise" not in row.places else "enterprise")
        if not self.category and "category" not in row.values:
            row.require("category")
        if "name" not in row.values and not self.product:
            row.require("name")
        if self.certificate and not self.certificate.pk:
            for name in ("star", "valid_until"):
                if self.certificate.value(name) is None:
                    row.require(name)
