"""The poster: at most 24 rows by its rule, on paper and in words, in three taps, refused where it makes no sense."""

import datetime
import io
import re
from types import SimpleNamespace

import pytest
from pypdf import PdfReader

from portal.core.editions import clock
from portal.core.typesetting import typeset
from portal.site.poster import paper, saying, views
from portal.site.poster.poster import MOST, Group, Row
from tests.make import (
    make_category,
    make_certificate,
    make_division,
    make_enterprise,
    make_product,
    make_subsidy,
    publish_products,
)


@pytest.fixture
def wall(settings, db):
    """Two parts of a house with many products sold in the county, and one that is sold elsewhere."""
    settings.PAGE_TOKEN_SECONDS = 0
    city = make_division("350700", "南平市", "prefecture", make_division())
    make_division("350702", "延平区", "county", city)
    make_division("330000", "浙江省")
    roof = make_category("303", "防水涂料", house_part="roof")
    water = make_category("401", "水嘴", house_part="water")
    soon = clock.today() + datetime.timedelta(days=30)
    here, away = make_enterprise(sells_in="350000"), make_enterprise(sells_in="330000")
    products = [
        make_product(
            name=f"{kind.name}{n}",
            category=kind,
            enterprise=here,
            certificate=make_certificate(star=str(1 + n % 3), valid_until=soon),
        )
        for kind in (roof, water)
        for n in range(14)
    ]
    publish_products(*products, make_product(name="外省的", category=roof, enterprise=away))
    make_subsidy("350702", category_codes=["303"], category_names=["防水涂料"])
    return soon


def text(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def rows_of(page):
    return re.findall(r'class="p-name">([^<]+)<.*?class="nw">([^<]+)<', page)


def test_each_part_has_as_many_rows_as_the_others_and_higher_stars_come_first(client, wall):
    page = text(client, "/poster/?place=350702")
    rows = rows_of(page)
    assert len(rows) == MOST
    assert sum(name.startswith("防水") for name, _stars in rows) == MOST // 2
    stars = [stars for name, stars in rows if name.startswith("水嘴")]
    assert stars == ["★★★"] * 4 + ["★★☆"] * 5 + ["★☆☆"] * 3
    assert "外省的" not in page
    assert "这 24 项在清单上，企业登记在延平区有销售，其中 12 项有补贴。" in page
    assert "共 28 项" in page
    assert "12315" in page
    assert f"{wall.year}年{wall.month}月{wall.day}日" not in page
    after = wall + datetime.timedelta(days=1)
    assert f"{after.year}年{after.month}月{after.day}日" in page
    assert len(rows_of(text(client, "/poster/?place=350702&category=303"))) == 14


def test_from_the_list_to_the_paper_in_three_taps(client, wall, tmp_path):
    client.get("/place/keep/?at=350702")
    listed = text(client, "/products/?category=303")
    poster = re.search(r'href="(/poster/\?[^"]+)">做成海报', listed).group(1).replace("&amp;", "&")
    papers = re.findall(r'href="(/poster/(a\d\.\w+)\?[^"]+)"', text(client, poster))
    assert [name for _href, name in papers] == ["a3.pdf", "a4.pdf", "a4.png"]
    for href, name in papers:
        response = client.get(href.replace("&amp;", "&"))
        assert response.status_code == 200
        (tmp_path / name).write_bytes(response.content)
    assert (tmp_path / "a4.png").read_bytes().startswith(b"\x89PNG")
    for name, size in (("a3.pdf", (842, 1191)), ("a4.pdf", (595, 842))):
        (sheet,) = PdfReader(tmp_path / name).pages
        assert tuple(round(one) for one in sheet.mediabox[2:]) == size
        assert "请于" in sheet.extract_text()


def test_the_words_are_short_and_can_be_said(client, wall):
    page = text(client, "/poster/?place=350702")
    (chat,) = re.findall(r"发在群里（\d+ 字）</h2><p>([^<]+)</p>", page)
    (aloud,) = re.findall(r"大喇叭里念（\d+ 字）</h2><p>([^<]+)</p>", page)
    assert len(chat) <= saying.CHAT
    assert len(aloud) <= saying.ALOUD
    assert "延平区" in chat
    assert "海报上有二十四样" in aloud
    assert "防水涂料、水嘴" in aloud
    assert not re.search(r"[0-9A-Za-z]", aloud)


def test_numbers_are_counted_as_they_are_said():
    said = {0: "零", 1: "一", 2: "两", 10: "十", 12: "十二", 20: "二十", 24: "二十四"}
    assert {number: saying.spoken(number) for number in said} == said


def test_nonsense_and_too_much_are_told_and_an_empty_list_is_no_poster(client, wall, monkeypatch):
    assert "没有「999999」这个值" in text(client, "/poster/?place=999999", 400)
    assert client.get("/poster/a5.pdf").status_code == 404
    client.cookies["place"] = "999999"  # of a division that is gone: as without it
    assert text(client, "/poster/")
    client.cookies.clear()
    assert "这份清单里没有产品" in text(client, "/poster/?star=green")
    assert "海报是空的" in text(client, "/poster/a4.pdf?star=green", 400)
    monkeypatch.setattr(views, "SET", views.Limit("posters-few", 0, 3600))
    assert "取海报太频繁" in text(client, "/poster/a4.pdf", 429)


@pytest.mark.parametrize("long", [0, 2, 3, 7, 8, 24])
@pytest.mark.parametrize("spread", [1, 8])
def test_the_longest_names_go_on_one_page(long, spread):
    """So many rows of the longest names, the others as long as one line takes."""
    longest = Row("长" * 60, "绿色产品", "厂" * 60, "补" * 20, "0000001-3")
    others = Row("长" * 11, "★★★", "厂" * 14, "补" * 10, "0000002-1")
    all_rows = [longest] * long + [others] * (MOST - long)
    share = MOST // spread
    given = SimpleNamespace(
        groups=[Group("门窗", "201", all_rows[at : at + share]) for at in range(0, MOST, share)],
        here="博尔塔拉蒙古自治州阿拉山口市",
        above="新疆维吾尔自治区 博尔塔拉蒙古自治州",
        is_demonstration=True,
        lead="这 24 项在清单上，企业登记在博尔塔拉蒙古自治州阿拉山口市有销售，其中 24 项有补贴。",
        rule="共 173 项，这里每个部位放得一样多，星级高的在前，再按最近列入。",
        subsidised=MOST,
        complaint=f"{'某' * 40}局 0000-12345678",
        reading=SimpleNamespace(edition=99_999, day=clock.today()),
        until=clock.today(),
        host="a-rather-long-host-name.example.org",
        address=f"https://example.org/products/?{'category=303&' * 30}",
    )
    for size in ("a3", "a4"):
        content = typeset(paper.LAYOUT, paper.data_of(given, size))
        assert len(PdfReader(io.BytesIO(content)).pages) == 1
