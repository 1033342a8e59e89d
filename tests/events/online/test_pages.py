"""The online page, the blocks on other pages and the leaving page: only what is current and certified, on that day."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.publication.models import Action
from catalog.publication.publishing.holds import set_hold
from events.online.models import PlatformVersion, Shop
from portal.core.editions import clock
from portal.core.pages.cache import clear
from portal.core.workflow import versions
from tests.catalog.publication.stories import act, change_certificate, newest, on
from tests.make import (
    make_category,
    make_certificate,
    make_enterprise,
    make_product,
    make_requirement,
    make_user,
    publish_products,
)

from .shops import make_platform, make_shop, withdraw

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def platform():
    return make_platform()


def listed(**changes):
    product = make_product(**changes)
    publish_products(product)
    product.refresh_from_db()
    return product


def page_text(client, address: str = "/online/") -> str:
    response = client.get(address)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def leaving(client, shop, status: int = 200) -> str:
    response = client.get(f"/online/go/{shop.pk}/")
    assert response.status_code == status
    return response.content.decode()


def test_a_current_certified_product_with_a_shop_is_shown_and_one_without_is_not(client):
    shown, other = listed(), listed()
    shop = make_shop(shown)
    text = page_text(client)
    assert shown.name in text
    assert other.name not in text
    assert f'href="/online/go/{shop.pk}/"' in text
    assert "item.jd.com" not in text  # the way leads over the leaving page


def test_the_shop_of_an_enterprise_stands_with_all_its_certified_products(client):
    maker = make_enterprise()
    products = [make_product(enterprise=maker), make_product(enterprise=maker)]
    publish_products(*products)
    shop = make_shop(maker)
    own = make_shop(products[0])
    text = page_text(client)
    assert all(product.name in text for product in products)
    assert text.count(f'href="/online/go/{shop.pk}/"') == 1  # the other one has a page of its own
    assert text.count(f'href="/online/go/{own.pk}/"') == 1
    assert "这是企业的店铺" in leaving(client, shop)
    assert "这是企业的店铺" not in leaving(client, own)


def test_a_local_uncertified_product_is_never_shown(client):
    maker = make_enterprise()
    product = make_product(enterprise=maker, requirement=make_requirement())
    publish_products(product, publisher="350000")
    product.refresh_from_db()
    shops = make_shop(maker), make_shop(product)
    assert product.name not in page_text(client)
    for shop in shops:
        assert leaving(client, shop, 410)


def test_the_leaving_page_names_the_host_and_who_sells(client):
    shop = make_shop(listed(), url="https://item.jd.com/100.html")
    text = leaving(client, shop)
    assert "您将离开本站" in text
    assert "item.jd.com" in text
    assert "不是本站销售" in text
    assert 'href="https://item.jd.com/100.html" rel="noopener noreferrer nofollow external"' in text


@pytest.mark.parametrize(
    "address", ["/online/go/1/?next=https://evil.com", "/online/go/1/?url=https://evil.com"]
)
def test_the_leaving_page_takes_no_address_from_anybody(client, address):
    shop = make_shop(listed())
    response = client.get(address.replace("/1/", f"/{shop.pk}/"))
    assert response.status_code == 400
    assert client.get("/online/go/99999/").status_code == 404


def test_a_draft_link_is_nowhere(client):
    shop = Shop.objects.create(platform=make_shop(listed()).platform, enterprise=make_enterprise())
    assert client.get(f"/online/go/{shop.pk}/").status_code == 404


@pytest.mark.parametrize(
    "end", ["removed", "suspended", "held", "revoked", "expired", "withdrawn", "host", "platform"]
)
def test_links_and_rows_end_with_what_they_rest_on(client, end, platform):
    certificate = make_certificate(valid_until=clock.today() + datetime.timedelta(days=2))
    product, other = listed(certificate=certificate), listed()
    shop = make_shop(product)
    make_shop(other, url="https://mall.jd.com/2.html")
    number = product.lines.latest("pk").number
    assert f"/online/go/{shop.pk}/" in page_text(client, f"/products/{number}/")
    days = 0
    if end in ("removed", "suspended"):
        act(product, Action.REMOVE if end == "removed" else Action.SUSPEND)
    elif end == "held":
        set_hold(product, by=make_user("publisher"), reason="核查")
    elif end == "revoked":
        change_certificate(certificate, status="revoked", status_on=clock.today())
    elif end == "expired":
        days = 3
    elif end == "withdrawn":
        withdraw(shop)
    elif end == "host":
        make_platform(hosts=["mall.jd.com"], change_note="收窄")
    else:
        versions.withdraw(PlatformVersion, platform, by=make_user("reviewer"), reason="停止合作")
    with on(days):
        text = page_text(client)
        assert product.name not in text
        assert (other.name in text) == (end != "platform")
        assert "链接已经停止" in leaving(client, shop, 410)
        assert f"/online/go/{shop.pk}/" not in page_text(client, f"/products/{number}/")


def test_the_last_day_of_a_certificate_is_inclusive(client):
    product = listed(certificate=make_certificate(valid_until=clock.today() + datetime.timedelta(days=2)))
    make_shop(product)
    with on(2):
        assert product.name in page_text(client)
    with on(3):
        assert product.name not in page_text(client)


def test_a_link_that_waits_for_a_day_begins_with_it(client):
    product = listed()
    shop = make_shop(product, publish_on=clock.today() + datetime.timedelta(days=2))
    assert product.name not in page_text(client)
    assert client.get(f"/online/go/{shop.pk}/").status_code == 404
    with on(2):
        assert product.name in page_text(client)


def test_a_past_page_shows_what_was_listed_without_a_way_to_buy(client):
    product = listed()
    make_shop(product)
    edition = newest()
    act(product)
    past = page_text(client, f"/online/?edition={edition}")
    assert product.name in past
    assert "/online/go/" not in past
    assert product.name not in page_text(client)


def test_the_page_is_filtered_by_category_and_platform_and_tells_nonsense(client):
    tiles = make_category("21", "陶瓷砖")
    first, second = listed(), listed(category=tiles)
    make_shop(first)
    other = make_platform("demo", name="示例商城", hosts=["mall.example.com"])
    make_shop(second, platform=other, url="https://mall.example.com/1")
    for query, inside, outside in (("category=21", second, first), ("platform=jd", first, second)):
        text = page_text(client, f"/online/?{query}")
        assert inside.name in text
        assert outside.name not in text
    for nonsense in ("category=zz", "platform=zz", "colour=red", "page=9"):
        assert client.get(f"/online/?{nonsense}").status_code == 400


def test_the_page_asks_the_same_number_of_questions_however_long_it_is(client):
    maker = make_enterprise()
    publish_products(*(make_product(enterprise=maker) for _ in range(2)))
    make_shop(maker)
    client.get("/online/")

    def questions():
        with CaptureQueriesContext(connection) as asked:
            client.get("/online/")
        return len(asked)

    clear()
    few = questions()
    publish_products(*(make_product(enterprise=maker) for _ in range(15)))
    client.get("/online/?page=1")
    clear()
    assert questions() == few


def test_the_enterprise_page_shows_its_own_shop_as_long_as_it_has_a_current_product(client):
    product = listed()
    shop = make_shop(product.enterprise)
    address = f"/enterprises/{product.enterprise.uscc}/"
    assert f"/online/go/{shop.pk}/" in page_text(client, address)
    act(product)
    assert f"/online/go/{shop.pk}/" not in page_text(client, address)
