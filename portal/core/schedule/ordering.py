"""Orders what is due. Asked by every worker every few seconds; asking again changes nothing."""

import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.core.jobs.terms import order

from . import telling
from .acts import Act, kept
from .jobs import run_act
from .models import ScheduledRun

State = ScheduledRun.State
KEPT = datetime.timedelta(days=180)


def order_due(now: datetime.datetime | None = None) -> list[ScheduledRun]:
    """What was ordered. Two workers that ask at once: the row of the moment lets one of them pass."""
    now = now or timezone.now()
    ordered = [run for act in kept() if act.is_wanted() and (run := _order(act, now))]
    telling.tell_overdue(now)
    return ordered


def _order(act: Act, now: datetime.datetime) -> ScheduledRun | None:
    newest = ScheduledRun.objects.filter(name=act.name).first()
    due_at = act.last_due(now)
    if newest is not None and newest.due_at >= due_at:
        return None
    try:
        with transaction.atomic():
            state = State.ORDERED if newest else State.NOTED
            run = ScheduledRun.objects.create(name=act.name, due_at=due_at, ordered_at=now, state=state)
            if newest:
                order(run_act, run.pk)
    except IntegrityError:
        return None  # another worker was quicker
    ScheduledRun.objects.filter(name=act.name, due_at__lt=now - KEPT).delete()
    return run if newest else None
