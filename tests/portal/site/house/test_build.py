"""The house: a place chosen once, what is sold and subsidised there, amounts with their rule, and a list in an address."""

import re

import pytest

from portal.site.house.measures import House, amount_of
from tests.catalog.publication.stories import act, cost_of
from tests.make import (
    make_category,
    make_certificate,
    make_division,
    make_enterprise,
    make_product,
    make_subsidy,
    publish_products,
)

COUNTY = "350702"


@pytest.fixture
def village(settings, db):
    """A county where 防水涂料 of two stars is sold and subsidised, beside one that is sold elsewhere."""
    settings.PAGE_TOKEN_SECONDS = 0
    city = make_division("350700", "南平市", "prefecture", make_division())
    make_division(COUNTY, "延平区", "county", city)
    make_division("330000", "浙江省")
    kind = make_category("303", "防水涂料", house_part="roof")
    sold = make_product(
        name="两星的涂料",
        category=kind,
        enterprise=make_enterprise(sells_in="350700"),
        certificate=make_certificate(number="S-2", star="2"),
    )
    away = make_product(
        name="外省的涂料",
        category=kind,
        enterprise=make_enterprise(sells_in="330000"),
        certificate=make_certificate(number="S-3", star="3"),
    )
    publish_products(sold, away)
    make_subsidy(COUNTY, category_codes=["303"], category_names=["防水涂料"])
    for product in (sold, away):
        product.refresh_from_db()
    return sold, away


def text(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def number_of(client, name):
    found = re.search(rf'/products/(\d{{7}}-\d)/[^"]*">{name}', text(client, "/products/?category=303"))
    return found.group(1)


def chosen(client, at=COUNTY):
    return client.get(f"/place/keep/?at={at}&next=/build/")


def test_a_place_is_chosen_by_links_and_said_on_every_page(client, village):
    steps = [text(client, "/place/?next=/build/"), text(client, "/place/?at=350700&next=/build/")]
    assert "/place/?at=350000&amp;next=/build/" in steps[0]
    assert f"/place/keep/?at={COUNTY}&amp;next=/build/" in steps[1]
    before = text(client, "/")
    answer = chosen(client)
    assert (answer.status_code, answer.url) == (302, "/build/")
    assert answer.cookies["place"].value == COUNTY
    for page in ("/", "/products/", "/regions/", "/place/"):
        assert "您在<b>福建省 南平市 延平区</b>" in text(client, page)
    client.cookies.clear()
    assert text(client, "/") == before
    client.cookies["place"] = "999999"
    assert "您在<b>" not in text(client, "/")
    assert "没有代码是「999999」" in text(client, "/place/keep/?at=999999", 400)


def test_kept_pages_of_two_places_stay_apart(client, village):
    seen = {}
    for place in ("", COUNTY, "330000", "", COUNTY):
        client.cookies["place"] = place
        page = text(client, "/products/")
        assert seen.setdefault(place, page) == page
    assert len(set(seen.values())) == 3


def test_what_is_sold_and_subsidised_in_the_place_is_listed_and_the_rest_is_not(client, village):
    everywhere = text(client, "/build/")
    assert "两星的涂料" in everywhere
    assert "外省的涂料" in everywhere
    chosen(client)
    here = text(client, "/build/?part=roof")
    assert "两星的涂料" in here
    assert "外省的涂料" not in here
    assert "补贴 6 元每平方米" in here
    listed = text(client, f"/products/?category=303&place={COUNTY}&sort=star")
    assert f"/products/?category=303&amp;place={COUNTY}&amp;sort=star" in here
    assert "1 项产品</h2>" in listed
    assert "在延平区有售" in listed
    assert "没有「999999」这个值" in text(client, "/products/?place=999999", 400)


def test_two_stars_with_the_subsidy_of_the_place_in_three_taps(client, village):
    chosen(client)
    found = text(client, "/products/?q=二星 防水涂料")
    (href,) = set(re.findall(r'class="name" href="(/products/\d{7}-\d/)[^"]*"', found))
    product = text(client, href)
    assert "<b>6 元每平方米</b>" in product
    assert "可以申领" in product


def test_amounts_say_their_rule_with_its_numbers():
    house = House(12, 9, 2, 14, 6)
    rolled = amount_of("302", house)
    assert (rolled.number, rolled.unit) == (155, "平方米")
    assert rolled.how == "长 12 × 宽 9 × 坡屋面 1.25 × 搭接 1.15 = 155.25，取 155。"
    assert amount_of("303", house).words == "135 m²"
    assert amount_of("104", house).number == 2 * 21 * 3 * 2 - 2 * 20
    assert amount_of("104", House(1, 1, 1, 99, 99)).number == 0
    assert [amount_of(code, house).words for code in ("201", "206", "403")] == ["14 樘", "6 樘", "60 m"]
    assert amount_of("603", house) is None


@pytest.mark.parametrize(
    "query",
    [
        "long=0",
        "long=abc",
        "wide=100",
        "floors=-1",
        "item=1",
        "part=cellar",
        "place=999999",
        "since=99",
        "edition=1&since=2",
    ],
)
def test_nonsense_is_refused_in_words(client, village, query):
    page = text(client, f"/build/?{query}", 400)
    assert re.search("请填|没有「|不是清单编号|没有代码|还没有公布|版之后", page)


def test_a_list_is_shared_by_its_address_and_says_later_what_is_different(client, village):
    sold, _away = village
    chosen(client)
    number = number_of(client, "两星的涂料")
    more = re.search(rf'href="(/build/\?[^"]*item={number}[^"]*)#mine"', text(client, "/build/")).group(1)
    address = more.replace("&amp;", "&")
    assert f"place={COUNTY}" in address
    assert "since=" in address
    client.cookies.clear()
    shared = text(client, address)
    assert "延平区" in shared
    printed = re.search(r"后来的变化：(\S+?)</span>", shared).group(1).replace("&amp;", "&")
    assert text(client, printed.partition("/build/")[1] + printed.partition("/build/")[2]) == shared
    assert "补贴约 810 元" in shared
    assert "项已变" not in shared
    act(sold)
    later = text(client, address)
    assert "1 项中有 1 项已变" in later
    assert re.search(r"状态：\S+ → 已?移出", later)
    assert "补贴：6 元每平方米 → 无" in later


def test_a_part_costs_as_many_questions_with_one_product_as_with_many(client, village):
    chosen(client)
    before = cost_of(client, "/build/")
    kind, maker = village[0].category, village[0].enterprise
    publish_products(*(make_product(name=f"又一种{n}", category=kind, enterprise=maker) for n in range(8)))
    assert cost_of(client, "/build/") == before
