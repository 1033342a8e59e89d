"""What the registers show on the page of a region; every figure is the number of the rows it leads to."""

import re
from html import unescape

import pytest

from portal.core.pages import cache
from tests.catalog.publication.stories import act
from tests.make import (
    make_category,
    make_division,
    make_enterprise,
    make_product,
    make_region,
    make_requirement,
    publish_products,
)
from tests.module_rows import laid_for_all

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_pages(settings):
    settings.PAGE_TOKEN_SECONDS = 0
    cache.clear()


def _laid():
    """Two national products of 福建 and one of 浙江; of the first also a local list, with one uncertified product."""
    make_region()
    there = make_enterprise()
    certified = make_product(enterprise=there, name="福建卷材")
    other = make_product(
        enterprise=make_enterprise(),
        category=make_category("401", "门窗", group_code="G4", group_name="门窗类"),
    )
    elsewhere = make_product(enterprise=make_enterprise(division=make_division("330000", "浙江省")))
    publish_products(certified, other, elsewhere)
    local = make_product(enterprise=there, name="夯土砂浆", requirement=make_requirement(), certificate=None)
    publish_products(certified, local, publisher="350000")
    return [certified, other, elsewhere, local]


lists, lists_of_the_module = laid_for_all("lists", _laid)


def read(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def figures(page: str) -> dict[str, tuple[str, str]]:
    """label: (number, address)."""
    found = re.findall(r'<a href="([^"]+)"><b>([\d,]+)<i>.</i></b><span>([^<]+)</span>', page)
    return {label: (number, unescape(href)) for href, number, label in found}


def rows_at(client, address: str) -> int:
    (number,) = re.findall(r'id="res-h">([\d,]+)', read(client, address))
    return int(number.replace(",", ""))


def test_every_figure_is_the_number_of_the_rows_it_leads_to(client, lists):
    found = figures(read(client, "/regions/350000/"))
    numbers = {label: number for label, (number, _href) in found.items()}
    assert (numbers["当地产品"], numbers["地方清单"], numbers["名录企业"]) == ("2", "2", "2")
    for label in ("当地产品", "地方清单", "名录企业"):
        number, href = found[label]
        assert rows_at(client, href) == int(number), label


def test_uncertified_products_of_a_local_list_are_said_and_marked(client, lists):
    page = read(client, "/regions/350000/")
    assert "其中未经认证 1 项" in page
    assert "地方清单·未经认证" in page
    assert "福建省乡村建设用材技术要求" in page


def test_national_products_are_counted_by_group_and_lead_to_the_list(client, lists):
    page = unescape(read(client, "/regions/350000/"))
    section = page[page.index("国家清单上的当地产品") :]
    assert re.search(
        r'category=G3&province=350000&publisher=national">防水密封及建筑涂料类</a><span class="num">1 项',
        section,
    )
    assert re.search(
        r'category=G4&province=350000&publisher=national">门窗类</a><span class="num">1 项', section
    )


def test_the_years_figures_lead_to_the_batches_of_the_year(client, lists):
    found = figures(read(client, "/regions/350000/"))
    number, href = found["年内列入"]
    assert rows_at(client, href) == int(number) == 3  # one of them is on both lists
    number, href = found["地方批次"]
    assert number == "1"
    page = read(client, href)
    assert page.count('class="name" href="/batches/') == 1


def test_what_is_removed_is_not_counted_and_said(client, lists):
    act(lists[0])
    cache.clear()
    page = read(client, "/regions/350000/")
    assert figures(page)["当地产品"][0] == "1"
    assert "另有 1 项不再有效" in page


def test_another_region_shows_its_own(client, lists):
    make_region("330000", "浙江省")
    page = read(client, "/regions/330000/")
    assert figures(page)["当地产品"][0] == "1"
    assert "福建卷材" not in page
    assert "浙江省还没有在本平台公布地方清单" in page


def test_a_region_without_anything_has_noughts_and_no_empty_table(client):
    make_region("370000", "山东省")
    page = read(client, "/regions/370000/")
    assert figures(page)["当地产品"][0] == "0"
    assert "国家清单上的当地产品" not in page


def test_the_lists_are_those_of_the_edition_read(client, lists):
    page = read(client, "/regions/350000/?edition=2")
    assert figures(page)["当地产品"][0] == "2"
    assert figures(page)["地方清单"][0] == "0"
    assert "edition=2" in figures(page)["当地产品"][1]


def test_the_year_of_the_list_of_batches_is_a_filter(client, lists):
    assert "2 批" in read(client, "/batches/")
    assert "还没有批次" in read(client, "/batches/?year=1999")
    assert client.get("/batches/?year=abcd").status_code == 400
