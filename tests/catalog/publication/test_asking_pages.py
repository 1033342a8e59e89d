"""The words of a query on the pages: chips, what they find, the way to the letters, and slips."""

import re

import pytest

from tests.catalog.publication.stories import text_of
from tests.make import (
    make_category,
    make_certificate,
    make_division,
    make_enterprise,
    make_product,
    publish_products,
)
from tests.module_rows import laid_for_all

pytestmark = pytest.mark.django_db


def _laid():
    fujian = make_division()
    xiamen = make_division("350200", "厦门市", "prefecture", fujian)
    ware = make_category("209", "卫生洁具", aliases=["马桶"])
    tiles = make_category("208", "建筑陶瓷", aliases=["瓷砖"])
    stone = make_enterprise(name="示例瓷砖贸易有限公司", division=make_division("330000", "浙江省"))
    membrane = make_certificate(star="2", standard="GB/T 35609-2017", number="SL-CGP-2022-7654321")
    publish_products(
        make_product(name="节水坐便器", category=ware, enterprise=make_enterprise(division=xiamen)),
        make_product(name="釉面砖", category=tiles, enterprise=make_enterprise(division=xiamen)),
        make_product(name="仿古砖", category=tiles, certificate=make_certificate(star="2"), enterprise=stone),
        make_product(name="石材胶", category=make_category("301", "建筑密封胶"), enterprise=stone),
        make_product(name="自粘防水卷材", certificate=membrane, enterprise=stone),
    )


goods, goods_of_the_module = laid_for_all("goods", _laid)


@pytest.fixture(autouse=True)
def _fresh(settings, goods):
    settings.PAGE_TOKEN_SECONDS = 0


def page(client, address, **parameters):
    response = client.get(address, parameters)
    assert response.status_code == 200, text_of(response)[:2000]
    return text_of(response)


def names(text):
    found = re.findall(r'<a class="name" href="[^"]+">(.*?)</a>', text)
    return [re.sub(r"</?mark>", "", name) for name in found]


def chips(text):
    return {
        label: href
        for href, label in re.findall(r'<a class="chip" href="([^"]+)"><span>([^<]+)</span>', text)
    }


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("马桶", {"节水坐便器"}),
        ("三星级瓷砖 福建", {"釉面砖"}),
        ("二星 瓷砖", {"仿古砖", "自粘防水卷材"}),
        ("xiamen", {"节水坐便器", "釉面砖"}),
        ("厦门瓷砖", {"釉面砖"}),
        ("35609", {"自粘防水卷材"}),
        ("GB/T 35609", {"自粘防水卷材"}),
        ("7654321", {"自粘防水卷材"}),
        ("浙江二星", {"仿古砖", "自粘防水卷材"}),
        ("防谁卷材", {"自粘防水卷材"}),
    ],
)
def test_people_find_what_they_mean(client, words, expected):
    text = page(client, "/products/", q=words)
    assert set(names(text)) == expected
    rows = b"".join(client.get("/products/export.jsonl", {"q": words}).streaming_content).decode()
    assert {name for name in expected if name in rows} == expected
    assert len(rows.splitlines()) == len(expected)


def test_the_kind_stands_before_the_name_of_the_maker(client):
    found = names(page(client, "/products/", q="瓷砖"))
    assert set(found[:2]) == {"釉面砖", "仿古砖"}
    assert set(found[2:]) == {"石材胶", "自粘防水卷材"}


def test_each_meaning_is_a_chip_that_leaves_the_other_words(client):
    found = chips(page(client, "/products/", q="三星级瓷砖 福建"))
    assert set(found) == {"星级：三星级", "产品类别：建筑陶瓷", "企业所在地：福建省"}
    without = page(client, found["企业所在地：福建省"])
    assert set(chips(without)) == {"星级：三星级", "产品类别：建筑陶瓷"}


def test_the_letters_alone_can_be_asked_for(client):
    text = page(client, "/products/", q="瓷砖")
    literal = re.search(r'<a href="([^"]+)">按原文查找</a>', text)[1].replace("&amp;", "&")
    text = page(client, literal)
    assert set(names(text)) == {"仿古砖", "石材胶", "自粘防水卷材"}
    assert set(chips(text)) == {"搜索「瓷砖」"}
    assert client.get("/products/?q=a&literal=2").status_code == 400


def test_what_words_say_is_ticked_and_can_be_unticked(client):
    text = page(client, "/products/", q="三星级瓷砖 福建 釉面")
    ticked = set(re.findall(r'name="(\w+)" value="(\w+)" checked', text))
    assert ticked == {("star", "3"), ("category", "208"), ("province", "350000")}
    assert re.findall(r'type="hidden" name="q" value="([^"]*)"', text.split('id="filters"')[1]) == ["釉面"]
    as_sent = page(client, "/products/", q="釉面", star="3", category="208", province="350000")
    assert names(as_sent) == names(text) == ["釉面砖"]
    assert len(chips(text)) == 4  # the words' own, none of them twice
    untouched = page(client, "/products/", q="厦门 釉面", star="3")
    assert re.findall(r'type="hidden" name="q" value="([^"]*)"', untouched.split('id="filters"')[1]) == [
        "厦门 釉面"
    ]


def test_a_slip_is_told_with_the_way_back(client):
    text = page(client, "/products/", q="防谁卷材")
    assert "没有找到「防谁卷材」，按「防水卷材」查找。" in text
    assert names(page(client, "/products/", q="防谁卷材", literal="1")) == []


def test_the_directory_and_the_one_box_understand_the_same(client):
    assert len(names(page(client, "/enterprises/", q="三星级马桶"))) == 1
    text = page(client, "/search/", q="马桶")
    assert "产品清单 1 项" in text
    assert "「马桶」按产品类别：卫生洁具查找" in text
    assert "产品清单 1 项" not in page(client, "/search/", q="马桶", literal="1")


def test_every_part_of_a_public_name_still_finds_it(client):
    for name in ("节水坐便器", "釉面砖", "仿古砖", "自粘防水卷材", "示例瓷砖贸易有限公司"):
        for length in (2, 4):
            for start in range(0, len(name) - length + 1, 2):
                text = page(client, "/products/", q=name[start : start + length])
                assert name in re.sub(r"</?mark>", "", text), name[start : start + length]
