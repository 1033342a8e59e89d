"""By when an enquiry is to be answered: counted in working days when it is read, never stored."""

import datetime

from django.conf import settings

from catalog.standing.deadlines import Deadline
from portal.core.editions import clock
from portal.core.workdays.counting import Workdays

from .models import Enquiry


class Deadlines:
    """For the rows of one page: the calendar is read once."""

    def __init__(self, today: datetime.date | None = None):
        self.today = today or clock.today()
        self.workdays = Workdays()

    def of(self, enquiry: Enquiry) -> Deadline:
        """Of what has ended, whether its end came too late."""
        due_on = self.due_on(enquiry.received_on)
        return Deadline.seen_from(enquiry.ended_on or self.today, due_on, self.workdays)

    def due_on(self, received_on: datetime.date) -> datetime.date:
        return self.workdays.after(received_on, settings.ENQUIRY_ANSWER_DAYS)

    def overdue(self, enquiries):
        """Those of a queryset that wait and should have been answered before today."""
        last = self.workdays.latest_overdue(self.today, settings.ENQUIRY_ANSWER_DAYS)
        return enquiries.waiting().received_by(last)
