"""Working days: weekdays, holidays and the weekend days that are worked for them."""

import datetime

import pytest
from django.core.management import call_command

from portal.core.workdays.counting import Workdays
from portal.core.workdays.models import CalendarDay
from tests.make import make_user

D = datetime.date
pytestmark = pytest.mark.django_db


@pytest.fixture
def calendar():
    CalendarDay.objects.create(day=D(2026, 10, 1), reason="国庆节")
    CalendarDay.objects.create(day=D(2026, 10, 2), reason="国庆节")
    CalendarDay.objects.create(day=D(2026, 10, 10), is_workday=True, reason="国庆节调休")
    return Workdays()


def test_a_limit_begins_the_day_after_and_passes_over_weekends_and_holidays(calendar):
    assert calendar.after(D(2026, 9, 30), 1) == D(2026, 10, 5)
    assert calendar.after(D(2026, 9, 28), 2) == D(2026, 9, 30)
    assert calendar.after(D(2026, 10, 9), 1) == D(2026, 10, 10)
    assert calendar.after(D(2026, 10, 9), 2) == D(2026, 10, 12)


def test_days_between_count_the_last_and_not_the_first(calendar):
    assert calendar.between(D(2026, 9, 30), D(2026, 10, 10)) == 6
    assert calendar.between(D(2026, 10, 10), D(2026, 9, 30)) == 0


@pytest.mark.parametrize("count", [1, 5, 10])
def test_the_last_overdue_day_is_exactly_the_last_whose_limit_has_run_out(calendar, count):
    for number in range(40):
        today = D(2026, 9, 20) + datetime.timedelta(days=number)
        last = calendar.latest_overdue(today, count)
        assert calendar.after(last, count) < today
        assert calendar.after(last + datetime.timedelta(days=1), count) >= today


def test_the_announced_holidays_are_facts_that_an_editor_may_correct(client):
    call_command("seed_facts", verbosity=0)
    assert Workdays().after(D(2026, 2, 13), 1) == D(2026, 2, 14)
    assert Workdays().after(D(2026, 2, 14), 1) == D(2026, 2, 24)
    client.force_login(make_user("editor"))
    day = (
        CalendarDay.objects.get(day=D(2026, 2, 24))
        if CalendarDay.objects.filter(day=D(2026, 2, 24))
        else None
    )
    assert day is None
    added = {"day": "2026-02-24", "reason": "临时放假", "source": "示例", "_save": "1"}
    assert client.post("/admin/workdays/calendarday/add/", added).status_code == 302
    assert Workdays().after(D(2026, 2, 14), 1) == D(2026, 2, 25)


def test_only_editors_change_the_calendar(client):
    client.force_login(make_user("reviewer"))
    assert client.get("/admin/workdays/calendarday/").status_code == 200
    assert client.get("/admin/workdays/calendarday/add/").status_code == 403
