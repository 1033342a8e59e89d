"""「您在哪个省市县」 on the page of a product: sold there, shops, and the subsidy that holds on the day."""

import datetime
import re

import pytest

from catalog.enterprises.models import OutletVersion
from portal.core.editions import clock
from portal.core.pages import cache
from portal.core.workflow import versions
from tests.catalog.publication.stories import act, cost_of
from tests.make import (
    make_category,
    make_division,
    make_enterprise,
    make_outlet,
    make_product,
    make_region,
    make_subsidy,
    make_user,
    publish_products,
)
from tests.module_rows import laid_for_all

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_pages(settings):
    settings.PAGE_TOKEN_SECONDS = 0
    cache.clear()


@pytest.fixture(autouse=True)
def _divisions():
    fujian = make_division()
    quanzhou = make_division("350500", "泉州市", "prefecture", fujian)
    make_division("350583", "南安市", "county", quanzhou)
    make_division("350100", "福州市", "prefecture", fujian)
    make_division("330000", "浙江省")


def _laid():
    enterprise = make_enterprise(sells_in="350000", phone="0591-11111111")
    product = make_product(enterprise=enterprise, category=make_category())
    publish_products(product)
    product.refresh_from_db()
    return product


product, product_of_the_module = laid_for_all("product", _laid)


def where(client, product, query: str = "", status: int = 200) -> str:
    """The block alone."""
    response = client.get(f"/products/{address_of(product)}/{query}")
    assert response.status_code == status
    page = response.content.decode()
    if status != 200:
        return page
    block = page[page.index('<section id="where">') :]
    return block[: block.index("</section>")]


def address_of(product) -> str:
    return product.lines.first().number


def test_without_a_place_it_asks_for_one_and_says_the_range(client, product):
    block = where(client, product)
    assert block.count("<select") == 1
    assert "企业登记的销售范围：福建省" in block
    assert '<form class="place" action="#where"' in block
    assert "<script" not in block
    assert "onchange" not in block


def test_each_step_opens_the_next_select(client, product):
    assert where(client, product, "?place=350000").count("<select") == 2
    block = where(client, product, "?place=350000&place=350500")
    assert block.count("<select") == 3
    assert '<option value="350500" selected>泉州市</option>' in block
    assert where(client, product, "?place=350583").count("selected>") == 3


@pytest.mark.parametrize(
    ("sells_in", "sentence"),
    [
        ("全国", "销售范围是全国，泉州市也在内"),
        ("350000", "销售范围包括泉州市"),
        ("350583", "企业在泉州市登记的销售范围是南安市"),
        ("330000", "不包括泉州市，登记的是浙江省"),
        ("", "企业没有登记销售范围"),
    ],
)
def test_it_says_whether_the_product_is_sold_there(client, sells_in, sentence):
    product = make_product(enterprise=make_enterprise(sells_in=sells_in, phone="0591-22222222"))
    publish_products(product)
    block = where(client, product, "?place=350500")
    assert sentence in block
    assert "0591-22222222" in block


def test_shops_of_the_place_are_listed_and_those_elsewhere_counted(client, product):
    make_outlet(product.enterprise, "350583", name="南安店")
    make_outlet(product.enterprise, "330000", name="浙江店")
    make_outlet(make_enterprise(), "350583", name="别家的店")
    block = where(client, product, "?place=350500")
    assert "泉州市的 1 个网点" in block
    for words in ("南安店", "示例路 1 号", "0000-1234567", "福建省 泉州市 南安市"):
        assert words in block
    assert "浙江店" not in block
    assert "别家的店" not in block
    assert "福州市没有登记的网点，其他地区有 2 个" in where(client, product, "?place=350100")


def test_a_draft_of_a_shop_changes_no_public_byte(client, product):
    found = make_outlet(product.enterprise, "350583", name="公开的店名")
    address = f"/products/{address_of(product)}/?place=350583"
    before = client.get(address).content
    draft = versions.new_version(OutletVersion, found.outlet, by=make_user("editor"))
    draft.name = "没有公布的店名"
    draft.save()
    product.enterprise.sells_in = "330000"
    product.enterprise.save()
    cache.clear()
    assert client.get(address).content == before


def test_a_shop_that_closed_is_gone_today_and_stands_in_its_edition(client, product):
    found = make_outlet(product.enterprise, "350583", name="关门的店")
    versions.withdraw(OutletVersion, found.outlet, by=make_user("publisher"), reason="已停业")
    assert "关门的店" not in where(client, product, "?place=350583")
    past = where(client, product, f"?place=350583&edition={found.from_edition_id}")
    assert "关门的店" in past
    assert f'name="edition" value="{found.from_edition_id}"' in past


def test_the_subsidy_of_the_kind_and_place_that_holds_today_is_shown(client, product):
    today = clock.today()
    make_region()
    found = make_subsidy("350500", title="泉州卷材补贴")
    make_subsidy("350500", title="门窗补贴", category_codes=["99"], category_names=["门窗"])
    make_subsidy("350500", title="过期补贴", until_on=today - datetime.timedelta(1))
    make_subsidy("330000", title="浙江补贴")
    block = where(client, product, "?place=350583")
    assert "泉州卷材补贴" in block
    assert "6 元每平方米" in block
    assert f'href="/regions/350000/subsidies/{found.rule_id}/"' in block
    for words in ("门窗补贴", "过期补贴", "浙江补贴"):
        assert words not in block


def test_a_rule_for_the_whole_group_or_for_everything_counts(client, product):
    make_subsidy(title="大类补贴", category_codes=["G3"], category_names=["防水密封及建筑涂料类"])
    make_subsidy(title="通用补贴", category_codes=[], category_names=[])
    block = where(client, product, "?place=350000")
    assert "大类补贴" in block
    assert "通用补贴" in block


def test_a_rule_for_a_part_of_the_place_is_named_apart(client, product):
    make_subsidy("350583", title="南安补贴")
    block = where(client, product, "?place=350500")
    assert "只在部分地区有效" in block
    assert "泉州市 南安市 6 元每平方米" in block
    assert 'class="subsidy"' not in block


def test_a_product_that_is_no_longer_listed_has_no_subsidy(client, product):
    make_subsidy(title="卷材补贴")
    act(product)
    block = where(client, product, "?place=350000")
    assert "卷材补贴" not in block
    assert "不在有效状态" in block


def test_nothing_holds_is_said_and_leads_to_the_region(client, product):
    block = where(client, product, "?place=350500")
    assert re.search(r"泉州市没有适用于防水卷材、今天有效的补贴规则", block)
    assert 'href="/regions/350000/"' in block


@pytest.mark.parametrize("place", ["350599", "abc"])
def test_a_place_that_is_none_is_told(client, product, place):
    assert f"「购买地区」没有「{place}」这个值" in where(client, product, f"?place={place}", 400)


def test_a_page_costs_the_same_with_one_shop_and_with_many(client, product):
    make_outlet(product.enterprise, "350583")
    make_subsidy()
    address = f"/products/{address_of(product)}/?place=350583"
    before = cost_of(client, address)
    for _ in range(6):
        make_outlet(product.enterprise, "350583")
        make_subsidy()
    assert cost_of(client, address) == before <= 28
