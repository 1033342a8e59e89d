"""The head of every page: meta tags, the canonical address, and data blocks that nothing can break out of."""

import json
import re
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.management import call_command

from catalog.publication.models import ProductLine
from events.activities.models import ActivityVersion
from events.notices.models import NoticeVersion
from portal.core.pages import cache
from portal.core.pages.structured import data_block, thing
from tests.make import make_certificate, make_product, publish_products

BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def read(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def meta(page: str, name: str) -> str | None:
    found = re.search(rf'<meta name="{name}" content="([^"]*)">', page)
    return found and found[1]


def canonical(page: str) -> str | None:
    found = re.findall(r'<link rel="canonical" href="([^"]*)">', page)
    assert len(found) <= 1
    return found[0] if found else None


def told(page: str) -> list[dict]:
    return [json.loads(text) for text in BLOCK.findall(page)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "column"),
    [
        ("/", "首页"),
        ("/products/", "产品清单"),
        ("/guide/certification/", "办事指南"),
        ("/notices/", "通知公告"),
    ],
)
def test_every_page_names_the_site_and_its_column(client, address, column):
    page = read(client, address)
    assert meta(page, "SiteName") == "绿色建材下乡公共信息发布平台"
    assert meta(page, "SiteDomain") == "localhost"
    assert meta(page, "ColumnName") == column


@pytest.mark.django_db
def test_the_present_has_one_address_and_a_cited_moment_its_own(client):
    publish_products()
    publish_products()
    site = settings.SITE_URL
    assert canonical(read(client, "/products/?star=3&utm_source=x")) == f"{site}/products/?star=3"
    assert canonical(read(client, "/?edition=1")) == f"{site}/?edition=1"
    newest = max(ProductLine.objects.values_list("from_edition_id", flat=True))
    today = re.search(r'datetime="([\d-]+)"', read(client, "/"))[1]
    assert canonical(read(client, f"/products/?edition={newest}&as_of={today}")) == f"{site}/products/"


@pytest.mark.django_db
def test_an_error_page_names_no_canonical_address(client):
    assert canonical(client.get("/nowhere/").content.decode()) is None


@pytest.mark.django_db
def test_a_notice_carries_the_tags_of_an_article_and_says_so_to_search_engines(client):
    call_command("seed_facts", verbosity=0)
    notice = NoticeVersion.objects.get(title__contains="启动会召开")
    page = read(client, f"/notices/{notice.notice_id}/")
    assert meta(page, "ArticleTitle") == "绿色建材下乡信息发布及线上平台启动会召开"
    assert meta(page, "PubDate") == "2022-06-06"
    assert meta(page, "ContentSource") == "启动会公开报道"
    assert meta(page, "ColumnName") == "工作动态"
    article = told(page)[0]
    assert (article["@type"], article["datePublished"]) == ("NewsArticle", "2022-06-06")
    assert article["mainEntityOfPage"] == canonical(page)
    assert "isBasedOn" not in article  # nothing is told empty


@pytest.mark.django_db
def test_an_activity_is_told_as_an_event_as_far_as_its_date_is_known(client):
    call_command("seed_facts", verbosity=0)
    version = ActivityVersion.objects.get(title__startswith="江西省")
    page = read(client, f"/activities/{version.activity_id}/")
    event = told(page)[0]
    assert (event["@type"], event["startDate"], event["endDate"]) == ("Event", "2023-09", "2023-09")
    assert event["eventStatus"] == "https://schema.org/EventScheduled"
    assert "江西省" in event["location"]["name"]
    assert "organizer" not in event
    assert meta(page, "ContentSource") == version.source


@pytest.mark.django_db
def test_a_product_is_told_with_its_certificate(client):
    product = make_product(certificate=make_certificate(number="SL-1"), name="甲</script><b>")
    publish_products(product)
    line = ProductLine.objects.get()
    page = read(client, f"/products/{line.number}/")
    block = told(page)[0]
    assert (block["@type"], block["name"], block["productID"]) == ("Product", "甲</script><b>", line.number)
    assert block["hasCertification"]["certificationIdentification"] == "SL-1"
    assert block["hasCertification"]["certificationStatus"] == "https://schema.org/CertificationActive"


@pytest.mark.django_db
def test_the_front_page_offers_its_search_box_and_the_past_offers_nothing(client):
    publish_products()
    publish_products()
    block = told(read(client, "/"))[0]
    assert block["@type"] == "WebSite"
    assert block["potentialAction"]["target"]["urlTemplate"].endswith("?q={words}")
    assert told(read(client, "/?edition=1")) == []


@pytest.mark.parametrize("text", ["</script><script>alert(1)</script>", "<!--", "]]>", "a\u2028b", "&lt;"])
def test_nothing_that_was_written_ends_a_data_block(text):
    block = str(data_block(thing("Product", name=text)))
    inside = block.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert not re.search("[<>&\u2028\u2029]", inside)
    assert json.loads(inside)["name"] == text


@pytest.mark.django_db
@pytest.mark.browser
def test_a_data_block_breaks_no_policy(browser_page):
    """The fixture fails on every line that the browser's policy writes."""
    browser_page.goto("/")
    kinds = browser_page.locator('script[type="application/ld+json"]')
    assert json.loads(kinds.first.text_content())["@type"] == "WebSite"


@pytest.mark.django_db
def test_the_footer_names_whom_to_contact_and_the_filing_number_where_they_are_set(client, settings):
    footer = client.get("/").content.decode().split("<footer")[1]
    assert "联系" not in footer.split('class="colophon"')[1]
    assert "备" not in footer
    settings.OBJECTION_CONTACT, settings.ICP_NUMBER = "推进组办公室 010-00000000", "京ICP备00000000号"
    cache.clear()
    footer = client.get("/").content.decode().split("<footer")[1]
    assert "推进组办公室 010-00000000" in footer
    assert "京ICP备00000000号" in footer


def test_a_kept_part_sees_only_what_it_is_kept_by_and_escapes_each_text():
    from django.template import engines
    from django.utils.safestring import mark_safe

    page = engines["django"].from_string(
        "{% load frame %}{% kept 'pages/crumbs.html' crumbs=crumbs person=person address=address %}"
    )
    crumbs = [(mark_safe("<b>安全</b>"), "")]
    assert "<b>安全</b>" in page.render({"crumbs": crumbs, "is_demonstration": True})
    assert "&lt;b&gt;安全" in page.render({"crumbs": [("<b>安全</b>", "")]})
    search = engines["django"].from_string("{% load frame %}{% kept 'pages/search_box.html' value=value %}")
    assert 'value="<i>"' in search.render({"value": mark_safe("<i>")})
    assert 'value="&lt;i&gt;"' in search.render({"value": "<i>"})


def test_the_address_alone_differs_between_pages_with_the_same_part(client, db):
    pages = {path: read(client, path) for path in ("/products/?q=a%26b", "/enterprises/")}
    for path, page in pages.items():
        assert page.count(f"next={quote(path)}") == 3  # modes, and the place
