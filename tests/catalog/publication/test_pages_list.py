"""The product list and the enterprise directory as the public reads them."""

import re
from datetime import timedelta

import pytest

from catalog.publication.models import Action
from catalog.publication.publishing import holds
from portal.core.editions import clock
from tests.catalog.publication.stories import act, announce, change, cost_of, newest, on
from tests.make import make_certificate, make_enterprise, make_product, make_user, publish_products

from .lists import names, read

pytestmark = pytest.mark.django_db


def test_a_list_shows_what_is_public_and_nothing_else(client):
    publish_products(make_product(name="已公布"))
    make_product(name="仅在后台")
    announce(make_product(name="公示中"))
    page = read(client, "/products/")
    assert names(page) == ["已公布"]
    assert "1 项产品" in page


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


@pytest.mark.parametrize("address", ["/products/", "/enterprises/"])
def test_a_list_costs_the_same_for_one_row_and_for_many(client, address):
    publish_products(*(make_product() for _ in range(2)))
    before = cost_of(client, f"{address}?q=示例&sort=name")
    publish_products(*(make_product() for _ in range(20)))
    assert cost_of(client, f"{address}?q=示例&sort=name") == before <= 25


def test_a_list_is_read_only(client):
    assert client.post("/products/").status_code == 405
