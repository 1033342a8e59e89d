"""Which office has a case, how to call it, and by when somebody has to act."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from portal.applications.cases.deadlines import correct_by, decide_by
from portal.applications.cases.models import Application
from portal.applications.cases.offices import office_name, office_of_new, office_phone


@dataclass(frozen=True)
class OfficeShown:
    """`decides_by` while the case waits for the office, `correct_by` while it waits for the enterprise."""

    name: str
    phone: str
    decides_by: datetime.date | None = None
    correct_by: datetime.date | None = None


def office_shown(application: Application) -> OfficeShown:
    code = application.office if application.submitted_at else office_of_new(application)[0]
    waits_for_office = application.state == Application.State.SUBMITTED
    waits_for_us = application.state == Application.State.RETURNED
    return OfficeShown(
        office_name(code),
        office_phone(code),
        decide_by(application) if waits_for_office else None,
        correct_by(application) if waits_for_us else None,
    )


def withdrawable_until(application: Application) -> datetime.datetime | None:
    """The moment until which nothing can be accepted and a withdrawal undoes everything; None once it has passed."""
    until = application.withdrawable_until
    is_open = (
        until is not None and application.state == Application.State.SUBMITTED and timezone.now() < until
    )
    return until if is_open else None
