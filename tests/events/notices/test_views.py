"""The notice board as visitors read it."""

import datetime

import pytest
import time_machine

from catalog.regions import facts as regions
from events.activities import facts as activities
from events.activities.models import ActivityVersion
from events.notices import facts, workflow
from events.notices.models import NoticeVersion
from portal.core.editions import clock
from portal.core.pages import cache
from tests.make import make_division, make_user

from .make import make_version, published, put

pytestmark = pytest.mark.django_db


def text(client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def test_the_list_shows_what_is_public_newest_first(client):
    facts.seed()
    draft = make_version(title="还没有公布")
    draft.save()
    page = text(client, "/notices/")
    assert page.index("工信厅联原函〔2024〕21号") < page.index("工信厅联原〔2022〕7号")
    assert '<time datetime="2023-09">2023年9月</time>' in page
    assert "还没有公布" not in page


def test_a_column_is_chosen_by_its_parameter_and_nonsense_is_told(client):
    facts.seed()
    put(title="示例动态", dated_on=datetime.date(2026, 1, 1))
    news = text(client, "/notices/?kind=news")
    assert "示例动态" in news
    assert "21号" not in news
    assert "「栏目」没有「nonsense」这个值" in text(client, "/notices/?kind=nonsense", 400)
    assert "没有「colour」这个参数" in text(client, "/notices/?colour=red", 400)


@pytest.mark.parametrize(
    ("given", "inside", "outside"),
    [
        ("year=2022", "二零二二", "二零二三"),
        ("region=350000", "二零二二", "二零二三"),
        ("enterprise=91350000100000000X", "二零二三", "二零二二"),
        ("q=fujian", "福建二零二二", "江西二零二三"),
        ("q=鼓楼", "福建二零二二", "江西二零二三"),
    ],
)
def test_year_region_enterprise_and_words_each_let_some_in_and_keep_some_out(client, given, inside, outside):
    make_division("350000", "福建省")
    put(title="福建二零二二", dated_on=datetime.date(2022, 5, 1), regions=["350100"], body="<p>鼓楼区</p>")
    put(title="江西二零二三", dated_on=datetime.date(2023, 5, 1), enterprises=["91350000100000000X"])
    page = text(client, f"/notices/?{given}")
    assert inside in page.replace("<mark>", "").replace("</mark>", "")
    assert outside not in page
    assert "1 篇" in page


@pytest.mark.parametrize("given", ["year=20x2", "region=999999", "batch=none", "enterprise=12", "page=2"])
def test_other_values_that_mean_nothing_are_told(client, given):
    put()
    assert "没有" in text(client, f"/notices/?{given}", 400)


def test_what_is_counted_is_what_is_paged(client):
    for number in range(21):
        put(title=f"动态第{number}篇", dated_on=datetime.date(2024, 1, 1))
    put(title="别的", kind="policy", issuer="某部")
    first = text(client, "/notices/?q=动态&kind=news")
    second = text(client, "/notices/?q=动态&kind=news&page=2")
    assert "21 篇" in first
    assert "q=%E5%8A%A8%E6%80%81&amp;kind=news&amp;page=2" in first
    assert sum(page.count('"><mark>动态</mark>第') for page in (first, second)) == 21


def test_words_that_nothing_can_match_find_nothing(client):
    put()
    assert "没有符合条件的内容" in text(client, "/notices/?q=——")


def test_a_hit_shows_the_words_around_it_marked(client):
    put(title="启动会召开", body=f"<p>{'前文' * 60}</p><p>北新集团建材股份有限公司签署</p>")
    assert "<mark>北新集团</mark>" in text(client, "/notices/?q=北新集团")


def test_pinned_ones_come_first_until_their_day_is_over(client):
    put(title="旧而置顶", dated_on=datetime.date(2020, 1, 1), pinned_until=clock.today())
    put(title="新的一篇", dated_on=datetime.date(2024, 1, 1))
    page = text(client, "/notices/")
    assert page.index("旧而置顶") < page.index("新的一篇")
    assert "置顶</span>" in page
    with time_machine.travel(clock.end_of(clock.today()), tick=False):
        page = text(client, "/notices/")
    assert page.index("旧而置顶") > page.index("新的一篇")


def test_the_list_costs_the_same_for_one_notice_and_for_many(client, django_assert_num_queries):
    for count in (1, 19):
        for number in range(count):
            put(title=f"动态{number}")
        client.get("/notices/?kind=news")  # what was written anew is read anew once
        cache.clear()
        with django_assert_num_queries(6):
            client.get("/notices/?kind=news")


def test_a_notice_says_number_date_issuer_and_source(client):
    facts.seed()
    version = NoticeVersion.objects.get(document_number="市场监管总局公告2019年第20号")
    page = text(client, f"/notices/{version.notice_id}/")
    for words in ("绿色产品标识使用管理办法", "2019年5月5日", "2019年6月1日起施行", "www28g.com", "政策文件"):
        assert words in page
    assert "全文以市场监管总局公布的为准" in page


def test_a_notice_costs_the_same_with_few_and_many_things_it_is_about(client, django_assert_max_num_queries):
    few = put(regions=["350000"])
    many = put(regions=["350000", "360000", "370000"], enterprises=["91350000100000000X"], batches=["2022-1"])
    for version in (few, many):
        with django_assert_max_num_queries(13):
            client.get(f"/notices/{version.notice_id}/")


def test_a_correction_is_marked_with_its_day_and_the_earlier_version_stays_readable(client):
    first = put(title="线上平台启动")
    put(first.notice, title="京东线上平台启动", replaces=first, change_note="补全平台名称")
    address = f"/notices/{first.notice_id}/"
    page = text(client, address)
    assert "京东线上平台启动" in page
    assert "补全平台名称" in page
    assert f'<b>更正</b>　<time datetime="{clock.today()}">' in page
    assert f"{address}?as_of={clock.today()}&amp;edition={first.from_edition_id}" in page
    earlier = text(client, f"{address}?edition={first.from_edition_id}")
    assert "<h1>线上平台启动</h1>" in earlier
    assert "您看到的是" in earlier
    assert "补全平台名称" not in earlier


def test_a_withdrawn_notice_leaves_the_list_and_its_page_says_why_and_what_it_was(client, editor):
    first = published(editor, title="误发的消息", body="<p>原来的内容</p>")
    workflow.withdraw(first.notice, by=make_user("publisher"), reason="重复发布")
    assert "误发的消息" not in text(client, "/notices/")
    assert "误发的消息" not in text(client, "/notices/?q=误发的消息").replace(
        "搜索「误发的消息」", ""
    ).replace('value="误发的消息"', "")
    page = text(client, f"/notices/{first.notice_id}/")
    assert page.index("已撤下") < page.index("原来的内容")
    assert "重复发布" in page
    assert "原来的内容" in text(client, f"/notices/{first.notice_id}/?edition={first.from_edition_id}")


def test_an_edition_before_the_notice_says_that_it_came_later(client):
    put()
    later = put(title="后来的消息")
    page = text(client, f"/notices/{later.notice_id}/?edition=1")
    assert "当时尚未公布" in page
    assert "后来的消息" not in text(client, "/notices/?edition=1")


def test_a_draft_and_a_number_never_given_are_not_found(client):
    draft = make_version()
    draft.save()
    text(client, f"/notices/{draft.notice_id}/", 404)
    text(client, "/notices/999/", 404)


def test_a_notice_for_tomorrow_is_nowhere_today(client, editor):
    tomorrow = clock.today() + datetime.timedelta(days=1)
    version = published(editor, title="明天的消息", publish_on=tomorrow)
    places = ("/notices/", "/notices/?q=明天的消息", "/notices/feed.atom", "/")
    for address in places:
        assert f'/notices/{version.notice_id}/"' not in text(client, address)
    text(client, f"/notices/{version.notice_id}/", 404)
    with time_machine.travel(clock.end_of(clock.today()), tick=False):
        for address in places:
            assert f'/notices/{version.notice_id}/"' in text(client, address)
        page = text(client, f"/notices/{version.notice_id}/")
        assert f'收录</dt><dd><time datetime="{tomorrow}">' in page
        yesterday = tomorrow - datetime.timedelta(days=1)
        assert "当时尚未公布" in text(client, f"/notices/{version.notice_id}/?as_of={yesterday}")
        moment = f"?as_of={tomorrow}&amp;edition={version.from_edition_id}"
        assert f"/notices/{version.notice_id}/{moment}" in text(client, "/notices/feed.atom")
        put(version.notice, replaces=version, change_note="补全名称")
        cache.clear()
        assert f"/notices/{version.notice_id}/{moment}" in text(client, f"/notices/{version.notice_id}/")


def test_a_consultation_says_until_when_and_how_and_then_that_it_is_over(client):
    version = put(kind="consultation", open_until=clock.today(), contact="010-00000000")
    page = text(client, f"/notices/{version.notice_id}/")
    assert "公示中" in page
    assert "010-00000000" in page
    with time_machine.travel(clock.end_of(clock.today()), tick=False):
        page = text(client, f"/notices/{version.notice_id}/")
    assert "结束" in page
    assert "公示中" not in page


def test_neighbours_lead_on_in_the_order_of_the_list(client):
    older = put(title="较早的一篇", dated_on=datetime.date(2022, 1, 1))
    middle = put(title="中间的一篇", dated_on=datetime.date(2023, 1, 1))
    newer = put(title="较新的一篇", dated_on=datetime.date(2024, 1, 1))
    page = text(client, f"/notices/{middle.notice_id}/")
    assert f'<span class="under">上一篇</span><a href="/notices/{older.notice_id}/">较早的一篇' in page
    assert f'<span class="under">下一篇</span><a href="/notices/{newer.notice_id}/">较新的一篇' in page


def test_the_cited_address_names_edition_and_day(client):
    version = put()
    page = text(client, f"/notices/{version.notice_id}/")
    assert f"/notices/{version.notice_id}/?as_of={clock.today()}&amp;edition=1" in page


def test_plain_text_of_an_older_body_becomes_paragraphs(client):
    version = put(body="第一段\n\n第二段")
    assert "<p>第一段</p><p>第二段</p>" in text(client, f"/notices/{version.notice_id}/")


def test_what_a_notice_is_about_is_linked(client):
    make_division("350000", "福建省")
    version = put(regions=["350000"])
    assert "福建省" in text(client, f"/notices/{version.notice_id}/")


def test_an_activity_is_named_and_its_page_names_the_notice(client, editor):
    regions.seed()
    activities.seed()
    activity = ActivityVersion.objects.current().first()
    version = published(editor, title="活动的报道", activities=[str(activity.activity_id)])
    page = text(client, f"/notices/{version.notice_id}/")
    assert f'<a href="/activities/{activity.activity_id}/">{activity.title}</a>' in page
    assert "活动的报道" in text(client, f"/activities/{activity.activity_id}/")


def test_a_number_longer_than_any_key_is_not_found(client):
    text(client, f"/notices/{'9' * 25}/", 404)
