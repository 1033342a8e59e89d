"""The online platform of the demonstration: fictitious, under a host that never leads anywhere (RFC 2606)."""

from catalog.products.models import Product
from events.online.models import Platform, PlatformVersion, Shop, ShopVersion
from portal.core.text.numbers import format_number

from .people import People
from .published import published

HOST = "mall.example.com"


def open_platform(people: People) -> Platform:
    platform = Platform.objects.create(slug="demo")
    values = {
        "slug": "demo",
        "name": "示例商城",
        "hosts": [HOST],
        "entrance": f"https://{HOST}/green",
        "about": "演示数据，并无此平台",
        "source": "演示数据，虚构",
    }
    published(people, PlatformVersion, platform, values)
    return platform


def open_shop(people: People, platform: Platform, product: Product) -> None:
    number = format_number(product.serial or 0)
    shop = Shop.objects.create(platform=platform, enterprise=product.enterprise, product=product)
    values = {
        "platform_slug": platform.slug,
        "target": number,
        "title": f"{product.name}（演示）",
        "url": f"https://{HOST}/item/{number}",
    }
    published(people, ShopVersion, shop, values)
