"""Messages to administrators: an act failed, found something, or is overdue."""

import datetime

from django.db import transaction
from django.urls import reverse

from portal.core import mail
from portal.core.accounts.models import User

from .acts import kept, named
from .models import ScheduledRun


def tell_result(run: ScheduledRun) -> None:
    _tell(run, f"{run.get_state_display()}：{run.sentence}")


def tell_overdue(now: datetime.datetime) -> None:
    """Once for each run."""
    late = [run for act in kept() for run in ScheduledRun.objects.overdue(act.name, now - act.late)]
    for run in late:
        with transaction.atomic():
            if ScheduledRun.objects.filter(pk=run.pk, overdue_told=False).update(overdue_told=True):
                _tell(run, "到时间很久还没有办完。请看后台任务是否在运行。")


def _tell(run: ScheduledRun, sentence: str) -> None:
    act = named(run.name)
    context = {"label": act.label if act else run.name, "sentence": sentence, "due_at": run.due_at}
    link = reverse("admin:schedule_scheduledrun_changelist")
    for administrator in User.objects.filter(grants__role="administrator", is_active=True).distinct():
        mail.send("schedule_trouble", to=administrator, context=context, link=link)
