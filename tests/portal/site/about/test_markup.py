"""What robots, archives, search engines and those who find a hole are told."""

import json
import re

import pytest

from portal.core.editions import clock
from portal.core.pages import cache
from portal.site.about import sitemap
from tests.make import make_product, publish_products

pytestmark = pytest.mark.django_db


def test_archives_may_keep_what_can_be_cited(client):
    text = client.get("/robots.txt").content.decode()
    archives, others = text.split("\n\n")
    assert "ia_archiver" in archives
    assert "edition=" not in archives
    assert "Disallow: /*?*edition=" in others


def test_the_map_has_the_day_of_the_last_change_and_no_private_page(client, settings):
    settings.SITE_URL = "https://portal.example.cn"
    publish_products(make_product())
    text = client.get("/sitemap.xml").content.decode()
    assert re.search(rf"/products/[0-9-]+/</loc><lastmod>{clock.today()}</lastmod>", text)
    assert "/batches/" in text
    assert "/desk/" not in text
    assert "/accounts/" not in text


def test_more_addresses_than_one_file_may_have_stand_in_several(client, settings, monkeypatch):
    settings.PAGE_TOKEN_SECONDS = 0
    publish_products(*(make_product() for _ in range(5)))

    def named(address: str) -> list[str]:
        answer = client.get(address)
        assert answer.status_code == 200, address
        return re.findall(r"<loc>http://[^/]+([^<]+)</loc>", answer.content.decode())

    whole = named("/sitemap.xml")
    lines = [path for path in whole if re.match(r"/(products|enterprises)/.", path)]
    assert len(lines) == 10
    monkeypatch.setattr(sitemap, "MOST", len(whole) - 1)
    publish_products()  # another edition: what is kept is over
    index = named("/sitemap.xml")
    assert index == [f"/sitemap-{number}.xml" for number in (1, 2, 3)]
    assert "<sitemapindex" in client.get("/sitemap.xml").content.decode()
    monkeypatch.setattr(sitemap, "MOST", 4)
    publish_products()
    index = named("/sitemap.xml")
    assert len(index) == 1 + 2 + 2  # seven of either register by now
    told = [path for address in index[1:] for path in named(address)]
    assert (len(told), len(set(told)), set(lines) <= set(told)) == (14, 14, True)
    assert client.get(f"/sitemap-{len(index) + 1}.xml").status_code == 404


def test_programs_find_the_icon_and_whom_to_tell_of_a_hole(client, settings):
    assert client.get("/favicon.ico")["Location"].endswith("favicon.ico")
    assert client.get("/.well-known/security.txt").status_code == 404
    cache.clear()
    settings.SECURITY_CONTACT = "mailto:security@example.cn"
    lines = client.get("/.well-known/security.txt").content.decode().splitlines()
    assert lines[0] == "Contact: mailto:security@example.cn"
    assert re.fullmatch(r"Expires: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", lines[1])


@pytest.mark.parametrize("path", ["/products/", "/enterprises/", "/batches/{batch}/", "/enterprises/{uscc}/"])
def test_search_engines_are_told_what_a_page_is_about(client, path):
    product = make_product()
    batch = publish_products(product)
    page = client.get(path.format(batch=batch.slug, uscc=product.enterprise.uscc)).content.decode()
    (block,) = re.findall(r'<script type="application/ld\+json">(.+?)</script>', page)
    said = json.loads(block)
    kinds = {
        "/products/": "CollectionPage",
        "/enterprises/": "CollectionPage",
        "/batches/{batch}/": "Dataset",
    }
    assert said["@type"] == kinds.get(path, "Organization")


def test_the_second_page_is_its_own_and_not_the_first(client):
    publish_products(*[make_product() for _ in range(21)])
    page = client.get("/products/?page=2").content.decode()
    assert 'rel="canonical" href="http://localhost:8000/products/?page=2"' in page
