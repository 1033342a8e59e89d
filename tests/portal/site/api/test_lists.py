"""The lists and records of the interface: what pages show, their parameters, one page after another."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.core.pages import cache
from portal.site.api.catalogue import KINDS
from portal.site.api.examples import EXAMPLES
from tests.catalog.publication.stories import act, change, newest
from tests.events.activities.make import publish_activity
from tests.events.commitments.make import publish_letter
from tests.make import make_certificate, make_product, make_region, publish_products

from .programs import ask, make_notice, number_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def room(settings):
    settings.API_PER_MINUTE = 10_000


def test_a_list_has_what_the_page_finds_with_the_same_parameters(client):
    first, second = make_product(name="自粘防水卷材甲"), make_product(name="岩棉板乙")
    publish_products(first, second)
    found = ask(client, "/api/v1/products?q=岩棉板")
    assert [row["name"] for row in found["rows"]] == ["岩棉板乙"]
    assert found["count"] == 1
    assert found["edition"] == newest()
    assert found["next"] is None
    row = found["rows"][0]
    assert (row["status"], row["status_word"], row["star_word"]) == ("valid", "有效", "三星级")
    assert "edition" not in row, "said once, by the answer"


def test_pages_go_on_without_gap_or_double_while_the_list_changes(client):
    publish_products(*[make_product() for _ in range(7)])
    answer = ask(client, "/api/v1/products?limit=3")
    numbers = [row["number"] for row in answer["rows"]]
    publish_products(make_product())
    while answer["next"]:
        answer = ask(client, answer["next"])
        numbers += [row["number"] for row in answer["rows"]]
    assert len(numbers) == len(set(numbers)) == 7 == answer["count"]
    assert ask(client, "/api/v1/products")["count"] == 8


def test_a_place_that_is_not_in_the_list_is_told(client):
    publish_products(*[make_product() for _ in range(3)])
    said = ask(client, "/api/v1/products?limit=1&after=1-99999", 400)
    assert said["code"] == "bad_parameter"
    assert "从头取" in said["detail"]
    assert ask(client, said["mended"])["count"] == 3


@pytest.mark.parametrize(
    ("address", "status", "code", "words"),
    [
        ("/api/v1/products?colour=red", 400, "bad_parameter", "没有「colour」这个参数"),
        ("/api/v1/products?star=", 400, "bad_parameter", "没有值"),
        ("/api/v1/products?star=3&star=3", 400, "bad_parameter", "写了两遍"),
        ("/api/v1/products?star=9", 400, "bad_parameter", "没有「9」这个值"),
        ("/api/v1/products?limit=501", 400, "bad_parameter", "1 到 500"),
        ("/api/v1/products?edition=99", 400, "bad_parameter", "还没有公布"),
        ("/api/v1/products/9999999-9", 404, "never_public", "不是清单编号"),
        ("/api/v1/notices/x", 404, "never_public", "不是编号"),
        ("/api/v1/certificates/demo/%20", 404, "never_public", "不是证书编号"),
        ("/api/v1/certificates/x", 404, "not_found", "/api/"),
        ("/api/v1/persons", 404, "not_found", "/api/"),
        ("/api/v1/certificates/demo/1%0A", 404, "not_found", "/api/"),
        ("/api/v1/regions/000000", 404, "never_public", "省级"),
        ("/api/v1/changes", 400, "bad_parameter", "since=版号"),
        ("/api/v1/changes?since=0&after=x", 400, "bad_parameter", "只写一个"),
        ("/api/v1/changes?after=2026-02-30.1.1.1", 400, "bad_parameter", "照抄"),
    ],
)
def test_what_is_wrong_is_told_in_a_sentence_with_a_code(client, address, status, code, words):
    said = ask(client, address, status)
    assert said["code"] == code
    assert said["status"] == status
    assert words in said["detail"]


def test_a_record_says_what_its_page_says_at_any_edition(client):
    product = make_product()
    publish_products(product)
    first = newest()
    change(product, name="改名后的卷材")
    number = number_of(product)
    record = ask(client, f"/api/v1/products/{number}")
    assert record["record"]["name"] == "改名后的卷材"
    assert record["lists"][0]["publisher"] == "national"
    assert record["certificate"]["certificate"] == product.certificate.number
    assert [one["label"] for event in record["history"] for one in event["changes"]] == ["产品名称"]
    assert ask(client, f"/api/v1/products/{number}?edition={first}")["record"]["name"] != "改名后的卷材"
    act(product)
    assert ask(client, f"/api/v1/products/{number}")["record"]["status"] == "removed"
    assert ask(client, "/api/v1/products")["count"] == 0


def test_a_record_that_came_later_says_when(client):
    publish_products(make_product())
    later = make_product()
    publish_products(later)
    said = ask(client, f"/api/v1/products/{number_of(later)}?edition=1", 404)
    assert said["code"] == "not_yet"
    assert said["first_edition"] == newest()


def test_another_way_of_writing_leads_to_the_number(client):
    product = make_product()
    publish_products(product)
    number = number_of(product)
    response = client.get(f"/api/v1/products/{number.replace('-', '')}")
    assert response.status_code == 301
    assert response["Location"] == f"/api/v1/products/{number}"
    key = product.certificate.number_key
    assert ask(client, f"/api/v1/certificates/demo/{key}")["record"]["certificate"]
    assert client.get(f"/api/v1/certificates/demo/{key.lower()}").status_code == 301


def test_what_no_page_shows_is_not_in_an_answer(client):
    make_notice(title="已撤下的公告", is_withdrawn=True, change_note="有误")
    shown = make_notice(title="看得到的公告")
    rows = ask(client, "/api/v1/notices")["rows"]
    assert [row["title"] for row in rows] == ["看得到的公告"]
    assert ask(client, f"/api/v1/notices/{shown.notice_id}")["record"]["text"] == "正文"


def test_any_origin_may_read_and_nobody_write(client):
    publish_products(make_product())
    response = client.get("/api/v1/products")
    assert response["Access-Control-Allow-Origin"] == "*"
    again = client.get("/api/v1/products", headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304
    assert not again.content
    before = client.options("/api/v1/products")
    assert before.status_code == 204
    assert "If-None-Match" in before["Access-Control-Allow-Headers"]
    refused = client.post("/api/v1/products")
    assert refused.status_code == 405
    assert refused["Allow"] == "GET, HEAD, OPTIONS"
    packed = client.get("/api/v1/products", headers={"Accept-Encoding": "br"})
    assert packed["Content-Encoding"] == "br"


def test_only_what_has_to_be_drawn_is_counted(client, settings):
    settings.API_PER_MINUTE = 10
    publish_products(make_product())
    first = client.get("/api/v1/products")
    assert first["RateLimit"].startswith('"drawn";r=9;t=')
    assert first["RateLimit-Policy"] == '"drawn";q=10;w=60'
    for _ in range(20):
        assert client.get("/api/v1/products").status_code == 200
    answers = [client.get(f"/api/v1/products?limit={limit}") for limit in range(1, 12)]
    assert [answer.status_code for answer in answers] == [200] * 9 + [429] * 2
    assert answers[-1].json()["code"] == "too_many_requests"
    assert answers[-1]["Retry-After"]


def test_a_long_list_asks_no_more_than_a_short_one(client):
    def questions(name: str, limit: int) -> int:
        whole = "&validity=all" if name in ("products", "enterprises") else ""
        for _ in range(2):  # what a process remembers has been read, the answer has not
            cache.clear()
            with CaptureQueriesContext(connection) as queries:
                assert len(ask(client, f"/api/v1/{name}?limit={limit}{whole}")["rows"]) == limit
        return len(queries)

    for number in range(3):
        publish_products(make_product(), make_product())
        make_notice()
        make_region(f"3{number + 1}0000", f"示例省{number}")
        publish_letter()
        publish_activity(title=f"活动{number}")
    asked = {kind.name: (questions(kind.name, 1), questions(kind.name, 3)) for kind in KINDS}
    assert all(few == many <= 12 for few, many in asked.values()), asked


def test_the_examples_of_the_page_are_answered(client):
    product = make_product(name="自粘防水卷材", certificate=make_certificate(number="SL/CGP 0001"))
    publish_products(product)
    page = client.get("/api/").content.decode()
    given = {
        "number": number_of(product),
        "uscc": product.enterprise.uscc,
        "certificate": product.certificate.number,
    }
    for example in EXAMPLES:
        assert example.path.replace("&", "&amp;") in page
        said = ask(client, example.path.format(**given))
        assert said.get("rows") or said.get("record") or "changes" in example.path


def test_figures_are_those_of_their_page_and_refuse_what_it_refuses(client):
    publish_products(make_product(), make_product())
    told = ask(client, "/api/v1/figures?rows=category&columns=star")
    page = client.get("/figures/all.json?rows=category&columns=star").json()
    assert told["tables"] == page["tables"]
    assert told["tables"][0]["rows"][-1][-1] == 2
    assert told["edition"] == newest()
    assert ask(client, "/api/v1/figures?rows=star&columns=star", 400)["problems"][0]["parameter"] == "columns"
    assert ask(client, "/api/v1/figures?limit=3", 400)["problems"][0]["parameter"] == "limit"
