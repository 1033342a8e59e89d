"""The calendar of activities by month."""

import pytest
import time_machine

from .make import publish_activity
from .reading import NOON, day, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOON, tick=False):
        yield


# -- the month -------------------------------------------------------------------------------------------------------


def test_a_month_shows_its_days(client):
    publish_activity(title="六号的会", on=day("2022-06-06"))
    publish_activity(title="跨月的展", on=day("2022-06-29"), until=day("2022-07-02"))
    page = text(client, "/activities/calendar/?month=2022-06")
    assert "2 场活动" in page
    assert page.count("跨月的展") == 2
    july = text(client, "/activities/calendar/?month=2022-07")
    assert july.count("跨月的展") == 2
    assert "六号的会" not in july


def test_what_is_long_or_not_known_to_the_day_stands_apart(client):
    publish_activity(title="两个月的巡展", on=day("2022-06-20"), until=day("2022-08-20"))
    publish_activity(title="只知道月份", on=(day("2022-07-01"), "month"), date_note="哪一天未见公开")
    publish_activity(title="只知道年份", on=(day("2022-01-01"), "year"))
    page = text(client, "/activities/calendar/?month=2022-07")
    assert page.count("两个月的巡展") == page.count("只知道月份") == page.count("只知道年份") == 1
    assert "哪一天未见公开" in page
    assert "2 场活动" in page


def test_an_empty_month_leads_to_the_nearest_ones(client):
    publish_activity(on=day("2022-06-06"))
    publish_activity(on=day("2027-03-01"))
    page = text(client, "/activities/calendar/")
    assert "2026年11月" in page
    assert "month=2022-06" in page
    assert "month=2027-03" in page


def test_today_is_marked_as_of_the_day_read(client):
    assert "（今天）" in text(client, "/activities/calendar/?month=2026-11")
    assert "（今天）" not in text(client, "/activities/calendar/?month=2026-10")


@pytest.mark.parametrize("month", ["2026-13", "2026", "26-01", "0001-01", "x", "2026-1"])
def test_what_is_no_month_is_told(client, month):
    assert "不是月份" in text(client, f"/activities/calendar/?month={month}", 400)


def test_the_month_costs_the_same_for_one_activity_and_for_many(client, django_assert_num_queries):
    publish_activity()
    with django_assert_num_queries(6) as few:
        client.get("/activities/calendar/")
    for _ in range(19):
        publish_activity()
    with django_assert_num_queries(len(few)):
        client.get("/activities/calendar/")
