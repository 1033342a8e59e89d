"""Platforms and shops for tests, published as two persons would."""

import datetime

from events.online.models import Platform, PlatformVersion, Shop, ShopVersion
from portal.core.editions import clock
from portal.core.text.numbers import format_number
from portal.core.workflow import versions
from tests.make import make_product, make_user, publish_products

HOSTS = ["item.jd.com", "mall.jd.com"]


def published(version):
    version.save()
    version = versions.submit(version, by=version.created_by)
    return versions.publish(version, by=make_user("reviewer"))


def make_platform(slug: str = "jd", **changes) -> Platform:
    known = Platform.objects.filter(slug=slug).first()
    platform = known or Platform.objects.create(slug=slug)
    draft = versions.new_version(PlatformVersion, platform, by=make_user("editor"))
    values = {"slug": slug, "name": "京东", "hosts": HOSTS, "source": "测试"} | changes
    for name, value in values.items():
        setattr(draft, name, value)
    published(draft)
    return platform


def make_shop(
    target, *, platform: Platform | None = None, url: str = "", publish_on: datetime.date | None = None
) -> Shop:
    """Of a product or of an enterprise; a second call for the same target is a correction."""
    platform = platform or Platform.objects.first() or make_platform()
    is_product = hasattr(target, "enterprise")
    if is_product:
        target.refresh_from_db()
    shop, _is_new = Shop.objects.get_or_create(
        platform=platform,
        enterprise=target.enterprise if is_product else target,
        product=target if is_product else None,
    )
    draft = versions.new_version(ShopVersion, shop, by=make_user("editor"))
    draft.platform_slug = platform.slug
    draft.target = format_number(target.serial) if is_product else target.uscc
    draft.title = "示例旗舰店"
    draft.url = url or (
        f"https://item.jd.com/{shop.pk}.html" if is_product else f"https://mall.jd.com/{shop.pk}"
    )
    draft.publish_on = publish_on
    if publish_on is not None and publish_on <= clock.today():
        draft.publish_on = None
    published(draft)
    return shop


def withdraw(shop: Shop) -> ShopVersion:
    return versions.withdraw(ShopVersion, shop, by=make_user("reviewer"), reason="店铺已关")


def listed(**changes):
    product = make_product(**changes)
    publish_products(product)
    product.refresh_from_db()
    return product


def sold(**changes):
    product = listed(**changes)
    return product, make_shop(product)


def number_of(product) -> str:
    return product.lines.latest("pk").number


def read(client, query: str = "") -> dict:
    response = client.get(f"/online/jd.json{query}")
    assert response.status_code == 200, response.content.decode()
    return response.json()
