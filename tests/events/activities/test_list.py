"""The calendar of activities as a list: what is on it, how it is filtered, what is past."""

import datetime

import pytest
import time_machine

from portal.core.editions.models import Edition
from tests.make import make_campaign, make_division

from .make import make_activity, publish_activity
from .reading import NOON, day, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOON, tick=False):
        yield


# -- the list ------------------------------------------------------------------------------------------------------


def test_the_list_shows_what_is_public_newest_first(client):
    publish_activity(title="较早的一场", on=day("2026-05-01"))
    publish_activity(title="较新的一场", on=day("2026-06-01"))
    make_activity(title="还没有公布").save()
    publish_activity(title="撤下的一场", is_withdrawn=True, change_note="重复")
    page = text(client, "/activities/")
    assert page.index("较新的一场") < page.index("较早的一场")
    assert "还没有公布" not in page
    assert "撤下的一场" not in page


@pytest.mark.parametrize(
    ("query", "inside", "outside"),
    [
        ("kind=training", "福建培训", "明年巡展"),
        ("when=upcoming", "明年巡展", "福建培训"),
        ("when=past", "福建培训", "今天宣讲"),
        ("when=ongoing", "今天宣讲", "明年巡展"),
        ("when=cancelled", "取消的展会", "今天宣讲"),
        ("region=350000", "福建培训", "今天宣讲"),
        ("region=350583", "福建培训", "今天宣讲"),
        ("year=2027", "明年巡展", "福建培训"),
        ("campaign=2026", "今天宣讲", "明年巡展"),
        ("q=南安", "福建培训", "今天宣讲"),
        ("q=福建 培训", "福建培训", "今天宣讲"),
    ],
)
def test_each_filter_keeps_some_and_excludes_others(client, query, inside, outside):
    fujian = make_division()
    nanan = make_division("350583", "南安市", "county", fujian)
    publish_activity(title="福建培训", kind="training", on=day("2026-05-01"), division=nanan)
    publish_activity(title="明年巡展", kind="tour", on=day("2027-03-01"), until=day("2027-04-01"))
    publish_activity(title="今天宣讲", on=day("2026-11-24"), campaign=make_campaign(slug="2026"))
    publish_activity(title="取消的展会", kind="exhibition", is_cancelled=True, cancelled_reason="台风")
    page = text(client, f"/activities/?{query}")
    assert inside in page
    assert outside not in page


def test_choices_within_a_filter_add_up_and_filters_narrow_each_other(client):
    publish_activity(title="培训甲", kind="training", on=day("2026-05-01"))
    publish_activity(title="巡展乙", kind="tour", on=day("2025-05-01"))
    publish_activity(title="宣讲丙", kind="talk", on=day("2025-05-01"))
    page = text(client, "/activities/?kind=training&kind=tour")
    assert "2 场活动" in page
    assert "宣讲丙" not in page
    assert "1 场活动" in text(client, "/activities/?kind=training&kind=tour&year=2025")


@pytest.mark.parametrize(
    "query",
    [
        "kind=nonsense",
        "when=soon",
        "region=999999",
        "region=x",
        "year=26",
        "year=２０２６",
        "month=2026-01",
        "colour=red",
        "campaign=1999",
    ],
)
def test_nonsense_is_told(client, query):
    text(client, f"/activities/?{query}", 400)


def test_a_value_that_nothing_bears_is_no_nonsense(client):
    assert "没有符合条件的活动" in text(client, "/activities/?year=2031")
    assert "没有符合条件的活动" in text(client, "/activities/?region=110000")


def test_applying_another_filter_keeps_a_town_that_was_asked_for(client):
    nanan = make_division("350583", "南安市", "county", make_division())
    publish_activity(title="福建培训", division=nanan)
    page = text(client, "/activities/?region=350583")
    form = page[page.index('<form class="filters"') :].partition("</form>")[0]
    assert 'name="region" value="350583" checked' in form
    assert "南安市" in page[page.index('<div class="chips">') :].partition("</div>")[0]


def test_a_year_that_the_month_has_no_place_for_is_a_chip(client):
    publish_activity()
    page = text(client, "/activities/calendar/?year=2026")
    assert "2026年</span>" in page[page.index('<div class="chips">') :].partition("</div>")[0]


def test_pages_keep_the_filters(client):
    for number in range(21):
        publish_activity(title=f"宣讲{number}号", on=day("2026-01-01"))
    first = text(client, "/activities/?kind=talk")
    assert "kind=talk&amp;page=2" in first
    assert "宣讲0号" in text(client, "/activities/?kind=talk&page=2")


def test_the_list_costs_the_same_for_one_activity_and_for_many(client, django_assert_num_queries):
    nanan = make_division("350583", "南安市", "county", make_division())
    publish_activity(division=nanan)
    with django_assert_num_queries(7) as few:
        client.get("/activities/")
    for number in range(19):
        publish_activity(title=f"宣讲{number}", division=nanan, kind="training")
    with django_assert_num_queries(len(few)):
        client.get("/activities/")


def test_an_earlier_edition_lists_what_was_public_then(client):
    publish_activity(title="先公布的")
    publish_activity(title="后公布的")
    page = text(client, "/activities/?edition=1")
    assert "先公布的" in page
    assert "后公布的" not in page
    assert "您看到的是" in page


# -- past and upcoming -----------------------------------------------------------------------------------------------


def test_past_and_upcoming_are_of_the_day_read(client):
    version = publish_activity(title="明天的宣讲", on=day("2026-11-25"))
    address = f"/activities/{version.activity_id}/"
    assert "尚未开始" in text(client, address)
    with time_machine.travel(NOON + datetime.timedelta(days=1), tick=False):
        assert "正在进行" in text(client, address)
    with time_machine.travel(NOON + datetime.timedelta(days=2), tick=False):
        assert "已经结束" in text(client, address)
        assert "尚未开始" in text(client, f"{address}?as_of=2026-11-24")
    assert Edition.objects.count() == 1


def test_the_front_page_tells_past_ones_from_coming_ones_where_both_stand(client):
    publish_activity(title="上月的宣讲", on=day("2026-10-20"))
    page = text(client, "/")
    assert "上月的宣讲" in page
    assert "已经结束" not in page
    publish_activity(title="明天的宣讲", on=day("2026-11-25"))
    page = text(client, "/")
    assert (
        page.index("明天的宣讲") < page.index("尚未开始") < page.index("上月的宣讲") < page.index("已经结束")
    )


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (("2026-11-01", "month"), "日期未详"),
        (("2026-12-01", "month"), "尚未开始"),
        (("2026-10-01", "month"), "已经结束"),
        (("2026-01-01", "year"), "日期未详"),
    ],
)
def test_a_month_known_only_as_such_is_over_when_it_is_over(client, on, words):
    version = publish_activity(on=(day(on[0]), on[1]))
    assert words in text(client, f"/activities/{version.activity_id}/")
