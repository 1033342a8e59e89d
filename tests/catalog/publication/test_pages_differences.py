"""`/differences/`: what a reader is told of two moments, as a page, as files and as a feed."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import timedelta

import openpyxl
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from catalog.publication.models import Batch
from catalog.publication.publishing.holds import set_hold
from catalog.publication.views import differences as views
from portal.core.editions import clock
from tests.catalog.publication.stories import (
    act,
    change,
    on,
    text_of,
)
from tests.make import (
    make_certificate,
    make_product,
    make_user,
    publish_products,
)

pytestmark = pytest.mark.django_db
PAGE = "/differences/"


@pytest.fixture(scope="module")
def story(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield told()
        transaction.set_rollback(True)


def told() -> tuple[dict, Batch]:
    """One product stays as it is, one is changed, one removed, one ends, one is looked into, one is new."""
    names = ("不变的", "改了的", "移出的", "到期的", "核查的", "新来的")
    with on(-30):
        ends = make_certificate(valid_until=clock.today() + timedelta(days=10))
        products = {
            name: make_product(name=name, **({"certificate": ends} if name == "到期的" else {}))
            for name in names
        }
        first = publish_products(*(products[name] for name in names[:5]))
    with on(-5):
        change(products["改了的"], brand="=新牌")
        act(products["移出的"])
        publish_products(products["新来的"])
    set_hold(products["核查的"], by=make_user("publisher"), reason="群众反映型号不符")
    return products, first


def plain(response) -> str:
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", text_of(response)))


def rows_of(client, address: str) -> list[dict]:
    content = b"".join(client.get(address).streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def test_the_page_says_what_happened_and_the_sum(client, story):
    _products, first = story
    page = client.get(f"{PAGE}?from={first.slug}")
    said = plain(page)
    assert "产品清单现行的行由5行变为3行：新增1行，到期1行，核查中1行，移出1行；变更1行，不改总数" in said
    assert 'aria-label="5 加 1 减 1 减 1 减 1 等于 3"' in text_of(page)
    assert "<del>示例牌</del>" in text_of(page)
    assert "<ins>=新牌</ins>" in text_of(page)
    for words in ("质量问题，监督检验不合格", "示例函〔2023〕1号", "有效期届满", "群众反映型号不符"):
        assert words in said
    assert "不变的" not in said
    assert '<meta name="robots" content="noindex">' in text_of(page)


def test_a_group_by_itself_and_its_pages(client, story):
    page = plain(client.get(f"{PAGE}?from=1&action=removed"))
    assert "移出的" in page
    assert "新来的" not in page
    assert "没有这一类变化" in plain(client.get(f"{PAGE}?from=1&action=resumed"))
    assert client.get(f"{PAGE}?from=1&action=removed&page=2").status_code == 400


def test_a_side_is_a_batch_an_edition_or_a_day(client, story):
    _products, first = story
    day = (clock.today() - timedelta(days=29)).isoformat()
    for left in (first.slug, str(first.edition_id), day):
        assert "由5行变为3行" in plain(client.get(f"{PAGE}?from={left}"))
    until = (clock.today() - timedelta(days=25)).isoformat()
    assert "由5行仍为5行。" in plain(client.get(f"{PAGE}?from={first.slug}&until={until}"))
    assert "没有差别" in plain(client.get(f"{PAGE}?from={first.slug}&until={until}"))


def test_what_only_the_day_ends_needs_no_edition(client, story):
    _products, first = story
    until = (clock.today() - timedelta(days=10)).isoformat()
    page = client.get(f"{PAGE}?from={first.edition_id}&until={until}")
    assert "由5行变为4行：到期1行。" in plain(page)


def test_the_shares_of_networks_do_not_stand_in_the_way(client, story):
    assert "由5行变为3行" in plain(client.get(f"{PAGE}?from=1&from=timeline&isappinstalled=0"))
    assert client.get("/products/?from=1012852s").status_code == 200


def test_the_finished_page_is_kept(client, story):
    address = f"{PAGE}?from=1"
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    assert not [query for query in queries if "productline" in query["sql"]]


def test_the_files_say_every_pair_with_reason_and_basis(client, story):
    rows = rows_of(client, f"{PAGE}export.csv?from=1")
    assert [(row["类别"], row["名称"]) for row in rows] == [
        ("到期", "到期的"),
        ("核查中", "核查的"),
        ("变更", "改了的"),
        ("移出", "移出的"),
        ("新增", "新来的"),
    ]
    changed, removed = rows[2], rows[3]
    assert (changed["字段"], changed["左边的值"], changed["右边的值"]) == ("品牌", "示例牌", "'=新牌")
    assert (removed["动作"], removed["原因"]) == ("移出", "质量问题，监督检验不合格")
    assert "示例函〔2023〕1号" in removed["依据"]
    lines = b"".join(client.get(f"{PAGE}export.jsonl?from=1").streaming_content).decode().splitlines()
    told = [json.loads(line) for line in lines]
    assert [one["group"] for one in told] == ["ended", "checking", "changed", "removed", "added"]
    assert told[2]["changes"] == [{"field": "brand", "label": "品牌", "before": "示例牌", "after": "=新牌"}]
    book = openpyxl.load_workbook(
        io.BytesIO(b"".join(client.get(f"{PAGE}export.xlsx?from=1").streaming_content))
    )
    assert [row[0].value for row in book.worksheets[0].rows] == [
        "类别",
        "到期",
        "核查中",
        "变更",
        "移出",
        "新增",
    ]


def test_the_feed_has_the_acts_within_the_scope(client, story):
    feed = text_of(client.get(f"{PAGE}feed.atom?from=1"))
    assert re.findall(r"<title>([^<]+)</title>", feed)[1:] == ["列入：新来的", "移出：移出的", "变更：改了的"]
    assert "品牌：示例牌 → =新牌" in feed
    none = text_of(client.get(f"{PAGE}feed.atom?publisher=350000"))
    assert "<entry>" not in none
    assert "示例省" not in none


def test_every_list_batch_and_file_offers_the_comparison(client, story):
    _products, first = story
    assert 'href="/differences/?star=3&amp;register=products">与……相比' in text_of(
        client.get("/products/?star=3")
    )
    assert 'href="/differences/?register=enterprises">与……相比' in text_of(client.get("/enterprises/"))
    assert 'href="/differences/">与……相比' in text_of(client.get("/batches/"))
    assert 'href="/differences/">与……相比' in text_of(client.get("/data/"))
    assert f'href="/differences/?from={first.slug}' in text_of(client.get(f"/batches/{first.slug}/"))
    assert f"until={first.edition_id}" in text_of(client.get(f"/products/?edition={first.edition_id}"))


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("from=2099-9", "没有公布过编号为「2099-9」的批次"),
        ("from=99999", "没有第 99999 版"),
        ("from=0", "没有第 0 版"),
        ("from=2999-01-01", "还没有到"),
        ("from=2022-13-41", "不是日期"),
        ("from=1&until=x", "没有公布过编号为「x」的批次"),
        ("from=2&until=1", "左边比右边晚"),
        ("from=1&register=shops", "「名册」没有「shops」这个值"),
        ("from=1&action=gone", "「动作」没有「gone」这个值"),
        ("from=1&province=999999", "「企业所在地」没有「999999」这个值"),
        ("from=1&register=certificates&province=350000", "「证书」不按「企业所在地」比较"),
        ("from=1&colour=red", "本页没有「colour」这个参数"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(client, story, query, sentence):
    response = client.get(f"{PAGE}?{query}")
    assert response.status_code == 400
    assert sentence in text_of(response)


def test_whoever_compares_too_often_is_told_when_to_come_again(client, settings, monkeypatch):
    """What is kept costs nothing and is not counted; each file is."""
    settings.PAGE_TOKEN_SECONDS = 60
    publish_products()
    publish_products(ordinal=2)
    for name, kinds in (("PAGES", views.PAGES), ("FILES", views.FILES)):
        small = tuple((replace(limit, most=2), is_of_one) for limit, is_of_one in kinds)
        monkeypatch.setattr(views, name, small)
    for address in (f"{PAGE}?from=1", f"{PAGE}?from=1", f"{PAGE}?from=1&until=2", f"{PAGE}?from=1", PAGE):
        assert client.get(address).status_code == 200, address
    refused = client.get(f"{PAGE}?from=2")
    assert (refused.status_code, int(refused["Retry-After"]) > 0) == (429, True)
    assert refused["Cache-Control"] == "no-store"
    assert "比较得太频繁" in text_of(refused)
    statuses = [client.get(f"{PAGE}export.{form}?from=1").status_code for form in ("xlsx", "csv", "jsonl")]
    assert statuses == [200, 200, 429]
