"""Suggestions while typing: only what is published, in a bounded number of reads, and a list without the script."""

import pytest

from catalog.publication.models import ProductLine
from catalog.publication.search import suggesting
from portal.site import suggestions
from tests.catalog.publication.stories import act
from tests.make import (
    make_category,
    make_certificate,
    make_division,
    make_enterprise,
    make_product,
    publish_products,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def goods(settings):
    settings.PAGE_TOKEN_SECONDS = 0
    county = make_division("350524", "安溪县", "county", make_division())
    maker = make_enterprise(name="示例瓷业有限公司", division=county)
    tiles = make_category("208", "建筑陶瓷", aliases=["瓷砖", "地砖"])
    make_category("201", "建筑门窗", aliases=["门窗"])
    publish_products(
        *(make_product(name=f"釉面砖{n}", category=tiles, enterprise=maker) for n in range(6)),
        make_product(
            name="自粘卷材",
            category=make_category("302", "防水卷材"),
            certificate=make_certificate(number="SL-CGP-2022-7654321"),
        ),
    )
    make_product(name="没有公布的瓷器", enterprise=make_enterprise(name="瓷未公布有限公司"))


def ask(client, typed, **more):
    response = client.get("/search/suggest.json", {"q": typed, **more})
    assert response.status_code == 200
    return [(one["about"], one["text"], one["href"]) for one in response.json()["suggestions"]]


def test_kinds_makers_places_and_numbers_are_suggested(client):
    uscc = ProductLine.objects.filter(name="釉面砖1").get().enterprise_uscc
    number = ProductLine.objects.get(name="自粘卷材").number
    assert ask(client, "瓷") == [
        ("品类", "建筑陶瓷", "/products/?category=208"),
        ("企业", "示例瓷业有限公司", f"/enterprises/{uscc}/"),
    ]
    assert ask(client, "cizh")[0] == ("品类", "建筑陶瓷", "/products/?category=208")
    assert ("地区", "福建省", "/products/?province=350000") in ask(client, "福")
    assert ("地区", "安溪县", "/products/?q=%E5%AE%89%E6%BA%AA%E5%8E%BF") in ask(client, "anxi")
    assert ("证书", "SL-CGP-2022-7654321", "/check/?number=SL-CGP-2022-7654321") in ask(client, "7654321")
    assert ("清单编号", number, f"/products/{number}/") in ask(client, number[:7])
    assert ask(client, "门窗") == []  # nothing of this kind is on the list
    assert ask(client, "！？") == []


def test_a_certificate_of_several_products_is_suggested_once(client):
    certificate = make_certificate(number="SL-CGP-2023-0000118")
    other = make_certificate(number="SL-CGP-2023-0000119")
    publish_products(
        make_product(name="保温板", certificate=other),
        *(make_product(name=f"一体板{n}", certificate=certificate) for n in range(5)),
    )
    response = client.get("/search/suggest.json", {"q": "SL-CGP-2023"}).json()["suggestions"]
    assert {(one["text"], one["under"]) for one in response} == {
        ("SL-CGP-2023-0000118", "一体板4等"),
        ("SL-CGP-2023-0000119", "保温板"),
    }
    assert len(response) == 2


def test_only_what_is_published_is_suggested(client):
    assert "瓷未公布" not in str(ask(client, "瓷未")) + str(ask(client, "未公布"))
    assert ask(client, "瓷", edition=1)
    act(ProductLine.objects.get(name="自粘卷材").product)
    assert ask(client, "防水卷材") == []
    assert ask(client, "防水卷材", edition=1)[0][2] == "/products/?category=302&edition=1"


def test_a_suggestion_reads_the_same_for_few_and_many(client, django_assert_max_num_queries):
    ask(client, "瓷")
    for typed in ("瓷", "示例", "7654", "an", "示例有限公司福建防水卷材"):
        with django_assert_max_num_queries(11):
            ask(client, typed)
    tiles = make_category("208")
    publish_products(*(make_product(name=f"瓷片{n}", category=tiles) for n in range(40)))
    ask(client, "瓷")
    with django_assert_max_num_queries(11):
        assert len(ask(client, "示例")) <= 16


def test_the_whole_vocabulary_is_counted_once_for_everybody(client, monkeypatch):
    """An empty field is the question that costs most, and anybody may ask it."""
    first, counted = ask(client, ""), []
    monkeypatch.setattr(suggesting, "facet_counts", lambda *asked: counted.append(asked))
    assert ask(client, "") == first != []
    assert counted == []
    monkeypatch.undo()
    publish_products(make_product(name="门", category=make_category("201")))
    assert len(ask(client, "")) > len(first), "another edition is counted anew"


def test_who_asks_too_often_is_refused_for_a_while(client, monkeypatch):
    monkeypatch.setattr(suggestions, "ASKED", suggestions.Limit("few-suggestions", 1, 600))
    assert ask(client, "瓷")
    response = client.get("/search/suggest.json", {"q": "瓷"})
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0


def test_what_is_no_parameter_is_told_and_nothing_is_changed(client):
    assert client.get("/search/suggest.json", {"q": "瓷", "x": "1"}).status_code == 400
    assert client.post("/search/suggest.json", {"q": "瓷"}).status_code == 405


def test_without_a_script_the_empty_form_lists_what_there_is(client):
    page = client.get("/search/").content.decode()
    assert "清单上最多的" in page
    assert '<a href="/products/?category=208">建筑陶瓷</a>' in page
    assert '<a href="/products/?province=350000">福建省</a>' in page
    assert "也可以看" in client.get("/search/?q=龘龘龘").content.decode()
