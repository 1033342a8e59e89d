"""Which enterprise a row of a product list names: by its code, or by its exact name or a former one."""

from catalog.fields.invalid import InvalidValue
from portal.core.text.uscc import Verdict

from ..understanding.firm_names import FirmName, core_of, parts_of
from ..understanding.rows import SheetRow
from .registers import Makers


def find_maker(makers: Makers, row: SheetRow) -> int | None:
    """The enterprise; None when the row names none, or names it badly: then with a fault at the cell."""
    name: str = row.values.get("enterprise", "")
    verdict: Verdict | None = row.values.get("uscc")
    try:
        if verdict:
            return _by_code(makers, verdict, name, row)
        if name and not row.is_faulty("uscc"):
            return _by_name(makers, name, row)
    except InvalidValue as bad:
        row.blame_bad("enterprise" if bad.rule == "enterprise-mismatch" or not verdict else "uscc", bad)
    return None


def _by_code(makers: Makers, verdict: Verdict, name: str, row: SheetRow) -> int:
    makers.check_code(verdict)
    found = makers.by_code.get(verdict.code)
    if found is None:
        raise InvalidValue("enterprise-unknown", value=verdict.code)
    if not name or makers.is_called(found, name):
        return found
    parts, registered = parts_of(name), makers.names[found]
    if not makers.is_called(found, parts.name) and core_of(parts.name) != core_of(registered):
        raise InvalidValue("enterprise-mismatch", name=registered)
    row.tell("enterprise", "mended-maker", name=registered, rest=parts.rest or name)
    return found


def _by_name(makers: Makers, name: str, row: SheetRow) -> int:
    found, parts = makers.called(name), FirmName(name)
    if not found:
        parts = parts_of(name)
        found = makers.called(parts.name) if parts.rest else []
    if not found:
        nearest = makers.nearest(parts.name)
        hint = f"名录里最接近的是「{nearest}」，是同一家的请照它填写；" if nearest else ""
        raise InvalidValue("enterprise-unknown", value=name, hint=hint)
    if len(found) > 1:
        raise InvalidValue("enterprise-ambiguous", count=len(found))
    if parts.rest:
        row.tell("enterprise", "mended-maker", name=makers.names[found[0]], rest=parts.rest)
    return found[0]
