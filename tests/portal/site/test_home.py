"""The front page: figures that link to their rows, the newest batch, the notice board."""

import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.core.pages import cache
from tests.catalog.publication.stories import act, announce, newest, text_of
from tests.make import make_certificate, make_product, publish_products

pytestmark = pytest.mark.django_db


def read(client, query: str = "") -> str:
    response = client.get(f"/{query}")
    assert response.status_code == 200
    return text_of(response)


def figures(page: str) -> dict[str, tuple[str, str]]:
    """label: (number, address)."""
    found = re.findall(r'<a href="([^"]+)"><b>([\d,]+)<i>.</i></b><span>([^<]+)</span>', page)
    return {label: (number, href) for href, number, label in found}


def test_an_empty_site_has_a_front_page(client):
    page = read(client)
    assert "绿色建材下乡" in page
    assert figures(page)["现行有效产品"][0] == "0"
    assert "政策文件" not in page  # a column without a notice is not drawn


def test_every_figure_is_the_number_of_the_rows_it_links_to(client):
    products = [make_product(certificate=make_certificate(star=star)) for star in "3321"]
    publish_products(*products)
    act(products[0])
    page = read(client)
    found = figures(page)
    assert found["现行有效产品"][0] == "3"
    assert "另有 1 项不再有效" in page
    for label in ("现行有效产品", "名录企业", "三星级产品"):
        number, href = found[label]
        assert re.search(rf'id="res-h">{number} ', text_of(client.get(href)))
    assert found["已公布批次"][0] == "2"


def test_parts_of_the_house_link_to_their_rows(client):
    publish_products(make_product(), make_product())
    page = read(client)
    href, count = re.search(
        r'<a href="(/products/\?part=roof)">.*?屋顶<span>(\d+) 项', page, re.DOTALL
    ).groups()
    assert count == "2"
    assert 'id="res-h">2 ' in text_of(client.get(href))


def test_a_batch_in_notice_is_the_news(client):
    publish_products()
    batch = announce(make_product())
    page = read(client)
    assert "公示中" in page
    assert f"/batches/{batch.slug}/" in page


def test_pilots_and_policy_documents_are_shown(client):
    call_command("seed_facts", verbosity=0)
    page = read(client)
    assert page.count('class="b1"') == 7 + 1  # and the key
    assert page.count('class="b2"') == 5 + 1
    assert "政策文件" in page
    assert "工信厅联原函〔2024〕21号" in page


def test_facts_alone_fill_the_front_page(client):
    """Before any batch there are no noughts, no empty column, and every figure still leads to its rows."""
    call_command("seed_facts", verbosity=0)
    page = read(client)
    found = figures(page)
    assert found["试点地区"] == ("12", "/regions/")
    assert len(found) == 4
    assert "0" not in {number for number, _href in found.values()}
    assert "按房子的部位找" not in page
    assert "还没有" not in page
    for label in ("政策文件", "活动", "工作动态"):
        number, href = found[label]
        assert re.search(rf"{number}[ <]", text_of(client.get(href)))
    pilots = text_of(client.get("/regions/"))
    assert pilots.count('class="b1"') + pilots.count('class="b2"') == 12 + 2
    for title in ("通知公告", "工作动态", "政策文件"):
        assert f"<h2>{title}</h2>" in page


def test_activities_and_partners_are_told_with_their_source(client):
    call_command("seed_facts", verbosity=0)
    page = read(client)
    partners = page.split("<h2>重点合作伙伴</h2>")[1].split("</section>")[0]
    for name in ("北新集团建材股份有限公司", "立邦投资有限公司", "顺达墨瑟门窗有限公司", "国检集团"):
        assert f'role="rowheader">{name}</th>' in partners
    assert "全国技术支持机构合作协议" in partners
    assert partners.count("2022年6月6日</time>") == 4
    assert "来源：启动会公开报道，2022年6月6日。扫描件未提供。" in partners
    activities = page.split("<h2>活动日历</h2>")[1].split("</section>")[0]
    assert partners.count("到期</span>") == 3  # the campaign for which they signed is over
    hrefs = [one for one in re.findall(r'href="([^"]+)"', partners + activities) if "#" not in one]
    assert len(hrefs) == 10  # two lists, four documents, four activities
    assert all(client.get(href).status_code == 200 for href in hrefs)


def test_the_pilots_on_the_front_page_lead_to_their_list(client):
    call_command("seed_facts", verbosity=0)
    assert '<h2>试点地区 <a href="/regions/">列表</a></h2>' in read(client)


def test_the_theme_of_the_present_campaign_is_in_the_head(client):
    call_command("seed_facts", verbosity=0)
    found = re.search(r'class="theme">(.*?)</p>', read(client), re.DOTALL)
    assert found is not None
    head = found[1]
    assert re.sub(r"<[^>]+>", "", head) == "绿色建材进万家 美好生活共创建2024—2026年绿色建材下乡活动"
    assert 'href="/campaigns/2024-2026/"' in head


def test_the_examples_under_the_search_box_find_something(client):
    publish_products(make_product(certificate=make_certificate(number="SL-1")))
    tries = re.search(r'class="try">(.*?)</p>', read(client), re.DOTALL)[1]
    hrefs = re.findall(r'href="([^"]+)"', tries)
    assert len(hrefs) == 3
    for href in hrefs[:2]:
        assert "1 项产品" in text_of(client.get(href))
    assert "现有 1 项产品" in text_of(client.get(hrefs[2]))


def test_the_past_front_page_keeps_its_moment_in_every_link(client):
    publish_products()
    first = newest()
    publish_products()
    page = read(client, f"?edition={first}")
    assert figures(page)["现行有效产品"] == ("1", f"/products/?edition={first}")


def test_an_unknown_parameter_is_told(client):
    assert client.get("/?colour=red").status_code == 400


def test_only_addresses_that_exist_are_in_the_navigation(client):
    page = read(client)
    main = page.split('aria-label="主导航"')[1].split("</nav>")[0]
    hrefs = re.findall(r'href="([^"]+)"', main)
    assert "/products/" in hrefs
    assert all(client.get(href).status_code == 200 for href in hrefs)


def test_the_page_is_drawn_once_for_an_edition_and_a_day_and_anew_for_the_next(client, settings):
    settings.PAGE_TOKEN_SECONDS = 3600  # what pages are kept under was read a moment ago
    publish_products(make_product(name="第一项"))
    cache.clear()
    read(client)
    cache.pages.clear()
    with CaptureQueriesContext(connection) as queries:
        assert "<b>1<i>项</i></b>" in read(client)
    assert len(queries) == 0
    publish_products(make_product(name="第二项"))
    cache.clear()  # the second is over
    assert "<b>2<i>项</i></b>" in read(client)
    assert "<b>1<i>项</i></b>" in read(client, "?edition=1")
