"""Moments are kept in UTC; a day means a day in Asia/Shanghai."""

import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

SHANGHAI = ZoneInfo("Asia/Shanghai")


def today() -> datetime.date:
    return day_of(timezone.now())


def day_of(moment: datetime.datetime) -> datetime.date:
    return moment.astimezone(SHANGHAI).date()


def end_of(day: datetime.date) -> datetime.datetime:
    """The first moment after `day` in Shanghai."""
    return datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time(), SHANGHAI)
