"""The calendar of activities as visitors read it."""

import datetime

import pytest
import time_machine

from events.activities.models import ActivityVersion
from portal.core.editions.models import Edition
from tests.make import make_campaign, make_division, make_product, publish_products

from .make import make_activity, make_indicator, publish_activity, publish_result

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2026, 11, 24, 4, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOON, tick=False):
        yield


def text(client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


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


def test_pages_keep_the_filters(client):
    for number in range(21):
        publish_activity(title=f"宣讲{number}号", on=day("2026-01-01"))
    first = text(client, "/activities/?kind=talk")
    assert "kind=talk&amp;page=2" in first
    assert "宣讲0号" in text(client, "/activities/?kind=talk&page=2")


def test_the_list_costs_the_same_for_one_activity_and_for_many(client, django_assert_num_queries):
    nanan = make_division("350583", "南安市", "county", make_division())
    publish_activity(division=nanan)
    with django_assert_num_queries(9) as few:
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
    with django_assert_num_queries(8) as few:
        client.get("/activities/calendar/")
    for _ in range(19):
        publish_activity()
    with django_assert_num_queries(len(few)):
        client.get("/activities/calendar/")


# -- one activity ----------------------------------------------------------------------------------------------------


def test_an_activity_says_all_that_is_known(client):
    nanan = make_division("350583", "南安市", "county", make_division())
    version = publish_activity(
        title="进村宣讲",
        division=nanan,
        village="示例镇示例村",
        place="文化站",
        from_time=datetime.time(9),
        until_time=datetime.time(11, 30),
        organiser="示例协会",
        phone="0000-1234567",
        online_link="https://example.cn/live",
        capacity=60,
        joining="到场即可",
        programme=["9:00 签到", "9:30 宣讲"],
        body="第一段\n\n<script>alert(1)</script>",
    )
    page = text(client, f"/activities/{version.activity_id}/")
    for words in (
        "2026年11月20日 9:00 至 11:30",
        "福建省南安市示例镇示例村 文化站",
        "示例协会",
        "60 人",
        "到场即可",
        "9:30 宣讲",
        "https://example.cn/live",
        "示例来源",
        "&lt;script&gt;",
    ):
        assert words in page
    assert "<script>alert" not in page


def test_an_enterprise_is_linked_only_where_it_has_a_page(client):
    product = make_product()
    publish_products(product)
    uscc = product.enterprise.uscc
    version = publish_activity(
        enterprises=[
            {"name": "有页面的企业", "uscc": uscc},
            {"name": "没有页面的企业", "uscc": "91350000MA00000000"},
        ]
    )
    page = text(client, f"/activities/{version.activity_id}/")
    assert f'<a href="/enterprises/{uscc}/">有页面的企业</a>' in page
    assert "没有页面的企业</li>" in page


def test_a_cancelled_activity_stays_with_its_reason(client):
    first = publish_activity(title="陶瓷巡展")
    publish_activity(
        first.activity,
        title="陶瓷巡展",
        replaces=first,
        is_cancelled=True,
        cancelled_reason="因台风取消",
        change_note="取消",
    )
    address = f"/activities/{first.activity_id}/"
    page = text(client, address)
    assert "已取消" in page
    assert "因台风取消" in page
    assert "因台风取消" in text(client, "/activities/")
    assert "因台风取消" not in text(client, f"{address}?edition=1")


def test_a_withdrawn_activity_leaves_the_list_and_its_page_says_why(client):
    first = publish_activity(title="误发的活动")
    publish_activity(
        first.activity, title="误发的活动", replaces=first, is_withdrawn=True, change_note="重复发布"
    )
    assert "误发的活动" not in text(client, "/activities/")
    page = text(client, f"/activities/{first.activity_id}/")
    assert "已撤下" in page
    assert "重复发布" in page


def test_an_edition_before_the_activity_says_when_it_came(client):
    publish_activity()
    later = publish_activity(title="后来的活动")
    page = text(client, f"/activities/{later.activity_id}/?edition=1")
    assert "当时尚未公布" in page
    assert "2026年11月24日</time>（第2版）才公布" in page
    assert "后来的活动" not in page


def test_an_activity_that_waits_for_its_day_is_not_found_before(client):
    version = publish_activity(publish_on=day("2026-11-25"))
    address = f"/activities/{version.activity_id}/"
    text(client, address, 404)
    with time_machine.travel(NOON + datetime.timedelta(days=1), tick=False):
        assert "当时尚未公布" in text(client, f"{address}?as_of=2026-11-24")
        assert "示例公益宣讲" in text(client, address)


def test_a_draft_and_a_number_never_given_are_not_found(client):
    draft = make_activity()
    draft.save()
    text(client, f"/activities/{draft.activity_id}/", 404)
    text(client, "/activities/999/", 404)
    text(client, "/activities/99999999999999999999999/", 404)
    text(client, "/activities/999.ics", 404)


def test_the_cited_address_gives_the_same_page_for_ever(client):
    first = publish_activity(title="原来的名称")
    address = f"/activities/{first.activity_id}/"
    cited = f"{address}?as_of=2026-11-24&amp;edition=1"
    assert cited in text(client, address)
    publish_activity(first.activity, title="改后的名称", replaces=first, change_note="改名")
    page = text(client, cited.replace("&amp;", "&"))
    assert "原来的名称" in page
    assert "改后的名称" not in page


def test_the_page_of_an_activity_costs_the_same_with_many_enterprises(client, django_assert_max_num_queries):
    version = publish_activity(enterprises=[{"name": "甲", "uscc": "91350000MA00000001"}])
    with django_assert_max_num_queries(10) as few:
        client.get(f"/activities/{version.activity_id}/")
    many = publish_activity(
        enterprises=[{"name": f"企业{n}", "uscc": f"91350000MA0000{n:04}"} for n in range(20)]
    )
    publish_result(activity=many.activity)
    publish_result(activity=many.activity)
    with django_assert_max_num_queries(len(few)):
        client.get(f"/activities/{many.activity_id}/")


# -- results ---------------------------------------------------------------------------------------------------------


def test_figures_are_added_only_within_one_indicator_and_period(client):
    visitors, talks = make_indicator("visitors"), make_indicator("talks", unit="场")
    year, month = (day("2026-01-01"), day("2026-12-31")), (day("2026-06-01"), day("2026-06-30"))
    publish_result(indicator=visitors, value=1200, from_on=year[0], until_on=year[1])
    publish_result(indicator=visitors, value=34, from_on=year[0], until_on=year[1])
    publish_result(indicator=visitors, value=500, from_on=month[0], until_on=month[1])
    publish_result(indicator=talks, value=7, from_on=year[0], until_on=year[1])
    page = text(client, "/activities/results/")
    for words in ("1,234 人次", "500 人次", "7 场", "2026年6月"):
        assert words in page
    assert "1,734" not in page


def test_every_sum_leads_to_its_rows(client):
    visitors = make_indicator("visitors")
    publish_result(indicator=visitors, value=1200, stated_by="甲单位")
    publish_result(indicator=visitors, value=34, stated_by="乙单位")
    publish_result(indicator=make_indicator("talks"), value=7, stated_by="丙单位")
    href = "/activities/results/?indicator=visitors&period=2026-01-01_2026-12-31"
    assert href.replace("&", "&amp;") in text(client, "/activities/results/")
    page = text(client, href)
    assert "甲单位" in page
    assert "乙单位" in page
    assert "丙单位" not in page


def test_a_sum_of_more_than_figures_says_more_than(client):
    publish_result(value=700, is_at_least=True)
    publish_result(value=1)
    assert "701余 人次" in text(client, "/activities/results/")


def test_money_is_kept_in_fen_and_shown_in_its_unit(client):
    sales = make_indicator("sales", unit="万元", decimals=6)
    publish_result(indicator=sales, value=12_345_600)
    publish_result(indicator=sales, value=1_000_000)
    page = text(client, "/activities/results/")
    assert "13.3456 万元" in page
    assert "1 万元" in page


def test_a_figure_says_who_stated_it_and_where(client):
    version = publish_result(
        stated_by="福建省推进组", source="简报第3期", activity=publish_activity().activity
    )
    page = text(client, f"/activities/results/{version.result_id}/")
    for words in ("福建省推进组", "简报第3期", "2026年", "示例公益宣讲"):
        assert words in page
    assert "福建省推进组" in text(client, f"/activities/{version.activity_id}/")


@pytest.mark.parametrize(
    "query", ["indicator=x", "period=2026", "period=2026-12-31_2026-01-01", "region=abc", "kind=talk"]
)
def test_nonsense_about_results_is_told(client, query):
    text(client, f"/activities/results/?{query}", 400)


def test_results_cost_the_same_for_one_row_and_for_many(client, django_assert_num_queries):
    publish_result()
    with django_assert_num_queries(7) as few:
        client.get("/activities/results/")
    for number in range(19):
        publish_result(value=number)
    with django_assert_num_queries(len(few)):
        client.get("/activities/results/")


def test_all_versions_are_sealed():
    publish_activity(from_time=datetime.time(9), photographs=[])
    assert ActivityVersion.objects.get().broken_fields() == []
