"""A large draft is frozen by a job: the button orders it, the page says how far it is, and nobody orders it twice."""

import logging
from dataclasses import dataclass

from django.contrib.auth import get_user_model

from portal.core.accounts.models import User
from portal.core.audit.models import AuditEvent
from portal.core.jobs.standing import Progress, needs_worker, progress
from portal.core.jobs.terms import job
from portal.core.workflow import NotAllowed

from ..models import LINE_MODELS, Batch
from .workflow import SEND_BACK, SUBMIT, TAKE_BACK, submit

LARGE = 2_000  # entries: about two seconds
PATIENCE = 600  # seconds that the job waits for old lines to be swept away

PENDING = (
    "正在冻结，已写入 {count:,} 行。完成后这一批自动转为「待批准」，不用再按「提交」。请刷新页面看进度。"
)
FAILED = "冻结没有完成，草稿没有变。请再按一次「提交」；再次失败时请告诉管理员，原因在日志里。"
REFUSED = "上一次提交没有办成：有下面列出的问题，或冻结时内容又有改动。请看过、改好再提交。"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Standing:
    """How the freezing of a draft stands; `sentence` says what a person should know or do."""

    sentence: str
    is_pending: bool = False


@job(seconds=1800)
def freeze_batch(batch_id: int, person_id: int) -> None:
    """Run again after a kill, it sweeps what was laid in and begins anew; a batch that is frozen is left alone."""
    batch = Batch.objects.filter(pk=batch_id, state=Batch.State.DRAFT).first()
    if batch is None:
        return
    try:
        submit(batch, by=get_user_model().objects.get(pk=person_id), patience=PATIENCE)
    except NotAllowed as refusal:
        logger.info("Batch %s was not frozen: %s", batch.slug, refusal.rule)  # its page says so


def submit_or_order(batch: Batch, *, by: User) -> Batch:
    """Submit at once, or have a large draft frozen by the worker: then it comes back as a draft."""
    if _is_pending(_job_of(batch)):
        raise NotAllowed("batch.freezing", "这一批正在冻结，不用再按。请过一会儿刷新页面查看。")
    is_small = not needs_worker() or batch.entries.count() <= LARGE
    if is_small or SUBMIT.refusal(batch, by):
        return submit(batch, by=by)
    freeze_batch.enqueue(batch.pk, by.pk)
    return batch


def standing_of(batch: Batch) -> Standing | None:
    """None where nothing is to be said of it."""
    ordered = _job_of(batch) if batch.state == Batch.State.DRAFT else None
    if ordered is None:
        return None
    if ordered.is_pending:
        count = sum(model.objects.filter(batch=batch).count() for model in LINE_MODELS)
        return Standing(PENDING.format(count=count) + ordered.sentence, is_pending=True)
    if ordered.sentence:
        return Standing(FAILED)
    return None if _was_sent_back(batch, ordered) else Standing(REFUSED)


def _job_of(batch: Batch) -> Progress | None:
    return progress(freeze_batch, batch.pk)


def _is_pending(ordered: Progress | None) -> bool:
    return ordered is not None and ordered.is_pending


def _was_sent_back(batch: Batch, ordered: Progress) -> bool:
    events = AuditEvent.objects.filter(target=batch._meta.label_lower, target_id=str(batch.pk))
    return events.filter(
        step__in=(SEND_BACK.code, TAKE_BACK.code), is_success=True, at__gte=ordered.ordered_at
    ).exists()
