"""What of the batches waits for a person."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse

from catalog.publication.compiling.under_way import under_way
from catalog.publication.models import Batch
from catalog.publication.publishing import workflow
from portal.core.accounts.capability_admin import Waiting
from portal.core.accounts.models import User
from portal.core.editions import clock
from portal.core.workflow import Step

from .steps import STEPS, is_timely

State = Batch.State


def waiting_for(user: User) -> list[Waiting]:
    """One query, however many batches are open."""
    batches = list(
        Batch.objects.in_scope(user)
        .open()
        .select_related("created_by", "submitted_by")
        .order_by("submitted_at", "id")
    )

    def ready(step: Step) -> Callable[[Batch], bool]:
        offered = next(one for one in STEPS.values() if one.step is step)
        return lambda batch: step.refusal(batch, user) is None and is_timely(offered, batch)

    in_notice = [batch for batch in batches if batch.state == State.IN_NOTICE and not batch.is_notice_over()]
    last_day = min((batch.notice_until for batch in in_notice if batch.notice_until), default=None)
    kinds = (
        ("approved", "待您批准", list(filter(ready(workflow.APPROVE), batches)), ""),
        ("approved", "可以开始公示", list(filter(ready(workflow.OPEN_NOTICE), batches)), ""),
        ("approved", "可以公布", list(filter(ready(workflow.PUBLISH), batches)), ""),
        ("notice", "公示中", in_notice, f"最早 {days_left(last_day)}截止" if last_day else ""),
        ("draft", "编制中", list(filter(ready(workflow.SUBMIT), batches)), ""),
    )
    return [
        Waiting(code, label, len(found), href_of(found), note or found[0].slug)
        for code, label, found, note in kinds
        if found
    ]


def redactions_waiting(user: User) -> list[Waiting]:
    """What a command has begun to redact and has not ended, for those who publish."""
    if not user.may_somewhere("batches.publish"):
        return []
    orders = [f"{key} {field_name}" for key, field_name in under_way()]
    note = f"{'、'.join(orders)}：还没有隐去完，可能仍有内容在公开。没有人在办的，请管理员把同一条 redact_line 再运行一遍"
    href = reverse("log:page")
    return [Waiting("revoked", "隐去没有做完", len(orders), href, note)] if orders else []


def days_left(day: Any) -> str:
    days = (day - clock.today()).days
    return f"{days} 天后" if days else "今天"


def href_of(batches: list[Batch]) -> str:
    """To the batch itself where it is the only one, else to the list of that state."""
    if len(batches) == 1:
        return reverse("admin:publication_batch_change", args=[batches[0].pk])
    return f"{reverse('admin:publication_batch_changelist')}?state__exact={batches[0].state}"
