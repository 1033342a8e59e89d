"""By when a case is to be decided or corrected: counted in working days when it is read, never stored."""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.db import models

from catalog.standing.deadlines import Deadline
from portal.core.accounts.models import User
from portal.core.accounts.roles import prefix_of
from portal.core.editions import clock
from portal.core.workdays.counting import Workdays

from .models import Application, ApplicationState
from .offices import staffed_provinces

State = ApplicationState


@dataclass(frozen=True)
class Counters:
    """待我处理, 待企业补正, 已逾期."""

    waiting: int
    with_enterprises: int
    overdue: int


class Deadlines:
    """For the rows of one page: the calendar is read once."""

    def __init__(self, today: datetime.date | None = None):
        self.today = today or clock.today()
        self.workdays = Workdays()

    def of(self, application: Application) -> Deadline | None:
        """The limit that runs now; None for a draft, and for what is over."""
        due_on = {State.SUBMITTED: self.decide_by, State.RETURNED: self.correct_by}.get(
            State(application.state), _none
        )(application)
        if due_on is None:
            return None
        return Deadline.seen_from(self.today, due_on, self.workdays)

    def decide_by(self, application: Application) -> datetime.date | None:
        """The last day for the office, counted from the newest submission."""
        if application.clock_on is None:
            return None
        return self.workdays.after(application.clock_on, settings.CASE_DECIDE_DAYS)

    def correct_by(self, application: Application) -> datetime.date | None:
        """The last day for the enterprise, counted from the return."""
        if application.returned_at is None:
            return None
        return self.workdays.after(clock.day_of(application.returned_at), settings.CASE_CORRECT_DAYS)

    def overdue(self, applications: models.QuerySet[Application]) -> models.QuerySet[Application]:
        """Those of a queryset that an office should have decided before today."""
        last = self.workdays.latest_overdue(self.today, settings.CASE_DECIDE_DAYS)
        return applications.filter(state=State.SUBMITTED, clock_on__lte=last)

    def overdue_corrections(self, applications: models.QuerySet[Application]) -> models.QuerySet[Application]:
        """Those that an enterprise should have corrected before today."""
        last = self.workdays.latest_overdue(self.today, settings.CASE_CORRECT_DAYS)
        return applications.filter(state=State.RETURNED, returned_at__lt=clock.end_of(last))


def decide_by(application: Application) -> datetime.date | None:
    return Deadlines().decide_by(application)


def correct_by(application: Application) -> datetime.date | None:
    return Deadlines().correct_by(application)


def is_overdue(application: Application, on: datetime.date | None = None) -> bool:
    """Whether the limit that runs now, the office's or the enterprise's, has passed."""
    deadline = Deadlines(on).of(application)
    return deadline is not None and deadline.is_overdue


def queue_of(user: User) -> models.QuerySet[Application]:
    """models.QuerySet[Application] that `user` may decide and whose office is the user's own, in every state but drafts.

    The working group may decide everywhere, but what a region has in hand is the region's until it is passed on or
    assigned, or has no officer any more.
    """
    handed_in = Application.objects.exclude(submitted_at__isnull=True)
    scopes = user.scopes("cases.decide")
    own = ~models.Q(office__in=staffed_provinces()) if scopes is None else models.Q(pk__in=[])
    for division in scopes or []:
        own |= models.Q(office__startswith=prefix_of(division))
    return handed_in.filter(own | models.Q(assigned_to=user))


def counters(user: User, today: datetime.date | None = None) -> Counters:
    queue = queue_of(user)
    return Counters(
        queue.waiting_for_office().count(),  # type: ignore[attr-defined]
        queue.waiting_for_enterprise().count(),  # type: ignore[attr-defined]
        Deadlines(today).overdue(queue).count(),
    )


def _none(_application: Application) -> None:
    return None
