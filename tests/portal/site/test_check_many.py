"""`/check/many/`: a verdict for each of many numbers, and a clear sentence where there is none."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook, load_workbook

from catalog.publication.models import Action, ProductLine
from catalog.publication.showing import many
from portal.core.editions import clock
from portal.site.check_many import views as check_many
from tests.catalog.publication.stories import act, change_certificate, on, text_of
from tests.make import make_certificate, make_product, publish_products

pytestmark = pytest.mark.django_db
ADDRESS = "/check/many/"
NUMBER = "CABR-01(02)-(2025)-CGP-035"


@pytest.fixture
def product():
    product = make_product(name="自粘防水卷材", certificate=make_certificate(number=NUMBER))
    publish_products(product)
    return product


def workbook(*rows) -> SimpleUploadedFile:
    book, target = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(target)
    return SimpleUploadedFile("编号.xlsx", target.getvalue())


def sheet_of(response) -> list[tuple]:
    return list(load_workbook(io.BytesIO(b"".join(response.streaming_content))).active.values)


def verdicts_in(client, numbers: str) -> dict[str, tuple]:
    return {row[0]: row[1:] for row in sheet_of(client.post(ADDRESS, {"numbers": numbers, "xlsx": "1"}))}


def test_every_number_gets_the_verdict_that_the_page_of_one_gives(client, product):
    revoked = make_certificate(number="R-2026-0001")
    gone = make_product(certificate=make_certificate(number="G-2026-0001"))
    ending = make_certificate(number="E-2026-0001", valid_until=clock.today())
    renewed = make_certificate(number="O-2026-0001")
    publish_products(gone, *(make_product(certificate=one) for one in (revoked, ending, renewed)))
    publish_products(make_product(certificate=make_certificate(number="N-2026-0001", renews=renewed)))
    change_certificate(revoked, status="revoked", status_on=clock.today())
    act(gone)
    act(product, Action.SUSPEND)
    numbers = [NUMBER, "R-2026-0001", "G-2026-0001", "E-2026-0001", "O-2026-0001", "N-2026-0001"]
    with on(2):
        told = verdicts_in(client, "\n".join(numbers))
        words = [told[number][0] for number in numbers]
        assert words == ["暂停", "撤销", "已移出", "过期", "已换证", "有效"]
        for number, word in zip(numbers, words, strict=True):
            page = text_of(client.get("/check/", {"number": number}))
            assert page.split('class="st ')[1].split("</svg>")[1].split("<")[0] == word, number


def test_other_ways_of_writing_and_other_numbers_are_told(client, product):
    listed = ProductLine.objects.get().number
    wrong = f"{listed[:-1]}{(int(listed[-1]) + 1) % 10}"
    told = verdicts_in(
        client,
        f"「证书编号：{NUMBER}」\ncabr01022025cgp035\n{listed}\n{wrong}\n{product.enterprise.uscc}\nXX-2020-00001",
    )
    assert told[NUMBER][0] == "有效"
    assert not told[NUMBER][5]
    assert told["cabr01022025cgp035"][0] == "有效"
    assert told["cabr01022025cgp035"][5] == "写法与证书不同"
    assert told[listed][0] == "是清单编号"
    assert listed in told[wrong][5]
    assert told[product.enterprise.uscc][0] == "是统一社会信用代码"
    assert told["XX-2020-00001"][0] == "未查到"


def test_a_workbook_is_read_by_its_heading_and_the_page_shows_the_rows(client, product):
    upload = workbook(["一览"], ["企业", "证书编号"], ["示例一", NUMBER], ["示例二", "XX-2020-00001"])
    page = text_of(client.post(ADDRESS, {"file": upload}))
    assert "共 2 行" in page
    assert "有效" in page
    assert "未查到" in page
    assert "示例一" not in page
    csv = SimpleUploadedFile("a.csv", f"{NUMBER}\n".encode("gb18030"))
    assert "共 1 行" in text_of(client.post(ADDRESS, {"file": csv}))


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "没有读到编号"),
        ({"numbers": "\n".join(f"XX-2020-{place:05}" for place in range(501))}, "一次最多核验 500 个编号"),
        ({"numbers": "9" * 100_001}, "超过 10 万字"),
        ({"numbers": "\n".join(["ﷺ" * 1_000] * 6)}, "展开后超过 10 万字"),
        ({"file": SimpleUploadedFile("a.csv", "\n".join(["ﷺ" * 200] * 30).encode())}, "展开后超过 10 万字"),
        ({"file": SimpleUploadedFile("a.xlsx", b"%PDF-1.7 not a table")}, "不是表格"),
        ({"file": SimpleUploadedFile("a.csv", b"0" * (2 * 1024 * 1024 + 1))}, "超过上限 2 MB"),
    ],
)
def test_what_cannot_be_checked_is_told(client, sent, sentence):
    response = client.post(ADDRESS, sent)
    assert response.status_code == 400
    assert sentence in text_of(response)


def test_a_network_that_asks_too_often_is_told_when_to_come_back(client, product, monkeypatch):
    monkeypatch.setattr(check_many, "ASKED", check_many.Limit("check-many", 2, 3600))
    for status in (200, 200, 429):
        assert client.post(ADDRESS, {"numbers": NUMBER}).status_code == status
    assert "分钟后再试" in text_of(client.post(ADDRESS, {"numbers": NUMBER}))


def test_no_cache_keeps_it_and_a_foreign_form_is_refused(client, product):
    for response in (client.get(ADDRESS), client.post(ADDRESS, {"numbers": NUMBER})):
        assert "no-store" in response["Cache-Control"]
    assert Client(enforce_csrf_checks=True).post(ADDRESS, {"numbers": NUMBER}).status_code == 403


def test_a_cell_that_a_spreadsheet_would_compute_stays_text(client):
    rows = sheet_of(client.post(ADDRESS, {"numbers": "=1+1+20200001", "xlsx": "1"}))
    assert rows[1][0] == "=1+1+20200001"
    assert rows[1][1] == "未查到"


def test_five_hundred_numbers_cost_as_many_statements_as_one(client, product):
    def cost(numbers):
        with CaptureQueriesContext(connection) as queries:
            assert client.post(ADDRESS, {"numbers": "\n".join(numbers)}).status_code == 200
        return len(queries)

    others = [make_product(certificate=make_certificate(number=f"ZZ-2026-{place:05}")) for place in range(8)]
    publish_products(*others)
    one = cost([NUMBER])
    assert cost([NUMBER, *(f"ZZ-2026-{place:05}" for place in range(many.MOST_NUMBERS - 1))]) <= one <= 14


def test_a_line_that_is_no_number_by_its_length_is_refused(client, product):
    answer = client.post(ADDRESS, {"numbers": f"{NUMBER}\n{'/check/?&' * 300}"})
    assert answer.status_code == 400
    assert "每行写一个编号" in text_of(answer)


def test_no_more_is_read_once_there_are_too_many(client, product, monkeypatch):
    read = []
    monkeypatch.setattr(many, "numbers_in", lambda text, known: read.append(text) or text.split())
    lines = [" ".join(f"XX-{line:02}-{place:03}" for place in range(200)) for line in range(40)]
    assert client.post(ADDRESS, {"numbers": "\n".join(lines)}).status_code == 400
    assert len(read) == 3
