"""The standing pages open, lead somewhere, and tell search engines only of what is public now."""

import html
import re

import pytest
from django.urls import reverse

from catalog.publication.compiling import compile
from catalog.publication.models import Action, ProductLine
from portal.applications.cases.models import ApplicationKind
from portal.site.about.guides import BY_SLUG, GUIDES
from portal.site.about.views import PAGES
from tests.events.commitments.make import publish_letter
from tests.make import make_batch, make_product, publish, publish_products

pytestmark = pytest.mark.django_db

ADDRESSES = [
    "/guide/",
    *(f"/guide/{guide.slug}/" for guide in GUIDES),
    *(f"/about/{name}/" for name in PAGES),
    "/sitemap/",
]


def links_of(page: str) -> set[str]:
    found = re.findall(r'href="(/[^"#]*)"', page)
    return {html.unescape(href) for href in found if not href.startswith("/static/")}


@pytest.mark.once
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_standing_page_opens_and_every_link_on_it_leads_somewhere(client, address):
    response = client.get(address)
    assert response.status_code == 200
    for href in links_of(response.content.decode()):
        assert client.get(href).status_code in (200, 302), href


@pytest.mark.once
@pytest.mark.parametrize("address", ADDRESSES)
def test_an_unknown_parameter_is_told(client, address):
    assert client.get(address, {"nonsense": "1"}).status_code == 400


def test_an_unknown_guide_is_not_found(client):
    assert client.get("/guide/nothing/").status_code == 404


def test_the_footer_of_every_page_leads_to_them(client):
    page = client.get("/products/").content.decode()
    assert {reverse(f"about:{name}") for name in PAGES} | {"/guide/", "/sitemap/"} <= links_of(page)


def test_the_map_for_search_engines_names_what_is_listed_and_not_what_was_removed(client, settings):
    settings.SITE_URL = "https://portal.example.cn"
    settings.PAGE_TOKEN_SECONDS = 0
    kept, removed = make_product(), make_product()
    publish_products(kept, removed)
    batch = make_batch(kind="adjustment")
    reason = compile.Reason("withdrawn", "企业申请")
    compile.act_on(batch, removed, Action.REMOVE, by=batch.created_by, reason=reason)
    publish(batch)
    text = client.get("/sitemap.xml").content.decode()
    numbers = dict(ProductLine.objects.current().values_list("product_id", "number"))
    assert f"<loc>https://portal.example.cn/products/{numbers[kept.pk]}/</loc>" in text
    assert numbers[removed.pk] not in text


def test_robots_are_shown_the_map_and_kept_out_of_the_back_end(client):
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /admin/" in text
    assert "/sitemap.xml" in text


@pytest.mark.parametrize("kind", ApplicationKind.values)
def test_each_kind_of_application_has_a_guide_with_every_part(client, kind, settings):
    settings.NOTICE_DAYS = 9
    page = client.get(f"/guide/{kind}/").content.decode()
    for part in ("条件", "材料", "表格", "步骤", "时限", "依据"):
        assert re.search(rf"<h2>{part}</h2><(ul|ol|p)>.{{4}}", page), part
    assert "到哪里办" in page
    assert "联系" in page
    assert "{" not in BY_SLUG[kind].title + page.split("<main")[1].split("</main")[0]
    assert ("公示 9 天" in page) == (kind == "product")
    assert f'href="/guide/{kind}/"' in client.get("/guide/").content.decode()


def test_the_objection_guide_names_the_working_days(client, settings):
    settings.ENQUIRY_ANSWER_DAYS = 13
    assert "13 个工作日内答复" in client.get("/guide/objection/").content.decode()


def test_the_site_map_leads_to_every_column(client):
    hrefs = links_of(client.get("/sitemap/").content.decode())
    columns = [
        "products",
        "enterprises",
        "batches",
        "check",
        "regions",
        "notices",
        "activities",
        "activities/results",
        "commitments",
    ]
    columns += ["commitments/agreements", "commitments/templates", "commitments/adoptions", "organisations"]
    columns += ["online", "campaigns", "enquiries", "guide", "search"]
    assert {f"/{column}/" for column in columns} <= hrefs


def test_paper_says_how_to_recognise_the_site(client, settings):
    settings.SITE_URL = "https://portal.example.cn"
    publish_products()
    line = ProductLine.objects.current().get()
    letter = publish_letter()
    for address in (
        f"/products/{line.number}/",
        f"/check/?number={line.certificate_number}",
        "/products/",
        f"/commitments/{letter.letter_id}/",
        "/commitments/",
    ):
        page = client.get(address).content.decode()
        assert page.count('class="only-p"') == 1, address
        assert "https://portal.example.cn/about/recognise/" in page, address
        assert re.search(r"地址 https://portal\.example\.cn/[^　]*edition=\d+", page), address
