"""An enquiry may be answered through its last day; the sentence and the list of late ones say the same."""

import datetime

import pytest

from events.enquiries.deadlines import Deadlines
from events.enquiries.models import Enquiry
from portal.core.workdays.models import CalendarDay

from .letters import make_enquiry

pytestmark = pytest.mark.django_db
RECEIVED = datetime.date(2028, 2, 24)  # a Thursday; the third working day after it is the leap day
LAST = datetime.date(2028, 2, 29)


@pytest.fixture
def enquiry(settings):
    settings.ENQUIRY_ANSWER_DAYS = 3
    enquiry = make_enquiry()
    Enquiry.objects.filter(pk=enquiry.pk).update(received_on=RECEIVED)
    enquiry.refresh_from_db()
    return enquiry


@pytest.mark.parametrize(("after", "left", "late"), [(-1, 1, 0), (0, 0, 0), (1, 0, 1), (2, 0, 2)])
def test_it_is_overdue_from_the_day_after_its_last(enquiry, after, left, late):
    today = LAST + datetime.timedelta(days=after)
    deadlines = Deadlines(today)
    found = deadlines.of(enquiry)
    assert (found.due_on, found.is_overdue, found.days_left, found.days_late) == (LAST, late > 0, left, late)
    assert deadlines.overdue(Enquiry.objects.all()).exists() is (late > 0)


def test_what_was_answered_on_its_last_day_was_not_late_however_long_ago(enquiry):
    for ended, is_late in ((LAST, False), (LAST + datetime.timedelta(days=1), True)):
        enquiry.ended_on = ended
        assert Deadlines(LAST + datetime.timedelta(days=99)).of(enquiry).is_overdue is is_late


def test_the_sentence_and_the_list_agree_on_every_day_of_a_month_with_holidays(enquiry):
    CalendarDay.objects.create(day=datetime.date(2028, 2, 28), reason="测试")
    CalendarDay.objects.create(day=datetime.date(2028, 3, 4), is_workday=True, reason="测试")
    for number in range(31):
        deadlines = Deadlines(RECEIVED + datetime.timedelta(days=number))
        assert deadlines.overdue(Enquiry.objects.all()).exists() is deadlines.of(enquiry).is_overdue
