"""The regions as visitors read them."""

import datetime
import re

import pytest
import time_machine

from catalog.regions import facts
from catalog.regions.models import RegionPage, RegionVersion
from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.pages import cache
from portal.core.workflow import versions
from tests.catalog.publication.stories import cost_of
from tests.make import make_division, make_region, make_subsidy, make_user, publish_products

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_pages(settings):
    settings.PAGE_TOKEN_SECONDS = 0
    cache.clear()


@pytest.fixture
def seeded():
    facts.seed()


def read(client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def draft_of(page: RegionPage, **changes) -> RegionVersion:
    version = versions.new_version(RegionVersion, page, by=make_user("editor"))
    for name, value in changes.items():
        setattr(version, name, value)
    version.save()
    return version


# -- the overview --------------------------------------------------------------------------------------------


def test_every_province_level_unit_is_a_tile_that_a_keyboard_reaches(client, seeded):
    page = read(client, "/regions/")
    grid = re.search(r'<ul class="tiles">(.*?)</ul>', page, re.DOTALL)[1]
    links = re.findall(r'<a[^>]* href="/regions/(\d{6})/"', grid)
    assert len(links) == len(set(links)) == grid.count("<li") == 34
    assert 'title="福建省：第一批试点"' in grid
    assert "tabindex" not in grid


def test_a_table_beside_the_grid_has_the_pilots_by_batch_and_a_list_the_others(client, seeded):
    page = read(client, "/regions/")
    first, second = re.findall(r"<caption.*?</table>", page, re.DOTALL)
    assert (first.count("<tr"), second.count("<tr")) == (1 + 7, 1 + 5)
    assert "泉州市南安市" in first
    assert '<time datetime="2023-09">2023年9月</time>' in second
    others = re.search(r'<ul class="places">(.*?)</ul>', page, re.DOTALL)[1]
    assert others.count("<li") == 22
    assert "福建省" not in others


def test_a_site_without_regions_says_so(client):
    assert "还没有地区页面" in read(client, "/regions/")


def test_the_overview_costs_the_same_for_one_region_and_for_all(client):
    make_region()
    before = cost_of(client, "/regions/")
    facts.seed()
    assert cost_of(client, "/regions/") == before <= 10


# -- one region ----------------------------------------------------------------------------------------------


def test_a_pilot_says_batch_launch_place_and_source(client, seeded):
    page = read(client, "/regions/350000/")
    for words in (
        "第一批试点地区，2022年列入。",
        "2023年3月31日",
        "泉州市南安市",
        "福建商务",
        "列入第一批试点",
    ):
        assert words in page


def test_a_seeded_region_has_no_channel_yet_and_names_the_national_number(client, seeded):
    page = read(client, "/regions/350000/")
    assert "投诉渠道待公布" in page
    assert "12315" in page


def test_a_published_channel_stands_in_its_place_and_the_national_number_stays(client):
    make_region(
        complaint_channel="福建省消费者权益保护委员会", complaint_phone="0591-00000000", plan_title="工作方案"
    )
    page = read(client, "/regions/350000/")
    assert "投诉渠道待公布" not in page
    for words in ("福建省消费者权益保护委员会", "0591-00000000", "12315", "工作方案"):
        assert words in page


def test_a_province_that_is_no_pilot_has_a_page_that_says_what_is_known(client, seeded):
    page = read(client, "/regions/110000/")
    assert "不是试点地区。2024年起活动在全国开展，不再审批试点。" in page
    assert "工信厅联原函〔2024〕21号" in page
    assert "列入经过" not in page
    assert "尚无这里开展绿色建材下乡活动的公开资料" in read(client, "/regions/710000/")


@pytest.mark.parametrize("code", ["999999", "abc", "35", "3500000"])
def test_an_unknown_code_is_not_found_in_words(client, seeded, code):
    assert f"「{code}」不是省级区划代码" in read(client, f"/regions/{code}/", 404)


def test_the_code_of_a_town_leads_to_its_province(client, seeded):
    page = read(client, "/regions/350583/", 404)
    assert "福建省 泉州市 南安市" in page
    assert "/regions/350000/" in page


def test_nonsense_in_the_address_is_told(client, seeded):
    assert "没有「colour」这个参数" in read(client, "/regions/350000/?colour=red", 400)


def test_a_draft_changes_no_public_byte_and_no_edition(client, seeded):
    before = {path: client.get(path).content for path in ("/regions/", "/regions/350000/")}
    editions = Edition.objects.count()
    version = draft_of(RegionPage.objects.get(pk="350000"), complaint_channel="还没有公布的单位")
    version.complaint_phone = "1"
    version.save()
    versions.submit(version, by=make_user("editor"))
    cache.clear()
    assert {path: client.get(path).content for path in before} == before
    assert Edition.objects.count() == editions


def test_an_update_is_dated_and_the_page_of_before_stays_as_it_was(client):
    yesterday = clock.today() - datetime.timedelta(days=1)
    with time_machine.travel(clock.end_of(yesterday) - datetime.timedelta(hours=2), tick=False):
        make_region(responsible_unit="原来的单位")
        cache.clear()
        before = read(client, f"/regions/350000/?as_of={yesterday}&edition=1")
    make_region(responsible_unit="后来的单位", change_note="单位改名")
    cache.clear()
    page = read(client, "/regions/350000/")
    assert "后来的单位" in page
    assert "单位改名" in page
    assert f"/regions/350000/?as_of={yesterday}&amp;edition=1" in page
    past = read(client, f"/regions/350000/?as_of={yesterday}")
    assert "原来的单位" in past
    assert "后来的单位" not in past
    assert "您看到的是" in past
    assert body_of(read(client, f"/regions/350000/?as_of={yesterday}&edition=1")) == body_of(before)


def body_of(page: str) -> str:
    """The content, without the bar that says how new it is and the buttons that only the present page has."""
    main = page[page.index("<main") : page.index("</main>")]
    main = re.sub(r'<div class="bar ink">.*?</div>', "", main, count=1, flags=re.DOTALL)
    main = re.sub(r'<p class="gap no-print">.*?</p>', "", main, flags=re.DOTALL)
    return " ".join(main.split())


def test_an_edition_before_the_page_says_that_it_came_later(client):
    publish_products()
    make_region()
    assert "当时尚未公布" in read(client, "/regions/350000/?edition=1")


def test_a_region_with_nothing_but_a_draft_was_never_public(client):
    page = RegionPage.objects.create(division=make_division())
    draft_of(page, source="测试")
    read(client, "/regions/350000/", 404)


def test_a_withdrawn_page_says_why(client):
    version = make_region()
    versions.withdraw(RegionVersion, version.page, by=make_user("publisher"), reason="内容有误，正在核实")
    page = read(client, "/regions/350000/")
    assert "本页内容已撤下" in page
    assert "内容有误，正在核实" in page


def test_the_cited_address_names_edition_and_day(client):
    make_region()
    assert "/regions/350000/?as_of=" in read(client, "/regions/350000/")
    assert f"?as_of={clock.today()}&amp;edition=1" in read(client, "/regions/350000/")


def test_a_page_costs_the_same_with_one_rule_and_with_many(client):
    make_region()
    make_subsidy()
    before = cost_of(client, "/regions/350000/")
    for number in range(5):
        make_subsidy()
        make_region(summary=f"情况{number}", change_note="更新")
    for code, name in (("330000", "浙江省"), ("370000", "山东省")):
        make_region(code, name)
    assert cost_of(client, "/regions/350000/") == before <= 30


def test_a_page_is_kept_until_something_public_changes(client):
    make_region()
    first = client.get("/regions/350000/")
    assert client.get("/regions/350000/", headers={"If-None-Match": first["ETag"]}).status_code == 304
    make_region(summary="有新情况")
    again = client.get("/regions/350000/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200
