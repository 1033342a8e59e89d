"""Which enterprise a row of a product list names: by its code, or by its exact name or a former one."""

from catalog.fields.unfit import Unfit
from portal.core.text.uscc import Verdict

from ..understanding.rows import SheetRow
from .registers import Makers


def find_maker(makers: Makers, row: SheetRow) -> int | None:
    """The enterprise; None when the row names none, or names it badly: then with a fault at the cell."""
    name: str = row.values.get("enterprise", "")
    verdict: Verdict | None = row.values.get("uscc")
    try:
        if verdict:
            return _by_code(makers, verdict, name)
        if name and not row.is_faulty("uscc"):
            return _by_name(makers, name)
    except Unfit as bad:
        row.blame_bad("enterprise" if bad.rule == "enterprise-mismatch" or not verdict else "uscc", bad)
    return None


def _by_code(makers: Makers, verdict: Verdict, name: str) -> int:
    makers.check_code(verdict)
    found = makers.by_code.get(verdict.code)
    if found is None:
        raise Unfit("enterprise-unknown", value=verdict.code)
    if name and not makers.is_called(found, name):
        raise Unfit("enterprise-mismatch", name=makers.names[found])
    return found


def _by_name(makers: Makers, name: str) -> int:
    found = makers.called(name)
    if not found:
        raise Unfit("enterprise-unknown", value=name)
    if len(found) > 1:
        raise Unfit("enterprise-ambiguous", count=len(found))
    return found[0]
