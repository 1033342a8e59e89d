"""The product list and the enterprise directory as the public reads them."""

import re
from datetime import timedelta

import pytest

from catalog.publication.models import Action, Batch, ProductLine
from catalog.publication.publishing import holds
from portal.core.editions import clock
from tests.catalog.publication.stories import act, announce, change, cost_of, newest, on, text_of
from tests.make import (
    make_category,
    make_certificate,
    make_division,
    make_enterprise,
    make_product,
    make_requirement,
    make_user,
    publish_products,
)

pytestmark = pytest.mark.django_db


def read(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, text_of(response)[:2000]
    return text_of(response)


def names(page: str) -> list[str]:
    """Names of the rows, marks of hits taken out."""
    found = re.findall(r'<a class="name" href="[^"]+">(.*?)</a>', page)
    return [re.sub(r"</?mark>", "", name) for name in found]


@pytest.fixture
def two():
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


def test_a_list_shows_what_is_public_and_nothing_else(client):
    publish_products(make_product(name="已公布"))
    make_product(name="仅在后台")
    announce(make_product(name="公示中"))
    page = read(client, "/products/")
    assert names(page) == ["已公布"]
    assert "1 项产品" in page


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


def test_what_is_left_out_is_said_and_opens(client):
    kept, removed, suspended = (make_product(name=name) for name in ("留下的", "移出的", "暂停的"))
    expired = make_product(
        name="过期的", certificate=make_certificate(valid_until=clock.today() + timedelta(days=2))
    )
    publish_products(kept, removed, suspended, expired)
    act(removed)
    act(suspended, Action.SUSPEND)
    with on(3):
        page = read(client, "/products/")
        assert names(page) == ["留下的"]
        assert "未列出 3 项" in page
        for words in ("过期 1 项", "暂停 1 项", "已移出 1 项"):
            assert words in page
        assert set(names(read(client, "/products/?validity=all"))) == {"留下的", "移出的", "暂停的", "过期的"}
        assert names(read(client, "/products/?validity=expired")) == ["过期的"]
        assert names(read(client, "/products/?validity=removed")) == ["移出的"]


def test_one_press_takes_an_enterprises_products_off_the_list_and_exports(client):
    maker = make_enterprise()
    publish_products(*(make_product(enterprise=maker) for _ in range(3)), make_product(name="别家的"))
    hold = holds.set_hold(maker, by=make_user("publisher"), reason="收到举报")
    page = read(client, "/products/")
    assert names(page) == ["别家的"]
    assert "核查中 3 项" in page
    export = b"".join(client.get("/products/export.jsonl")).decode()
    assert export.count("\n") == 1
    assert maker.name not in names(read(client, "/enterprises/"))
    assert len(names(read(client, "/products/?validity=checking"))) == 3
    with on((hold.until_on - clock.today()).days + 1):
        assert len(names(read(client, "/products/"))) == 4


def test_the_last_day_is_listed_and_midnight_in_shanghai_ends_it(client):
    publish_products(
        make_product(certificate=make_certificate(valid_until=clock.today() + timedelta(days=1)))
    )
    with on(1):
        assert "1 项产品" in read(client, "/products/")
    with on(2):
        assert "0 项产品" in read(client, "/products/")


def test_paging_keeps_the_question(client):
    publish_products(*(make_product(name=f"第{number}号") for number in range(25)))
    first = read(client, "/products/?sort=name&star=3")
    assert len(names(first)) == 20
    assert "第 1 至 20 项，共 25 项" in first
    following = re.search(r'<a href="([^"]+)" rel="next">', first)[1].replace("&amp;", "&")
    assert following == "/products/?star=3&sort=name&page=2"
    second = read(client, following)
    assert len(names(second)) == 5
    assert not set(names(first)) & set(names(second))


@pytest.mark.parametrize("page", ["0", "3", "x"])
def test_a_page_that_does_not_exist_is_told(client, page):
    publish_products(*(make_product() for _ in range(25)))
    assert client.get(f"/products/?page={page}").status_code == 400


def test_rows_come_in_the_order_asked(client):
    days = [clock.today() + timedelta(days=days) for days in (300, 100, 200)]
    publish_products(
        *(
            make_product(name=name, certificate=make_certificate(star=star, valid_until=day))
            for name, star, day in zip(["陶瓷砖", "保温板", "防水卷材"], "231", days, strict=True)
        )
    )
    assert names(read(client, "/products/")) == ["防水卷材", "保温板", "陶瓷砖"]
    assert names(read(client, "/products/?sort=name")) == ["保温板", "防水卷材", "陶瓷砖"]
    assert names(read(client, "/products/?sort=star")) == ["保温板", "陶瓷砖", "防水卷材"]
    assert names(read(client, "/products/?sort=end")) == ["保温板", "防水卷材", "陶瓷砖"]


@pytest.mark.parametrize("words", ["防水", "fangshui", "zzfs"])
def test_a_hit_is_marked(client, words):
    publish_products(make_product(name="自粘防水卷材"))
    page = read(client, f"/products/?q={words}")
    assert re.search(r"<mark>[自粘]*防水</mark>", page)
    assert f'value="{words}"' in page


def test_words_that_find_nothing_get_advice(client):
    publish_products()
    page = read(client, "/products/?q=不存在的东西&star=3")
    assert "没有符合的产品" in page
    assert "去掉「三星级」" in page
    assert "/check/?number=" in page


def test_words_with_markup_are_only_words(client):
    publish_products()
    page = read(client, "/products/?q=<script>alert(1)</script>")
    assert "<script>alert" not in page


def test_a_past_day_shows_what_was_public_then_with_a_banner(client):
    product = make_product(name="老名字")
    with on(-3):
        publish_products(product)
    with on(-1):
        change(product, name="新名字")
    before = clock.today() - timedelta(days=2)
    page = read(client, f"/products/?as_of={before}")
    assert names(page) == ["老名字"]
    assert "您看到的是" in page
    assert f"?as_of={before}" in re.search(r'<a class="name" href="([^"]+)"', page)[1]
    assert names(read(client, "/products/")) == ["新名字"]
    assert "当时还没有公布任何内容" in read(client, f"/products/?as_of={clock.today() - timedelta(days=9)}")


def test_a_cited_address_gives_the_same_rows_for_ever(client):
    product = make_product(name="引用时的名字", certificate=make_certificate(valid_until=clock.today()))
    publish_products(product)
    cited = re.search(r'<a href="([^"]+)">引用本页</a>', read(client, "/products/"))[1].replace("&amp;", "&")
    then = names(read(client, cited))
    act(product)
    with on(30):
        publish_products()
        page = read(client, cited)
        assert names(page) == then == ["引用时的名字"]
        assert 'name="edition"' in page  # a further filter stays in the cited edition


def test_two_batches_of_one_day_are_two_editions(client):
    publish_products(make_product(name="上午的"))
    morning = newest()
    publish_products(make_product(name="下午的"))
    assert names(read(client, f"/products/?edition={morning}")) == ["上午的"]
    assert names(read(client, f"/products/?edition={newest()}")) == ["下午的", "上午的"]
    assert len(names(read(client, f"/products/?as_of={clock.today()}"))) == 2


def test_sharing_parameters_change_nothing(client):
    publish_products()
    assert "1 项产品" in read(client, "/products/?from=timeline&isappinstalled=0&utm_source=x")


def test_a_form_that_was_left_half_empty_leads_to_the_address_without_its_empty_fields(client):
    publish_products()
    response = client.get("/products/?q=&star=3&sort=&fbclid=x")
    assert response.status_code == 302
    assert response["Location"] == "/products/?star=3"


@pytest.mark.parametrize("address", ["/products/", "/enterprises/"])
def test_a_list_costs_the_same_for_one_row_and_for_many(client, address):
    publish_products(*(make_product() for _ in range(2)))
    before = cost_of(client, f"{address}?q=示例&sort=name")
    publish_products(*(make_product() for _ in range(20)))
    assert cost_of(client, f"{address}?q=示例&sort=name") == before <= 25


def test_a_list_is_read_only(client):
    assert client.post("/products/").status_code == 405


def test_no_row_shows_a_product_number_twice_on_one_publishers_list(client, two):
    change(two[0], brand="新的")
    numbers = re.findall(r"清单编号 ([\d-]+)", read(client, "/products/?publisher=national&validity=all"))
    assert len(numbers) == len(set(numbers)) == 1
    assert ProductLine.objects.filter(number=numbers[0]).count() == 2
