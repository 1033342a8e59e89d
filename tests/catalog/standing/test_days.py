"""A last day is inclusive, in Shanghai, on leap days too."""

import datetime

import pytest
import time_machine

from catalog.standing.days import SOON, SUBSIDY_SOON, days_left, is_over, reaches
from portal.core.editions import clock

LAST = datetime.date(2026, 6, 30)
LEAP = datetime.date(2028, 2, 29)
ONE_DAY = datetime.timedelta(days=1)


@pytest.mark.parametrize("last", [LAST, LEAP, datetime.date(2026, 12, 31)])
def test_the_last_day_counts_and_the_day_after_does_not(last):
    for day, is_past in ((last - ONE_DAY, False), (last, False), (last + ONE_DAY, True)):
        assert is_over(last, day) is is_past
        assert reaches(last, day) is not is_past
    assert [days_left(last, last + n * ONE_DAY) for n in (-1, 0, 1)] == [1, 0, -1]


def test_what_has_no_last_day_is_never_over_and_reaches_no_day():
    assert not is_over(None, LAST)
    assert not reaches(None, LAST)


def test_a_year_with_a_leap_day_is_a_day_longer():
    assert days_left(LEAP, datetime.date(2027, 2, 28)) == 366
    assert is_over(LEAP, datetime.date(2028, 3, 1))


def test_how_soon_is_soon():
    assert (SOON, SUBSIDY_SOON) == (90, 29)


@pytest.mark.parametrize(
    ("moment", "is_past"),
    [
        ("2026-06-29T15:59:59Z", False),  # 23:59:59 of the day before
        ("2026-06-29T16:00:00Z", False),  # the last day begins in Shanghai, it is still the 29th in UTC
        ("2026-06-30T15:59:59Z", False),  # its last second
        ("2026-06-30T16:00:00Z", True),  # July in Shanghai, June in UTC
    ],
)
def test_a_day_ends_at_midnight_in_shanghai(moment, is_past):
    with time_machine.travel(moment, tick=False):
        assert is_over(LAST, clock.today()) is is_past
