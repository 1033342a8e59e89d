"""How the acts stand: last run, its result, next run; for the page of the administrators."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from .acts import Act, kept, named
from .models import ScheduledRun

State = ScheduledRun.State


@dataclass(frozen=True)
class Condition:
    act: Act
    last: ScheduledRun | None
    next_at: datetime.datetime | None
    is_late: bool

    @property
    def is_trouble(self) -> bool:
        return self.is_late or (self.last is not None and self.last.state in (State.FAILED, State.FOUND))

    @property
    def code(self) -> str:
        """A status of the look."""
        if self.is_trouble:
            return "revoked"
        return "valid" if self.last is not None and self.last.state == State.GOOD else "expired"

    @property
    def sentence(self) -> str:
        """What the last run came to; what the settings lack where they keep it from running."""
        if not self.act.is_wanted():
            return self.act.hint
        return self.last.sentence if self.last else ""

    @property
    def word(self) -> str:
        if not self.act.is_wanted():
            return "未启用"
        if self.is_late:
            return "超时未办"
        return self.last.get_state_display() if self.last else "等待排定"


def conditions(now: datetime.datetime | None = None) -> list[Condition]:
    now = now or timezone.now()
    return [_condition(act, now) for act in kept()]


def _condition(act: Act, now: datetime.datetime) -> Condition:
    newest = ScheduledRun.objects.filter(name=act.name).first()
    if not act.is_wanted():
        return Condition(act, newest, None, is_late=False)
    return Condition(
        act, newest, act.next_due(now), is_late=newest is not None and _is_late(act, newest, now)
    )


def _is_late(act: Act, newest: ScheduledRun, now: datetime.datetime) -> bool:
    """Ordered and not through, or not even ordered, long after its time."""
    due_at = act.last_due(now)
    is_forgotten = newest.due_at < due_at and due_at + act.late < now
    return is_forgotten or ScheduledRun.objects.overdue(act.name, now - act.late).exists()


def label_of(run: ScheduledRun) -> str:
    act = named(run.name)
    return act.label if act else run.name
