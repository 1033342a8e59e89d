"""The plain lines and drawings of the kinds: whole, short, published by two, and shown where a buyer looks."""

import re

import pytest

from catalog.products import drawings, guides
from catalog.products.facts import DATA
from catalog.products.models import KindGuideVersion
from portal.core.facts import read_table
from portal.core.workflow.facts import publish_facts
from tests.make import make_category, make_certificate, make_product, make_user, publish_products

KINDS = {row["code"]: row for row in read_table(DATA / "categories.csv")}
SAID = {row["code"]: row for row in read_table(guides.TABLE)}
DESK = "/admin/products/kindguideversion/"


def test_each_kind_that_comes_along_has_its_lines_and_its_own_drawing_in_one_hand():
    shapes = drawings.shapes()
    assert set(SAID) == set(shapes) == set(KINDS)
    assert len(set(shapes.values())) == len(KINDS)
    for code, shape in shapes.items():
        assert len(shape.encode()) <= 1_500, code
        assert set(re.findall(r"<(\w+)", shape)) <= {"path", "circle", "ellipse"}, code
        assert not re.search(r"fill|stroke|style|<text|href", shape), code
        said = SAID[code]
        assert all(
            said[name] and said[name].endswith("。") for name in ("what", "plain", "to_ask", "not_promised")
        )
        assert len(said["plain"]) <= len(said["what"]) <= 40, code
        assert said["not_promised"].startswith("证书"), code


@pytest.fixture
def kind(settings, db):
    settings.PAGE_TOKEN_SECONDS = 0
    kind = make_category("303", "防水涂料", house_part="roof")
    publish_products(
        make_product(name="两星的", category=kind, certificate=make_certificate(number="S-2", star="2")),
        make_product(name="三星的", category=kind, certificate=make_certificate(number="S-3", star="3")),
    )
    publish_facts([guides.prepare])
    return kind


def page(client, address, **more):
    response = client.get(address, **more)
    return response.status_code, response.content.decode()


def test_a_kind_says_its_lines_and_each_number_leads_to_as_many_rows(client, kind):
    _status, text = page(client, "/kinds/303/")
    said = SAID["303"]
    assert all(said[name] in text for name in ("what", "used_in", "to_ask", "not_promised"))
    assert "kinds.svg#k-303" in text
    assert guides.stars_line(kind) in text
    for star in ("2", "3"):
        href = f"/products/?category=303&amp;star={star}"
        assert re.search(rf'href="{re.escape(href)}">\S+</a><b class="num">1 项', text)
        assert "1 项产品</h2>" in page(client, href.replace("&amp;", "&"))[1]
    assert "star=1" not in text


def test_the_list_and_the_product_show_what_the_kind_is(client, kind):
    _status, listed = page(client, "/products/?category=303")
    assert SAID["303"]["what"] in listed
    assert listed.count("kinds.svg#k-303") == 3
    number = re.search(r"/products/(\d{7}-\d)/", listed).group(1)
    assert SAID["303"]["to_ask"] in page(client, f"/products/{number}/")[1]


def test_the_elder_mode_says_it_in_plainer_words(client, kind):
    addresses = ("/kinds/303/", "/products/?category=303")
    before = [page(client, address)[1] for address in addresses]
    client.cookies["size"] = "elder"
    after = [page(client, address)[1] for address in addresses]
    assert all(SAID["303"]["plain"] in text for text in after)
    assert not any(SAID["303"]["plain"] in text for text in before)
    labels = ['data-th="有效期至"', 'data-th="管到哪天"']
    assert [label in before[1] for label in labels] == [True, False]
    assert [label in after[1] for label in labels] == [False, True]


def test_lines_are_corrected_by_one_and_published_by_another_and_stay_readable_as_they_were(client, kind):
    first = KindGuideVersion.objects.get(kind="303")
    then = f"/kinds/303/?edition={first.from_edition_id}"
    client.force_login(make_user("editor"))
    assert client.post(f"{DESK}{first.pk}/correct/", {}).status_code == 302
    draft = KindGuideVersion.objects.latest("pk")
    lines = {name: getattr(draft, name) for name in guides.LINES}
    form = {
        **lines,
        "what": "改过的说法。",
        "source": draft.source,
        "change_note": "更准确",
        "publish_on": "",
    }
    assert client.post(f"{DESK}{draft.pk}/change/", {**form, "_save": "1"}).status_code == 302
    assert client.post(f"{DESK}{draft.pk}/submit/", {}).status_code == 302
    assert "改过的说法。" not in page(client, "/kinds/303/")[1]
    client.force_login(make_user("reviewer"))
    assert client.post(f"{DESK}{draft.pk}/publish/", {}).status_code == 302
    client.logout()
    assert "改过的说法。" in page(client, "/kinds/303/")[1]
    assert "改过的说法。" not in page(client, then)[1]


def test_a_code_of_no_kind_and_a_kind_without_lines_are_told_in_words(client, kind):
    make_category("999", "新品类")
    for code in ("999", "000"):
        status, text = page(client, f"/kinds/{code}/")
        assert status == 404
        assert f"没有代码是「{code}」" in text
    assert page(client, "/products/?category=999")[0] == 200
