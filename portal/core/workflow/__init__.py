"""How a status changes: in one function that locks the row, checks state and permission, saves and records."""

import copyreg
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from django.db import models, transaction

from portal.core.accounts.models import User
from portal.core.audit.record import record

Row = TypeVar("Row", bound=models.Model)


class NotAllowed(Exception):
    """A step that was refused. `rule` is stable, `sentence` tells the person in Chinese what to do."""

    def __init__(self, rule: str, sentence: str):
        super().__init__(sentence)
        self.rule = rule
        self.sentence = sentence

    def __reduce__(self) -> tuple:
        """A refusal may come from another process. What each kind is made with is not what it keeps."""
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]


class NoPermission(NotAllowed):
    """The person lacks the capability, or is not a second person."""


@dataclass(frozen=True)
class Step:
    """One legal change of state. `not_by` names columns with accounts whose persons may not take the step."""

    code: str
    label: str
    capability: str
    sources: tuple[str, ...]
    target: str
    needs_reason: bool = False
    not_by: tuple[str, ...] = ()
    not_by_sentence: str = "须由另一人办理：本事项由您本人提交。"
    state_field: str = field(default="state")

    def permission_refusal(self, row: models.Model, by) -> NotAllowed | None:
        """Why `by` may never take the step on this row, whatever its state. Steps of others than staff override it."""
        if by.may(self.capability, getattr(row, "scope_division", "")):
            return None
        return NoPermission("step.permission", f"您的账号没有「{self.label}」的权限，请联系管理员授权。")

    def refusal(self, row: models.Model, by) -> NotAllowed | None:
        """Why `by` may not take the step on this row now, or None: what buttons ask and `take` enforces."""
        if refusal := self.permission_refusal(row, by):
            return refusal
        state = getattr(row, self.state_field)
        if state not in self.sources:
            label = getattr(row, f"get_{self.state_field}_display")()
            return NotAllowed(
                "step.state", f"现在的状态是「{label}」，不能「{self.label}」。请刷新页面查看最新状态。"
            )
        for name in self.not_by:
            if by.is_same_person_as(getattr(row, name)):
                return NoPermission("step.same_person", self.not_by_sentence)
        return None


def take(
    step: Step,
    row: Row,
    *,
    by: User,
    reason: str = "",
    effect: Callable[[Row], dict | None] | None = None,
    then: Callable[[Row], dict | None] | None = None,
) -> Row:
    """Take `step` on `row` as `by`; returns the saved row.

    The row is locked and read again. `effect(row)` does what belongs to the step before the state is saved, may raise
    NotAllowed, and may return details for the audit event; `then(row)` does what needs the saved row. A refusal leaves nothing but an audit event of the attempt.
    """
    try:
        with transaction.atomic():
            locked = locked_row(row)
            _enforce(step, locked, by, reason)
            details = (effect(locked) if effect else None) or {}
            setattr(locked, step.state_field, step.target)
            locked.save()
            details |= (then(locked) if then else None) or {}
            record(step.code, locked, by=by, reason=reason, **details)
            return locked
    except NotAllowed as refusal:
        record(step.code, row, by=by, reason=reason, is_success=False, rule=refusal.rule)
        raise


def locked_row(row: Row) -> Row:
    """The row, read again and locked until the transaction ends. Raises NotAllowed where it is gone by now."""
    found = type(row)._base_manager.select_for_update().filter(pk=row.pk).first()  # type: ignore[attr-defined]
    if found is None:
        raise NotAllowed("step.gone", "这一项刚被同事删除或放弃，没有办成。请回到列表查看。")
    return found


def _enforce(step: Step, row: models.Model, by, reason: str) -> None:
    refusal = step.refusal(row, by)
    if refusal is not None:
        raise refusal
    if step.needs_reason and not reason.strip():
        raise NotAllowed("step.reason", f"「{step.label}」须写明理由。")
