"""Exports: the same rows as on the pages, in every format, harmless in a spreadsheet."""

import re
from urllib.parse import quote

import pytest

from portal.core.editions.models import Edition
from tests.catalog.publication.exports import csv_of, jsonl_of, xlsx_of
from tests.catalog.publication.stories import act, newest, text_of
from tests.make import make_certificate, make_enterprise, make_product, publish_products

pytestmark = pytest.mark.django_db


def body(client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200
    assert response.streaming
    assert "attachment" in response["Content-Disposition"]
    return b"".join(response)


def csv_rows(client, address: str) -> list[dict]:
    return csv_of(body(client, address))


def jsonl_rows(client, address: str) -> list[dict]:
    return jsonl_of(body(client, address))


def xlsx_rows(client, address: str) -> list[dict]:
    return xlsx_of(body(client, address))


def test_all_formats_have_the_rows_of_the_pages_in_their_order(client):
    publish_products(*(make_product(certificate=make_certificate(star=star)) for star in "33321"))
    publish_products(*(make_product(certificate=make_certificate(star="3")) for _ in range(20)))
    query = "?star=3&sort=name"
    shown = []
    for page in (1, 2):
        shown += re.findall(r"清单编号 ([\d-]+)", text_of(client.get(f"/products/{query}&page={page}")))
    assert len(shown) == 23
    assert [row["清单编号"] for row in csv_rows(client, f"/products/export.csv{query}")] == shown
    assert [row["清单编号"] for row in xlsx_rows(client, f"/products/export.xlsx{query}")] == shown
    assert [row["number"] for row in jsonl_rows(client, f"/products/export.jsonl{query}")] == shown


def test_a_row_says_where_it_was_read(client):
    publish_products()
    edition = Edition.objects.first()
    row = jsonl_rows(client, "/products/export.jsonl")[0]
    assert (row["edition"], row["head"]) == (edition.number, edition.head)
    assert csv_rows(client, "/products/export.csv")[0]["链头"] == edition.head


def test_the_past_is_exported_as_it_was(client):
    product = make_product(name="老产品")
    publish_products(product)
    then = newest()
    act(product)
    assert jsonl_rows(client, "/products/export.jsonl") == []
    assert jsonl_rows(client, f"/products/export.jsonl?edition={then}")[0]["name"] == "老产品"
    assert jsonl_rows(client, "/products/export.jsonl?validity=all")[0]["status_word"] == "已移出"


@pytest.mark.parametrize("text", ["=1+1", "+86 10", "-5 mm", "@SUM(A1)"])
def test_a_cell_that_a_spreadsheet_would_compute_is_made_harmless(client, text):
    publish_products(make_product(brand=text))
    assert csv_rows(client, "/products/export.csv")[0]["品牌"] == f"'{text}"
    assert xlsx_rows(client, "/products/export.xlsx")[0]["品牌"] == text
    assert jsonl_rows(client, "/products/export.jsonl")[0]["brand"] == text


def test_rare_characters_and_quotes_survive(client):
    name = '示例𠮷𬌗「牌」,"x"'
    publish_products(make_product(name=name))
    for rows in (
        csv_rows(client, "/products/export.csv"),
        xlsx_rows(client, "/products/export.xlsx"),
    ):
        assert rows[0]["产品名称"] == name


def test_the_directory_is_exported_with_public_columns_only(client):
    maker = make_enterprise(
        contact_person="王某某", contact_phone="13812345678", website="https://example.cn"
    )
    publish_products(make_product(enterprise=maker))
    row = csv_rows(client, "/enterprises/export.csv")[0]
    assert (row["企业名称"], row["统一社会信用代码"]) == (maker.name, maker.uscc)
    assert "王某某" not in str(row)
    assert jsonl_rows(client, "/enterprises/export.jsonl")[0]["products"] == 1


def test_search_and_filters_narrow_an_export(client):
    publish_products(make_product(name="自粘防水卷材"), make_product(name="陶瓷"))
    assert [row["name"] for row in jsonl_rows(client, f"/products/export.jsonl?q={quote('自粘')}")] == [
        "自粘防水卷材"
    ]


def test_an_export_has_no_pages(client):
    assert client.get("/products/export.csv?page=2").status_code == 400


def test_a_long_export_reads_a_thousand_rows_with_the_same_queries(client, django_assert_max_num_queries):
    publish_products(*(make_product() for _ in range(30)))
    with django_assert_max_num_queries(24):
        assert len(jsonl_rows(client, "/products/export.jsonl")) == 30
