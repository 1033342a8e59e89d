"""Days that count: a last day is inclusive, everywhere. Days are days in Asia/Shanghai (`portal.core.editions.clock`)."""

import datetime

SOON = 90  # 即将到期: days before the last one of a certificate; on the ninetieth it begins
SUBSIDY_SOON = 29  # a subsidy is about to end on its last thirty days, the last one included


def is_over(last: datetime.date | None, day: datetime.date) -> bool:
    """Whether `day` lies after the last day. What has no last day is never over."""
    return last is not None and last < day


def reaches(last: datetime.date | None, day: datetime.date) -> bool:
    """Whether there is a last day and it has not passed."""
    return last is not None and not is_over(last, day)


def days_left(last: datetime.date, day: datetime.date) -> int:
    """0 on the last day, negative once it has passed."""
    return (last - day).days
