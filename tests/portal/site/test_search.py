"""One box finds every kind of thing, says how many, and leads to all of them."""

import datetime

import pytest

from catalog.campaigns import facts as campaign_facts
from catalog.publication.models import ProductLine
from catalog.regions.models import Division
from events.notices import facts
from portal.core.editions import clock
from tests.make import (
    make_certificate,
    make_division,
    make_enterprise,
    make_product,
    make_subsidy,
    publish_products,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh(settings):
    settings.PAGE_TOKEN_SECONDS = 0


def page_of(client, **parameters):
    response = client.get("/search/", parameters)
    assert response.status_code == 200
    return response.content.decode()


def test_each_kind_is_counted_and_led_to(client):
    facts.seed()
    enterprise = make_enterprise(name="示例福建防水有限公司")
    publish_products(*(make_product(enterprise=enterprise, name=f"福建卷材{place}") for place in range(7)))
    page = page_of(client, q="福建")
    assert "产品清单 7 项" in page
    assert "企业名录 1 家" in page
    assert f"/enterprises/{enterprise.uscc}/" in page
    assert "/products/?q=%E7%A6%8F%E5%BB%BA" in page
    assert "/regions/350000/" in page
    assert "地区 1 个" in page
    assert page.count("/notices/") > 1


def test_an_organisation_is_found_by_either_name_and_a_matter_by_its_guide(client):
    campaign_facts.seed()
    for words in ("国检集团", "CTC", "guojianjituan"):
        page = page_of(client, q=words)
        assert "活动机构 1 家" in page, words
        assert "<mark>" in page
    assert "活动机构" not in page_of(client, q="示例防水").split("<main")[1]
    page = page_of(client, q="退出")
    assert 'href="/guide/withdraw/"' in page
    assert 'href="/guide/register/"' not in page_of(client, q="承诺书").split("<main")[1]


def test_a_subsidy_is_found_while_it_holds(client):
    make_division()
    rule = make_subsidy(title="门窗补贴")
    for words in ("补贴", "门窗"):
        page = page_of(client, q=words)
        assert "补贴 1 条" in page, words
        assert f"/regions/{rule.province_code}/subsidies/{rule.rule_id}/" in page
    make_subsidy(rule=rule.rule, title="门窗补贴", from_on=clock.today() + datetime.timedelta(days=9))
    assert "补贴 1 条" not in page_of(client, q="门窗补贴")


def test_pinyin_finds_a_region_and_nonsense_gets_advice(client):
    Division.objects.create(code="370000", name="山东省", level="province")
    assert "/regions/370000/" in page_of(client, q="shandong")
    nothing = page_of(client, q="没有这样的东西")
    assert "没有找到" in nothing
    assert "/check/?number=" in nothing
    assert "没有找到" in page_of(client, q="！？")


def test_the_number_of_queries_does_not_grow(client, django_assert_max_num_queries):
    publish_products(*(make_product(name=f"卷材{place}") for place in range(25)))
    with django_assert_max_num_queries(
        44
    ):  # the first words of an edition: its token and three for the vocabulary
        page_of(client, q="卷材")


def test_the_box_of_every_page_leads_here_and_keeps_the_day(client):
    publish_products(make_product(name="卷材"))
    assert 'action="/search/"' in client.get("/products/").content.decode()
    assert "edition=1" in page_of(client, q="卷材", edition=1)


def test_an_unknown_parameter_is_told(client):
    assert client.get("/search/", {"q": "a", "sort": "x"}).status_code == 400


def test_a_number_written_in_any_way_leads_to_its_answer_first(client):
    product = make_product(name="卷材", certificate=make_certificate(number="CABR-01(02)-(2025)-CGP-035"))
    publish_products(product)
    number = ProductLine.objects.get().number
    for typed, address in (
        ("cabr0102 2025cgp035", "/check/?number=CABR-01%2802%29-%282025%29-CGP-035"),
        ("证书编号：CABR-01(02)-(2025)-CGP-035", "/check/?number=CABR-01%2802%29-%282025%29-CGP-035"),
        (number.replace("-", ""), f"/products/{number}/"),
        (product.enterprise.uscc.lower(), f"/enterprises/{product.enterprise.uscc}/"),
        ("2025-CGP-035", "/check/?number=2025-CGP-035"),
    ):
        found = page_of(client, q=typed).split('<ul class="dated">')[1]
        assert found.startswith(f'<li><a href="{address}">'), typed
    assert "编号 1 个" not in page_of(client, q="卷材")
