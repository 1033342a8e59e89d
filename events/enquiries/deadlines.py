"""By when an enquiry is to be answered: counted in working days when it is read, never stored."""

import datetime
from dataclasses import dataclass

from django.conf import settings

from catalog.standing.days import is_over
from portal.core.editions import clock
from portal.core.workdays.counting import Workdays

from .models import Enquiry


@dataclass(frozen=True)
class Deadline:
    """`days_left` are working days, today not counted; `days_late` likewise."""

    due_on: datetime.date
    is_overdue: bool
    days_left: int
    days_late: int


class Deadlines:
    """For the rows of one page: the calendar is read once."""

    def __init__(self, today: datetime.date | None = None):
        self.today = today or clock.today()
        self.workdays = Workdays()

    def of(self, enquiry: Enquiry) -> Deadline:
        """Of what has ended, whether its end came too late."""
        due_on = self.due_on(enquiry.received_on)
        end = enquiry.ended_on or self.today
        return Deadline(
            due_on,
            is_over(due_on, end),
            self.workdays.between(end, due_on),
            self.workdays.between(due_on, end),
        )

    def due_on(self, received_on: datetime.date) -> datetime.date:
        return self.workdays.after(received_on, settings.ENQUIRY_ANSWER_DAYS)

    def overdue(self, enquiries):
        """Those of a queryset that wait and should have been answered before today."""
        last = self.workdays.latest_overdue(self.today, settings.ENQUIRY_ANSWER_DAYS)
        return enquiries.waiting().received_by(last)
