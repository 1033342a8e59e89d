"""Calendar files, read back by a parser of its own: RFC 5545 to the letter."""

import datetime
import re

import icalendar
import pytest

from portal.core.pages.calendar_files import event_of
from tests.make import make_division, make_region

from .make import publish_activity

pytestmark = pytest.mark.django_db
LONGEST_LINE = 75  # octets, without the line break


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def read(client, address: str) -> icalendar.Calendar:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    raw = response.content
    assert raw.endswith(b"\r\n")
    lines = raw.split(b"\r\n")
    assert all(b"\n" not in line and b"\r" not in line for line in lines)
    assert all(len(line) <= LONGEST_LINE for line in lines)
    for line in lines:
        line.decode("utf-8")
    return icalendar.Calendar.from_ical(raw)


def events(calendar: icalendar.Calendar) -> list:
    return list(calendar.walk("VEVENT"))


def test_times_are_in_utc_and_a_day_without_time_is_a_whole_day(client):
    publish_activity(
        title="有时间", on=day("2026-11-20"), from_time=datetime.time(9), until_time=datetime.time(11, 30)
    )
    publish_activity(title="没有时间", on=day("2026-11-21"), until=day("2026-11-22"))
    timed, whole = events(read(client, "/activities/calendar.ics"))
    assert timed["DTSTART"].dt == datetime.datetime(2026, 11, 20, 1, tzinfo=datetime.UTC)
    assert timed["DTEND"].dt == datetime.datetime(2026, 11, 20, 3, 30, tzinfo=datetime.UTC)
    assert (whole["DTSTART"].dt, whole["DTEND"].dt) == (day("2026-11-21"), day("2026-11-23"))


def test_a_month_is_a_span_and_a_bare_year_is_left_out_with_a_word(client):
    publish_activity(title="只知道月份", on=(day("2023-09-01"), "month"))
    publish_activity(title="只知道年份", on=(day("2024-01-01"), "year"))
    calendar = read(client, "/activities/calendar.ics")
    (event,) = events(calendar)
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (day("2023-09-01"), day("2023-10-01"))
    assert "日期未详" in event["SUMMARY"]
    assert "另有 1 场活动只知道年份" in calendar["X-WR-CALDESC"]


def test_text_survives_whole(client):
    title = "逗号,分号;反斜杠\\和" + "很长的名称𠮷" * 12
    publish_activity(title=title[:120], joining="第一行\n第二行")
    (event,) = events(read(client, "/activities/calendar.ics"))
    assert event["SUMMARY"] == title[:120]
    assert "第一行\n第二行" in event["DESCRIPTION"]


def test_a_new_version_keeps_the_uid_and_counts_up(client):
    first = publish_activity(title="原来")
    address = f"/activities/{first.activity_id}.ics"
    (before,) = events(read(client, address))
    publish_activity(first.activity, title="改后", replaces=first, change_note="改名")
    (after,) = events(read(client, address))
    assert before["UID"] == after["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert after["SUMMARY"] == "改后"
    assert before["DTSTAMP"].dt <= after["DTSTAMP"].dt


def test_what_was_cancelled_or_withdrawn_is_told_to_calendars(client):
    off = publish_activity(title="取消的", is_cancelled=True, cancelled_reason="台风")
    gone = publish_activity(title="撤下的", is_withdrawn=True, change_note="重复")
    publish_activity(title="照常的")
    found = {
        str(event["UID"]).split("@")[0]: event for event in events(read(client, "/activities/calendar.ics"))
    }
    assert found[f"activity-{off.activity_id}"]["STATUS"] == "CANCELLED"
    assert "台风" in found[f"activity-{off.activity_id}"]["DESCRIPTION"]
    assert found[f"activity-{gone.activity_id}"]["STATUS"] == "CANCELLED"
    assert [str(event["STATUS"]) for event in found.values()].count("CONFIRMED") == 1


def test_a_calendar_may_be_of_one_region(client):
    publish_activity(title="福建的", division=make_division())
    publish_activity(title="别处的")
    calendar = read(client, "/activities/calendar.ics?region=350000")
    assert [str(event["SUMMARY"]) for event in events(calendar)] == ["福建的"]
    assert "福建省" in calendar["X-WR-CALNAME"]
    assert client.get("/activities/calendar.ics?region=nowhere").status_code == 400


def test_the_page_of_a_region_offers_the_calendar_of_the_region(client):
    publish_activity(title="福建的", division=make_region().page.division)
    page = client.get("/regions/350000/").content.decode()
    found = re.search(r'href="(/activities/calendar\.ics[^"]*)"', page)
    assert found
    assert [str(event["SUMMARY"]) for event in events(read(client, found[1]))] == ["福建的"]
    publish_activity(title="别处的")
    assert "calendar.ics" not in client.get("/regions/350000/?edition=2").content.decode()


def test_an_activity_of_several_days_with_times_ends_on_the_last(client):
    publish_activity(on=day("2026-11-20"), until=day("2026-11-22"), from_time=datetime.time(9))
    (event,) = events(read(client, "/activities/calendar.ics"))
    assert event["DTEND"].dt == datetime.datetime(2026, 11, 22, 16, tzinfo=datetime.UTC)


@pytest.mark.parametrize("text", ["a" * 120, "汉" * 100, "𠮷" * 50, "a汉𠮷" * 30, "C:\\New, \\n; \\N,"])
def test_no_text_is_cut_or_changed_by_folding_and_escaping(client, text):
    """`read` sees that every line is short enough and UTF-8 by itself."""
    publish_activity(title=text)
    (event,) = events(read(client, "/activities/calendar.ics"))
    assert event["SUMMARY"] == text


def test_every_kind_of_line_break_is_written_as_one():
    raw = event_of(SUMMARY="a,b;c\\d\r\ne\rf\ng").to_ical()
    assert b"SUMMARY:a\\,b\\;c\\\\d\\ne\\nf\\ng\r\n" in raw
