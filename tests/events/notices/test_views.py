"""The notice board as visitors read it."""

import pytest

from events.notices import facts
from events.notices.models import Notice, NoticeVersion
from portal.editions.release import release_record
from portal.pages import cache

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_pages(settings):
    settings.PAGE_TOKEN_SECONDS = 0
    cache.clear()


def make_version(notice: Notice | None = None, **changes) -> NoticeVersion:
    notice = notice or Notice.objects.create()
    values = {
        "kind": NoticeVersion.Kind.NEWS,
        "title": "江西省启动活动",
        "dated_on": "2023-09-01",
        "dated_precision": "month",
        "source": "公开报道",
    }
    version = NoticeVersion(notice=notice, key=notice.key, **values | changes)
    version.full_clean(exclude=["digest"])
    return version


def publish(notice: Notice | None = None, **changes) -> NoticeVersion:
    version = make_version(notice, state="published", **changes)
    release_record(version)
    return version


def text(client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def test_the_list_shows_what_is_public_newest_first(client):
    facts.seed()
    draft = make_version(title="还没有公布")
    draft.save()
    page = text(client, "/notices/")
    assert page.index("工信厅联原函〔2024〕21号") < page.index("国质检认联〔2017〕544号")
    assert '<time datetime="2017-12">2017年12月</time>' in page
    assert "还没有公布" not in page


def test_a_column_is_chosen_by_its_parameter_and_nonsense_is_told(client):
    facts.seed()
    news = text(client, "/notices/?kind=news")
    assert "福建省在泉州市南安市启动绿色建材下乡活动" in news
    assert "544号" not in news
    assert "9 篇" in news
    assert "「栏目」没有「nonsense」这个值" in text(client, "/notices/?kind=nonsense", 400)
    assert "没有「colour」这个参数" in text(client, "/notices/?colour=red", 400)


def test_pages_keep_the_column(client):
    for number in range(21):
        publish(title=f"动态{number}", dated_on="2024-01-01")
    first, second = text(client, "/notices/?kind=news"), text(client, "/notices/?kind=news&page=2")
    assert "kind=news&amp;page=2" in first
    assert "动态20" in first
    assert "动态20" not in second
    assert "动态0<" in second


def test_the_list_costs_the_same_for_one_notice_and_for_many(client, django_assert_num_queries):
    publish()
    with django_assert_num_queries(5):
        client.get("/notices/")
    facts.seed()
    with django_assert_num_queries(5):
        client.get("/notices/")


def test_a_notice_says_number_date_issuer_and_source(client):
    facts.seed()
    version = NoticeVersion.objects.get(document_number="市场监管总局公告2019年第20号")
    page = text(client, f"/notices/{version.notice_id}/")
    for words in ("绿色产品标识使用管理办法", "2019年5月5日", "2019年6月1日起施行", "www28g.com", "政策文件"):
        assert words in page
    assert "全文以市场监管总局公布的为准" in page


def test_body_text_is_text_and_never_markup(client):
    version = publish(body="第一段\n\n<script>alert(1)</script>")
    page = text(client, f"/notices/{version.notice_id}/")
    assert "<p>第一段</p>" in page
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page


def test_a_correction_is_marked_and_the_earlier_version_stays_readable(client):
    first = publish(title="线上平台启动")
    publish(first.notice, title="京东线上平台启动", replaces=first, change_note="补全平台名称")
    address = f"/notices/{first.notice_id}/"
    page = text(client, address)
    assert "京东线上平台启动" in page
    assert "补全平台名称" in page
    assert f"{address}?edition={first.from_edition_id}" in page
    earlier = text(client, f"{address}?edition={first.from_edition_id}")
    assert "<h1>线上平台启动</h1>" in earlier
    assert "您看到的是" in earlier


def test_a_withdrawn_notice_leaves_the_list_and_its_page_says_why(client):
    first = publish(title="误发的消息", body="内容")
    publish(first.notice, title="误发的消息", replaces=first, is_withdrawn=True, change_note="重复发布")
    assert "误发的消息" not in text(client, "/notices/")
    page = text(client, f"/notices/{first.notice_id}/")
    assert "已撤下" in page
    assert "重复发布" in page


def test_an_edition_before_the_notice_says_that_it_came_later(client):
    publish()
    later = publish(title="后来的消息")
    page = text(client, f"/notices/{later.notice_id}/?edition=1")
    assert "当时尚未公布" in page
    assert "后来的消息" not in text(client, "/notices/?edition=1")


def test_a_draft_and_a_number_never_given_are_not_found(client):
    draft = make_version()
    draft.save()
    text(client, f"/notices/{draft.notice_id}/", 404)
    text(client, "/notices/999/", 404)


def test_neighbours_lead_on_in_the_order_of_the_list(client):
    older = publish(title="较早的一篇", dated_on="2022-01-01")
    middle = publish(title="中间的一篇", dated_on="2023-01-01")
    newer = publish(title="较新的一篇", dated_on="2024-01-01")
    page = text(client, f"/notices/{middle.notice_id}/")
    assert f'<span class="under">上一篇</span><a href="/notices/{older.notice_id}/">较早的一篇' in page
    assert f'<span class="under">下一篇</span><a href="/notices/{newer.notice_id}/">较新的一篇' in page


def test_the_cited_address_names_edition_and_day(client):
    version = publish()
    page = text(client, f"/notices/{version.notice_id}/")
    assert f'href="/notices/{version.notice_id}/?as_of=' in page
    assert "&amp;edition=1" in page
