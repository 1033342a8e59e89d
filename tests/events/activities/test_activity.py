"""The page of one activity, at every edition and in every state."""

import datetime

import pytest
import time_machine

from events.activities.models import ActivityVersion
from tests.make import make_division, make_product, publish_products

from .make import make_activity, publish_activity, publish_result
from .reading import NOON, day, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOON, tick=False):
        yield


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


def test_what_was_replaced_before_its_day_came_is_read_by_nobody(client):
    first = publish_activity(title="先定的日子", publish_on=day("2026-11-25"))
    publish_activity(first.activity, title="后定的日子", replaces=first, publish_on=day("2026-11-27"))
    address = f"/activities/{first.activity_id}/"
    with time_machine.travel(NOON + datetime.timedelta(days=2), tick=False):
        text(client, address, 404)
        assert "先定的日子" not in text(client, "/activities/")
    with time_machine.travel(NOON + datetime.timedelta(days=3), tick=False):
        page = text(client, address)
        assert "<h1>后定的日子</h1>" in page
        assert "<b>更新</b>" not in page
        assert "2026年11月27日</time>（第2版）才公布" in text(client, f"{address}?as_of=2026-11-26")


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


def test_all_versions_are_sealed():
    publish_activity(from_time=datetime.time(9), photographs=[])
    assert ActivityVersion.objects.get().broken_fields() == []
