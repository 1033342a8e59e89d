"""By when: working days from the newest submission or the return, shown to both sides."""

import datetime

import pytest
from django.utils import timezone

from portal.applications.cases.deadlines import (
    Deadlines,
    correct_by,
    counters,
    decide_by,
    is_overdue,
    queue_of,
)
from portal.applications.cases.models import Application
from portal.applications.cases.reasons import Reason
from portal.applications.cases.workflow import handling
from portal.applications.review import deciding
from portal.core.workdays.models import CalendarDay
from tests.make import make_campaign, make_user
from tests.portal.applications.making import draft_product, draft_register, hand_in

pytestmark = pytest.mark.django_db

MONDAY = datetime.date(2026, 11, 2)


def handed_in_on(day: datetime.date) -> Application:
    case = hand_in(draft_register())
    Application.objects.filter(pk=case.pk).update(clock_on=day)
    case.refresh_from_db()
    return case


def test_an_office_has_ten_working_days_and_holidays_do_not_count():
    case = handed_in_on(MONDAY)
    assert decide_by(case) == datetime.date(2026, 11, 16)
    CalendarDay.objects.create(
        day=datetime.date(2026, 11, 10), is_workday=False, reason="调休", source="测试"
    )
    assert decide_by(case) == datetime.date(2026, 11, 17)
    assert not is_overdue(case, datetime.date(2026, 11, 17))
    assert is_overdue(case, datetime.date(2026, 11, 18))


def test_the_days_are_a_setting(settings):
    settings.CASE_DECIDE_DAYS, settings.CASE_CORRECT_DAYS = 1, 2
    case = handed_in_on(MONDAY)
    assert decide_by(case) == datetime.date(2026, 11, 3)
    case = deciding.send_back(case, by=make_user("reviewer"), reasons=[Reason("name", "differs")])
    case.returned_at = datetime.datetime(
        2026, 11, 2, 17, tzinfo=datetime.UTC
    )  # 01:00 of the third in Shanghai
    assert correct_by(case) == datetime.date(2026, 11, 5)


def test_a_draft_and_a_decided_case_have_no_limit():
    assert Deadlines().of(draft_register()) is None
    case = deciding.reject(
        handed_in_on(MONDAY), by=make_user("reviewer"), reasons=[Reason("name", "differs")]
    )
    assert Deadlines().of(case) is None


def test_the_queue_tells_what_waits_for_us_from_what_waits_for_them():
    make_campaign()
    reviewer, officer = make_user("reviewer"), make_user("pilot_officer:350000")
    late = hand_in(draft_product())
    Application.objects.filter(pk=late.pk).update(clock_on=MONDAY)
    returned = deciding.send_back(
        hand_in(draft_product()), by=reviewer, reasons=[Reason("number", "differs")]
    )
    regional = hand_in(draft_register())
    draft_register()
    today = datetime.date(2026, 11, 24)
    assert set(queue_of(reviewer)) == {late, returned}
    assert set(queue_of(officer)) == {regional}
    ours = counters(reviewer, today)
    assert (ours.waiting, ours.with_enterprises, ours.overdue) == (1, 1, 1)
    theirs = counters(officer, today)
    assert (theirs.waiting, theirs.with_enterprises, theirs.overdue) == (1, 0, 0)
    assert counters(make_user("auditor"), today).waiting == 0
    handling.assign(regional, by=officer, to=reviewer)
    assert counters(reviewer, today).waiting == 2


def test_corrections_that_never_came_are_found():
    reviewer = make_user("reviewer")
    case = deciding.send_back(hand_in(draft_register()), by=reviewer, reasons=[Reason("name", "differs")])
    deadlines = Deadlines()
    assert list(deadlines.overdue_corrections(Application.objects.all())) == []
    Application.objects.filter(pk=case.pk).update(returned_at=timezone.now() - datetime.timedelta(days=60))
    assert list(deadlines.overdue_corrections(Application.objects.all())) == [case]


def test_the_limits_of_many_cases_cost_one_look_at_the_calendar(django_assert_num_queries):
    cases = [handed_in_on(MONDAY) for _number in range(5)]
    with django_assert_num_queries(1):
        deadlines = Deadlines()
        assert all(deadlines.of(case) for case in cases)


@pytest.mark.parametrize("state", ["submitted", "returned"])
def test_the_sentence_and_the_list_agree_on_the_last_day_and_the_day_after(state, settings):
    settings.CASE_DECIDE_DAYS = settings.CASE_CORRECT_DAYS = 3
    case = handed_in_on(MONDAY)
    if state == "returned":
        midnight = datetime.datetime(2026, 11, 1, 16, tzinfo=datetime.UTC)  # Monday begins in Shanghai
        Application.objects.filter(pk=case.pk).update(state=state, returned_at=midnight)
        case.refresh_from_db()
    last = datetime.date(2026, 11, 5)
    for day, is_late in ((4, False), (5, False), (6, True)):
        deadlines = Deadlines(datetime.date(2026, 11, day))
        listed = deadlines.overdue if state == "submitted" else deadlines.overdue_corrections
        found = deadlines.of(case)
        assert (found.due_on, found.is_overdue) == (last, is_late)
        assert listed(Application.objects.all()).exists() is is_late
