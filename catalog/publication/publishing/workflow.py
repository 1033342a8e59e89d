"""The way of a batch: submitted and frozen, approved by another person, shown for objection, published; or sent back."""

import datetime
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.core.editions import clock
from portal.core.editions.release import lock_editions
from portal.core.workflow import NoPermission, NotAllowed, Step, take

from .. import acts
from ..compiling.filling import refuse_unfinished
from ..compiling.problems import BatchRefused, Problem
from ..compiling.restating import problems_of_batch
from ..models import LINE_MODELS, Batch
from ..search.bitmaps import prepare_bitmaps
from ..search.preparation import ensure_prepared, refuse_unprepared, withdraw
from ..tasks import prepare_index
from . import freezing
from .checks import problems_on_publication
from .contents import contents_of, digest_of
from .going_public import announced, decide_kind, released, unaltered
from .locks import lock_registers

State = Batch.State
LINES_WITH_BITMAPS = 20_000

SUBMIT = Step("batch.submitted", "提交", "batches.compile", (State.DRAFT,), State.SUBMITTED)
APPROVE = Step(
    "batch.approved",
    "批准",
    "batches.approve",
    (State.SUBMITTED,),
    State.APPROVED,
    not_by=("submitted_by", "created_by"),
    not_by_sentence="这一批由您编制或提交，须由另一人批准。",
)
SEND_BACK = Step(
    "batch.sent_back",
    "退回编制",
    "batches.approve",
    (State.SUBMITTED, State.APPROVED),
    State.DRAFT,
    needs_reason=True,
)


class OwnSubmission(Step):
    """Only who submitted may take it: it undoes the own act, before another person has said anything to it."""

    def permission_refusal(self, row: Any, by: Any) -> NotAllowed | None:
        refusal = super().permission_refusal(row, by)
        if refusal is None and row.submitted_by is not None and not by.is_same_person_as(row.submitted_by):
            return NoPermission(
                "batch.not_own", "这一批由另一人提交，只有提交人能收回。要改请由审核员退回编制。"
            )
        return refusal


TAKE_BACK = OwnSubmission("batch.taken_back", "收回", "batches.compile", (State.SUBMITTED,), State.DRAFT)
OPEN_NOTICE = Step("batch.notice_opened", "开始公示", "batches.publish", (State.APPROVED,), State.IN_NOTICE)
PUBLISH = Step(
    "batch.published", "公布", "batches.publish", (State.APPROVED, State.IN_NOTICE), State.PUBLISHED
)
CANCEL = Step(
    "batch.cancelled",
    "取消",
    "batches.compile",
    (State.DRAFT, State.SUBMITTED, State.APPROVED),
    State.CANCELLED,
    needs_reason=True,
)
STOP_NOTICE = Step(
    "batch.notice_stopped",
    "终止公示",
    "batches.publish",
    (State.IN_NOTICE,),
    State.CANCELLED,
    needs_reason=True,
)
STEPS = (SUBMIT, TAKE_BACK, APPROVE, SEND_BACK, OPEN_NOTICE, PUBLISH, CANCEL, STOP_NOTICE)


def submit(batch: Batch, *, by, patience: int = 0) -> Batch:
    """Freeze the draft: every line that it would publish, sealed and named by one digest. Raises BatchRefused.

    The lines are laid in before the step, some at a time; the step itself is short. `patience`: seconds to wait for
    another who freezes or sweeps it.
    """
    with freezing.alone(batch, patience=patience):
        try:
            return freezing.until_still(lambda: _submit(batch, by))
        except NotAllowed:
            freezing.sweep(batch)
            raise


def _submit(batch: Batch, by) -> Batch:
    laid = _laid(batch) if _may(SUBMIT, batch, by) else None

    def freeze(locked: Batch) -> dict:
        _check_draft(locked)
        lock_registers()
        if laid is None:
            raise freezing.Moved
        laid.basis.refuse_moved(locked)
        _refuse(laid.composition.problems)
        contents = contents_of(locked)
        if contents.root != laid.root:
            raise freezing.Moved
        locked.submitted_by, locked.submitted_at = by, timezone.now()
        locked.digest = digest_of(locked, contents)
        return {"digest": locked.digest, "lines": len(laid.composition.lines)}

    return take(SUBMIT, batch, by=by, effect=freeze, then=_order_index)


def _order_index(frozen: Batch) -> None:
    """Within the step, as every job that follows one: a process that is killed leaves both or neither."""
    prepare_index.enqueue(frozen.pk)


def _order_sweeping(draft: Batch) -> None:
    freezing.sweep_lines.enqueue(draft.pk)


def _laid(batch: Batch) -> freezing.Laid | None:
    try:
        return freezing.lay(batch, _check_draft)
    except NotAllowed:
        return None  # the step refuses it again, and keeps the attempt


def approve(batch: Batch, *, by, digest: str | None = None) -> Batch:
    """Approve exactly the lines that `digest` names: the one that was on the page which the approver read."""

    def sign(locked: Batch) -> dict:
        if digest is not None and digest != locked.digest:
            raise NotAllowed(
                "batch.digest", "您看到的内容与现在冻结的内容不同：批次已退回并重新提交。请重新阅读后再批准。"
            )
        lock_editions()
        _refuse(problems_of_batch(locked))
        locked.approved_by, locked.approved_at = by, timezone.now()
        return {"digest": locked.digest}

    return take(APPROVE, batch, by=by, effect=sign)


def send_back(batch: Batch, *, by, reason: str) -> Batch:
    """Back to the drafting table, by who was to approve it."""
    return _drafted_again(SEND_BACK, batch, by=by, reason=reason)


