"""The one place where an audit event is written."""

from .actors import kept_name
from .models import AuditEvent


def record(
    step: str, target=None, *, by=None, reason: str = "", is_success: bool = True, **details
) -> AuditEvent:
    """Write that `by` (an account, or None for the system) did `step` to `target` (a row, or None).

    A row whose name may be a person's gives an `audit_name` to be remembered by instead: events are never redacted.
    """
    name = getattr(target, "audit_name", None) or (str(target) if target is not None else "")
    return AuditEvent.objects.create(
        step=step,
        actor_id=getattr(by, "pk", None),
        actor_name=kept_name(by)[:150],
        target=target._meta.label_lower if target is not None else "",
        target_id=str(target.pk) if target is not None else "",
        target_name=name[:200],
        reason=reason,
        details=details,
        is_success=is_success,
    )
