"""Prose keeps the few elements it may have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.text.advertising import advertising_words
from portal.core.text.prose import from_textarea, links, plain_text, sanitise

KEPT = (
    '<p>六部门<strong>指导</strong>，<a href="/products/">清单</a>和<a href="https://cx.cnca.cn/">认e云</a></p>'
    "<h2>三家企业</h2><ul><li>北新</li></ul>"
    '<table><caption>数目</caption><tbody><tr><th scope="row">产品</th><td colspan="2">700</td></tr></tbody></table>'
)


def test_what_an_article_needs_is_kept():
    assert sanitise(KEPT) == KEPT


def test_elements_that_mean_the_same_become_those_of_the_house():
    assert sanitise("<div>一<b>二</b></div><h1>三</h1>") == "<p>一<strong>二</strong></p><h2>三</h2>"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("第一段\n\n第二段\n换行", "<p>第一段</p><p>第二段<br>换行</p>"),
        ("a < b & c", "<p>a &lt; b &amp; c</p>"),
        ("看<a href='/notices/1/'>这里</a>", '<p>看<a href="/notices/1/">这里</a></p>'),
        ("<p>已有标记</p>\n\n<p></p>", "<p>已有标记</p>"),
        ("  \n ", ""),
    ],
)
def test_text_typed_without_the_editor_becomes_paragraphs(typed, kept):
    assert from_textarea(typed) == kept


def test_what_nobody_can_see_is_taken_away():
    assert sanitise("<p>国\u200b家&#8203;级&nbsp;字</p><p>&nbsp;</p>") == "<p>国家级 字</p>"


def test_the_words_alone_come_a_line_for_each_block():
    assert plain_text(sanitise(KEPT)).splitlines() == [
        "六部门指导，清单和认e云",
        "三家企业",
        "北新",
        "数目",
        "产品 700",
    ]
    assert plain_text("<p>1 &lt; 2 &amp; 3</p>") == "1 < 2 & 3"


def test_links_are_found_in_their_order():
    assert links(sanitise(KEPT)) == ["/products/", "https://cx.cnca.cn/"]


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "//evil.example/",
        "/\\evil.example/",
        "data:text/html,x",
        "ftp://x/",
        "relative",
        "",
    ],
)
def test_a_link_that_leads_nowhere_good_loses_its_address(address):
    assert "href" not in sanitise(f'<p><a href="{address}">x</a></p>')


@given(st.text(alphabet="<>/ab \"'=&;#x!-pscriptimgonerror\n", max_size=80))
def test_doing_it_twice_changes_nothing(text):
    once = sanitise(text)
    assert sanitise(once) == once


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("国 家级产品", ["国家级"]),
        ("國家級、最佳", ["国家级", "最佳"]),
        ("第一批产品清单，最大公约数", []),
    ],
)
def test_advertising_words_are_found_however_they_are_written(text, found):
    assert advertising_words(text) == found


def test_words_after_a_table_stay_after_it():
    prose = "<p>一</p><table><tbody><tr><td>二</td><td>三</td></tr></tbody></table><p>四</p>"
    assert plain_text(prose) == "一\n二 三\n四"
