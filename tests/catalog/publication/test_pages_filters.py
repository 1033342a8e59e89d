"""The filters of the list and of the directory: what each lets in, what is said of it, and what nonsense gets."""

import re

import pytest

from catalog.publication.models import Batch, ProductLine
from tests.catalog.publication.stories import act, change, text_of
from tests.make import (
    make_category,
    make_certificate,
    make_division,
    make_enterprise,
    make_product,
    make_requirement,
    publish_products,
)
from tests.module_rows import laid_for_all

from .lists import names, read

pytestmark = pytest.mark.django_db


def _laid():
    """A certified product of 福建 on the national list, an uncertified one of 浙江 on 福建's."""
    zhejiang = make_division("330000", "浙江省")
    certified = make_product(name="甲产品", certificate=make_certificate(star="2"))
    local = make_product(
        name="乙产品",
        requirement=make_requirement(),
        certificate=None,
        category=make_category("210", "陶瓷砖", group_code="G2", group_name="装饰", house_part="wall"),
        enterprise=make_enterprise(name="乙企业", division=zhejiang),
    )
    publish_products(certified)
    publish_products(local, publisher="350000")
    return certified, local


two, two_of_the_module = laid_for_all("two", _laid)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("category=13", ["甲产品"]),
        ("category=G2", ["乙产品"]),
        ("category=G2&category=13", ["乙产品", "甲产品"]),
        ("part=wall", ["乙产品"]),
        ("star=2", ["甲产品"]),
        ("star=3", []),
        ("province=330000", ["乙产品"]),
        ("publisher=national", ["甲产品"]),
        ("publisher=350000", ["乙产品"]),
        ("basis=local", ["乙产品"]),
        ("basis=certificate", ["甲产品"]),
        ("q=甲产品", ["甲产品"]),
        ("star=2&province=330000", []),
    ],
)
def test_every_filter_lets_one_in_and_keeps_one_out(client, two, query, expected):
    assert names(read(client, f"/products/?{query}")) == expected


def test_the_batch_filter_knows_every_batch(client, two):
    first, second = Batch.objects.order_by("id").values_list("slug", flat=True)
    assert names(read(client, f"/products/?batch={first}")) == ["甲产品"]
    assert names(read(client, f"/products/?batch={second}")) == ["乙产品"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("province=330000", ["乙企业"]),
        ("publisher=350000", ["乙企业"]),
        ("basis=local", ["乙企业"]),
        ("category=G2", ["乙企业"]),
        ("category=210", ["乙企业"]),
        ("q=乙企", ["乙企业"]),
        ("star=1", []),
    ],
)
def test_the_directory_is_filtered_too(client, two, query, expected):
    assert names(read(client, f"/enterprises/?{query}")) == expected


def test_the_directory_by_star_counts_current_products_only(client, two):
    assert names(read(client, "/enterprises/?star=2")) == [two[0].enterprise.name]
    act(two[0])
    assert names(read(client, "/enterprises/?star=2")) == []


def test_a_facet_says_what_choosing_would_give(client, two):
    page = read(client, "/products/?star=2")
    assert re.search(r'value="2" checked><span>二星级</span><span class="n">1</span>', page)
    assert 'name="basis" value="local"' not in page
    assert re.search(r'name="basis" value="certificate"><span>[^<]+</span><span class="n">1</span>', page)


@pytest.mark.parametrize("address", ["/products/", "/enterprises/", "/products/export.csv"])
@pytest.mark.parametrize(
    "query",
    [
        "colour=red",
        "star=9",
        "category=nonsense",
        "province=999999",
        "batch=1999-1",
        "validity=maybe",
        "sort=random",
        "as_of=tomorrow",
        "edition=99",
        "star=3&star=9",
    ],
)
def test_nonsense_is_told_and_a_mended_address_offered(client, two, address, query):
    response = client.get(f"{address}?{query}&publisher=national")
    page = text_of(response)
    assert response.status_code == 400
    assert query.split("=")[-1] in page or query.split("=")[0] in page
    mended = re.search(r'<a class="btn" href="([^"]+)">', page)[1].replace("&amp;", "&")
    assert "publisher=national" in mended
    assert client.get(mended).status_code == 200


def test_a_chosen_filter_is_a_chip_that_takes_it_away(client, two):
    page = read(client, "/products/?q=产品&star=2&sort=name")
    chips = dict(re.findall(r'<a class="chip" href="([^"]+)"><span>([^<]+)</span>', page))
    assert set(chips.values()) == {"搜索「产品」", "二星级"}
    taken = next(href for href, label in chips.items() if label == "二星级").replace("&amp;", "&")
    assert "star" not in taken
    assert "q=" in taken
    assert "sort=name" in taken


def test_sharing_parameters_change_nothing(client):
    assert "2 项产品" in read(client, "/products/?from=timeline&isappinstalled=0&utm_source=x")


def test_a_form_that_was_left_half_empty_leads_to_the_address_without_its_empty_fields(client):
    publish_products()
    response = client.get("/products/?q=&star=3&sort=&fbclid=x")
    assert response.status_code == 302
    assert response["Location"] == "/products/?star=3"


def test_no_row_shows_a_product_number_twice_on_one_publishers_list(client, two):
    change(two[0], brand="新的")
    numbers = re.findall(r"清单编号 ([\d-]+)", read(client, "/products/?publisher=national&validity=all"))
    assert len(numbers) == len(set(numbers)) == 1
    assert ProductLine.objects.filter(number=numbers[0]).count() == 2
