"""What a draft says of itself: title, basis, days of notice."""

from typing import Any

from django.db import transaction

from portal.core.accounts.models import User
from portal.core.audit.record import record
from portal.core.workflow import NoPermission, NotAllowed

from ..models import Batch

METADATA = ("title", "basis", "notice_days", "notice_waiver")


def change_metadata(batch: Batch, *, by: User, **head: Any) -> Batch:
    """Write the fields of `METADATA` that are given. Raises NotAllowed once the batch is no draft any more."""
    with transaction.atomic():
        locked = Batch.objects.select_for_update().get(pk=batch.pk)
        if locked.state != Batch.State.DRAFT:
            raise NotAllowed(
                "batch.state",
                f"批次 {locked.slug} 的状态是「{locked.get_state_display()}」，不能再改标题和公示天数。请退回编制。",
            )
        if not by.may("batches.compile", locked.scope_division):
            raise NoPermission("step.permission", "您的账号没有编制这个发布方批次的权限，请联系管理员授权。")
        before = {name: getattr(locked, name) for name in METADATA if name in head}
        changed = {name: value for name, value in before.items() if value != head[name]}
        if changed:
            for name in changed:
                setattr(locked, name, head[name])
            locked.save(update_fields=list(changed))
            record("batch.head_changed", locked, by=by, before=changed)
    return locked