def take_back(batch: Batch, *, by) -> Batch:
    """Back to the drafting table, by who submitted it. Whoever approves at the same moment wins or loses the row's lock."""
    return _drafted_again(TAKE_BACK, batch, by=by)


def _drafted_again(step: Step, batch: Batch, *, by, reason: str = "") -> Batch:
    """The entries stay, the frozen lines are nobody's and are swept away."""

    def unfreeze(locked: Batch) -> None:
        lock_registers()
        if Batch.objects.filter(publisher=locked.publisher, kind=locked.kind, state=State.DRAFT).exists():
            raise _draft_exists()
        withdraw(locked)
        locked.digest = ""
        locked.submitted_by = locked.submitted_at = locked.approved_by = locked.approved_at = None

    try:
        return take(step, batch, by=by, reason=reason, effect=unfreeze, then=_order_sweeping)
    except IntegrityError as error:  # a draft was opened between the look and the save
        raise _draft_exists() from error


def open_notice(batch: Batch, *, by) -> Batch:
    """Show the approved lines for objection: public at once on the batch's own page and nowhere else."""

    def show(locked: Batch) -> dict:
        if not locked.notice_days:
            raise NotAllowed("batch.notice_days", "这一批不需要公示，可以直接公布。")
        lock_editions()
        contents = unaltered(locked)
        _refuse(problems_of_batch(locked))
        locked.notice_from = clock.today()
        locked.notice_until = locked.notice_from + datetime.timedelta(days=locked.notice_days)
        decide_kind()
        locked.notice_opened_by = by
        locked.notice_edition = announced(locked, acts.NOTICE_OPENED, contents)
        return {"digest": locked.digest, "until": locked.notice_until}

    return take(OPEN_NOTICE, batch, by=by, effect=show)


def publish(batch: Batch, *, by) -> Batch:
    """Publish the frozen lines as one edition, all or nothing. Raises BatchRefused naming the lines in the way.

    Working rows are not read: what was approved is what becomes public. A second press, or one at the same moment
    from elsewhere, is refused because the batch is published by then.
    """
    return freezing.until_still(lambda: _publish(batch, by))


def _publish(batch: Batch, by) -> Batch:
    """What may stand in the way is looked for before the step, which makes sure that nothing public has moved since."""
    public, digest = freezing.Public.now(), Batch.objects.values_list("digest", flat=True).get(pk=batch.pk)
    if batch.digest:
        ensure_prepared(batch)
    problems = (
        problems_on_publication(batch) or problems_of_batch(batch) if _may(PUBLISH, batch, by) else None
    )

    def publish_lines(locked: Batch) -> dict:
        _check_notice_is_over(locked)
        lock_editions()
        contents = unaltered(locked)
        public.refuse_moved()
        refuse_unprepared(locked)
        if problems is None or locked.digest != digest:
            raise freezing.Moved
        _refuse(problems)
        decide_kind()
        locked.published_by = by
        locked.edition = released(locked, contents)
        return {"digest": locked.digest, "edition": locked.edition.number}

    return take(PUBLISH, batch, by=by, effect=publish_lines, then=_make_bitmaps)


def _make_bitmaps(published: Batch) -> None:
    """With the edition, so that no reader waits for them. Those of a very large batch are a quarter of what would hold the lock,
    and are made when it is free again: whoever reads in between makes them for himself."""
    assert published.edition is not None  # noqa: S101 - it was just released
    make = partial(transaction.atomic(prepare_bitmaps), published.edition, clock.today())
    if sum(model.objects.filter(batch=published).count() for model in LINE_MODELS) > LINES_WITH_BITMAPS:
        transaction.on_commit(make, robust=True)
    else:
        make()


def cancel(batch: Batch, *, by, reason: str) -> Batch:
    """Give up a batch that nobody outside has seen. Its number is not used again."""

    def clear(locked: Batch) -> None:
        refuse_unfinished(locked)
        lock_registers()
        withdraw(locked)
        locked.cancelled_by, locked.cancelled_reason = by, reason[:300]

    return take(CANCEL, batch, by=by, reason=reason, effect=clear, then=_order_sweeping)


def stop_notice(batch: Batch, *, by, reason: str) -> Batch:
    """End a notice without publication. The batch and its lines stay readable with the reason."""

    def stop(locked: Batch) -> None:
        lock_editions()
        locked.cancelled_by, locked.cancelled_reason = by, reason[:300]
        locked.cancelled_edition = announced(locked, acts.NOTICE_STOPPED, contents_of(locked))

    return take(STOP_NOTICE, batch, by=by, reason=reason, effect=stop)


def _may(step: Step, batch: Batch, by) -> bool:
    """Asked before anything costly; the step asks again, refuses and keeps the attempt."""
    now = Batch.objects.filter(pk=batch.pk).first()
    return now is not None and step.refusal(now, by) is None


def _check_draft(batch: Batch) -> None:
    refuse_unfinished(batch)
    if batch.kind == Batch.Kind.BATCH and not batch.notice_days and not batch.notice_waiver.strip():
        raise NotAllowed(
            "batch.notice_waiver", "批次须先公示。若不公示，请在「不公示的书面依据」写明文件和理由。"
        )


def _check_notice_is_over(batch: Batch) -> None:
    if batch.state == State.APPROVED and batch.notice_days:
        raise NotAllowed("batch.notice_not_opened", f"这一批须先公示 {batch.notice_days} 天，请先开始公示。")
    if not batch.is_notice_over():
        raise NotAllowed("batch.notice_open", f"公示到 {batch.notice_until:%Y-%m-%d} 为止，次日起才能公布。")


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise BatchRefused(problems)


def _draft_exists() -> NotAllowed:
    return NotAllowed(
        "batch.draft_exists", "该发布方已有一个同类批次在编制中，请先提交或取消它，再把这一批退回或收回。"
    )
