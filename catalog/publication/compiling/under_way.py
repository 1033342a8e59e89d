"""Redactions that were begun and are not through: only some lines are emptied, or rows and files may say the value yet.

Two audit events tell it, with the key and the field: the one of the first edition, and the one behind the last file.
"""

from portal.core.audit.models import AuditEvent
from portal.core.audit.record import record

REDACTED, ENDED = "line.redacted", "line.redaction_ended"


def under_way() -> dict[tuple[str, str], int]:
    """By key and field, the number of the edition that began it. One that was broken off has to be ordered again."""
    events = AuditEvent.objects.filter(step__in=(REDACTED, ENDED)).order_by("id")
    begun: dict[tuple[str, str], int] = {}
    for step, told in events.values_list("step", "details"):
        order = told["key"], told["field"]
        if step == ENDED:
            begun.pop(order, None)
        elif told.get("is_begun"):
            begun[order] = told["edition"]
    return begun


def end(key: str, field_name: str) -> None:
    record(ENDED, key=key, field=field_name)
