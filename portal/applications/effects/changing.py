"""What an enterprise says of itself changes: address and telephone, or its very name."""

from typing import Any

from catalog.enterprises.models import Enterprise, FormerName
from catalog.products.models import Product
from portal.core.audit.changes import save_working
from portal.core.text.normalise import fold

from .decision import Decision
from .drafts import enter_changed_enterprise, refuse_frozen

FACE = ("name", "division_id")  # carried to the lines of all publishers by the one that is frozen
PUBLIC = (*FACE, "phone", "website", "sells_in")


def change(decision: Decision) -> dict[str, Any]:
    """The working row, the former name with its date and evidence, and an entry wherever the enterprise is listed."""
    enterprise = decision.enterprise
    said = typed_values(decision)
    is_faced = any(said[name] != getattr(enterprise, name) for name in FACE)
    refuse_frozen(enterprise, Product.objects.filter(enterprise=enterprise) if is_faced else ())
    before = {name: getattr(enterprise, name) for name in PUBLIC}
    for name, value in said.items():
        setattr(enterprise, name, value)
    if enterprise.name != before["name"]:
        _keep_former_name(decision, enterprise, before["name"])
    save_working(enterprise, by=decision.by, source=decision.source)
    return {"drafts": carry_changes(decision, enterprise, before)}


def typed_values(decision: Decision) -> dict[str, Any]:
    """Columns of an enterprise as they were handed in."""
    said = ("name", "address", "phone", "website", "sells_in")
    values = {name: decision.values.get(name, "") for name in said}
    values["division_id"] = decision.values.get("division") or None
    return values | {name: decision.personal.get(name, "") for name in Enterprise.PERSONAL}


def carry_changes(decision: Decision, enterprise: Enterprise, before: dict[str, Any]) -> list[str]:
    """Into the drafts of those who list it, where something changed that the public reads."""
    changed = {name for name in PUBLIC if getattr(enterprise, name) != before[name]}
    if not changed:
        return []
    return enter_changed_enterprise(decision, enterprise, in_all=bool(changed.difference(FACE)))


def _keep_former_name(decision: Decision, enterprise: Enterprise, name: str) -> None:
    """A name that was borne twice keeps one row, with the later end."""
    kept = enterprise.former_names.filter(name_key=fold(name)[:120]).first()
    former = kept or FormerName(enterprise=enterprise)
    former.name = name
    former.until_on = decision.day("renamed_on")
    former.evidence = decision.values.get("rename_evidence", "")[:200]
    save_working(former, by=decision.by, source=decision.source)
