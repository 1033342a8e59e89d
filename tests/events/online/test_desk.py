"""Platforms and shops at the desk: written as drafts, published by a second person, only with allowed hosts."""

import pytest

from events.online.models import Platform, PlatformVersion, ShopVersion
from portal.core.editions.models import Edition
from tests.make import make_product, make_user, publish_products

from .shops import make_platform

pytestmark = pytest.mark.django_db
SHOPS = "/admin/online/shopversion/"
PLATFORMS = "/admin/online/platformversion/"


def sign_in(client, *roles):
    client.force_login(make_user(*roles))


def listed():
    product = make_product()
    publish_products(product)
    product.refresh_from_db()
    return product, product.lines.get().number


def shop_form(platform, target, **changes):
    words = {
        "platform": platform.pk,
        "target_code": target,
        "title": "示例旗舰店",
        "url": "https://item.jd.com/100.html",
        "publish_on": "",
        "change_note": "",
        "_save": "1",
    }
    return words | changes


def test_a_shop_goes_public_through_two_persons(client):
    platform, (product, number) = make_platform(), listed()
    sign_in(client, "editor")
    before = Edition.objects.count()
    assert client.post(f"{SHOPS}add/", shop_form(platform, number)).status_code == 302
    version = ShopVersion.objects.get()
    assert (version.target, version.platform_slug, version.shop.product) == (number, "jd", product)
    assert client.post(f"{SHOPS}{version.pk}/submit/", {}).status_code == 302
    assert client.post(f"{SHOPS}{version.pk}/publish/", {}).status_code == 403
    assert product.name not in client.get("/online/").content.decode()
    assert Edition.objects.count() == before
    sign_in(client, "reviewer")
    assert client.post(f"{SHOPS}{version.pk}/publish/", {}).status_code == 302
    client.logout()
    assert product.name in client.get("/online/").content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"url": "https://evil.com/"}, "不在平台允许的主机里"),
        ({"url": "http://item.jd.com/"}, "须以 https:// 开头"),
        ({"url": "javascript:alert(1)"}, "须以 https:// 开头"),
        ({"target_code": "0000999-9"}, "没有清单编号或信用代码为"),
        ({"target_code": "\x00"}, "这个字段是必填项"),
        ({"title": ""}, "这个字段是必填项"),
    ],
)
def test_a_shop_that_may_not_be_is_told(client, changes, sentence):
    platform, (_product, number) = make_platform(), listed()
    sign_in(client, "editor")
    response = client.post(f"{SHOPS}add/", shop_form(platform, number, **changes))
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert not ShopVersion.objects.exists()


def test_one_product_has_one_link_on_a_platform(client):
    platform, (_product, number) = make_platform(), listed()
    sign_in(client, "editor")
    client.post(f"{SHOPS}add/", shop_form(platform, number))
    response = client.post(f"{SHOPS}add/", shop_form(platform, number))
    assert "已有链接" in response.content.decode()
    assert ShopVersion.objects.count() == 1


def test_a_host_that_was_taken_away_in_between_stops_the_publication(client):
    platform, (_product, number) = make_platform(), listed()
    sign_in(client, "editor")
    client.post(f"{SHOPS}add/", shop_form(platform, number))
    version = ShopVersion.objects.get()
    client.post(f"{SHOPS}{version.pk}/submit/", {})
    make_platform(hosts=["mall.jd.com"], change_note="收窄")
    sign_in(client, "reviewer")
    response = client.post(f"{SHOPS}{version.pk}/publish/", {})
    assert response.status_code == 409
    assert "不在平台允许的主机里" in response.content.decode()


def test_a_draft_is_edited_without_changing_what_it_is_the_link_of(client):
    platform, (_product, number) = make_platform(), listed()
    sign_in(client, "editor")
    client.post(f"{SHOPS}add/", shop_form(platform, number))
    version = ShopVersion.objects.get()
    page = client.get(f"{SHOPS}{version.pk}/change/").content.decode()
    assert "target_code" not in page
    words = shop_form(platform, "ignored", url="https://item.jd.com/200.html")
    assert client.post(f"{SHOPS}{version.pk}/change/", words).status_code == 302
    version.refresh_from_db()
    assert (version.url, version.target) == ("https://item.jd.com/200.html", number)


def test_a_link_of_what_is_not_listed_asks_for_a_reason(client):
    platform, product = make_platform(), make_product()
    sign_in(client, "editor")
    client.post(f"{SHOPS}add/", shop_form(platform, product.enterprise.uscc))
    version = ShopVersion.objects.get()
    assert client.post(f"{SHOPS}{version.pk}/submit/", {}).status_code == 409
    assert client.post(f"{SHOPS}{version.pk}/submit/", {"reason": "随批次列入"}).status_code == 302


def platform_form(**changes):
    words = {
        "new_slug": "demo",
        "name": "示例商城",
        "operator": "",
        "hosts": "Mall.Example.com、item.example.com",
        "about": "",
        "source": "测试",
        "publish_on": "",
        "change_note": "",
        "_save": "1",
    }
    return words | changes


def test_a_platform_names_its_hosts_and_is_published_by_a_second_person(client):
    sign_in(client, "editor")
    assert client.post(f"{PLATFORMS}add/", platform_form()).status_code == 302
    version = PlatformVersion.objects.get()
    assert (version.slug, version.hosts) == ("demo", ["mall.example.com", "item.example.com"])
    client.post(f"{PLATFORMS}{version.pk}/submit/", {})
    assert client.get("/online/demo.json").status_code == 404
    sign_in(client, "reviewer")
    client.post(f"{PLATFORMS}{version.pk}/publish/", {})
    assert client.get("/online/demo.json").status_code == 200
    sign_in(client, "editor")
    client.post(f"{PLATFORMS}{version.pk}/correct/", {})
    draft = PlatformVersion.objects.latest("pk")
    assert (draft.slug, draft.state) == ("demo", "draft")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"hosts": "*.example.com"}, "不是主机名"),
        ({"hosts": ""}, "必填项"),
        ({"new_slug": "jd"}, "已有这个地址名的平台"),
    ],
)
def test_a_platform_that_may_not_be_is_told(client, changes, sentence):
    make_platform()
    sign_in(client, "editor")
    response = client.post(f"{PLATFORMS}add/", platform_form(**changes))
    assert sentence in response.content.decode()
    assert Platform.objects.count() == 1
