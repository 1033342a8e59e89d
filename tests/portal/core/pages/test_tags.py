"""Tags and filters of the look."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from portal.core.pages.pagination import Page
from portal.core.pages.templatetags import pages


def render(source: str, address: str = "/products/", **context) -> str:
    request = RequestFactory().get(address)
    return Template("{% load pages %}" + source).render(Context({"request": request, **context}))


@pytest.mark.parametrize("code", pages.STATUSES)
def test_a_status_is_word_and_shape_and_colour(code):
    drawn = pages.status(code)
    css, shape, word = pages.STATUSES[code]
    assert f'class="st {css}"' in drawn
    assert f"#i-{shape}" in drawn
    assert word in drawn


def test_every_shape_is_in_the_sprite(settings):
    sprite = (settings.BASE_DIR / "static" / "icons.svg").read_text()
    for _css, shape, _word in pages.STATUSES.values():
        assert f'id="i-{shape}"' in sprite


def test_stars_are_drawn_and_said():
    assert "★★☆" in pages.stars("2")
    assert "二星级" in pages.stars("2")
    assert "★" not in pages.stars("green")
    assert "绿色产品" in pages.stars("green")
    assert pages.stars("") == ""


def test_a_moment_is_shown_as_its_day_in_shanghai():
    moment = datetime(2022, 6, 5, 16, 4, tzinfo=UTC)
    assert pages.cn_date(moment) == '<time datetime="2022-06-06">2022年6月6日</time>'
    assert "2022年6月6日 0:04" in pages.cn_moment(moment)
    assert pages.cn_date(date(2022, 6, 6)) == '<time datetime="2022-06-06">2022年6月6日</time>'
    assert pages.cn_date(None) == ""


def test_a_hash_is_grouped_for_reading():
    assert pages.grouped("d57429e2f7a015be") == "d57429e2 f7a015be"
    assert pages.grouped(bytes.fromhex("d57429e2f7a0")) == "d57429e2 f7a0"


def test_a_link_keeps_the_query():
    assert render("{% here page=3 %}", "/products/?star=3&page=2") == "/products/?star=3&amp;page=3"
    assert render("{% here page=None star=None %}", "/products/?star=3&page=2") == "/products/"


def test_the_pager_keeps_the_query_and_marks_the_page():
    drawn = render("{% pager page %}", "/products/?star=3&page=2", page=Page(2, 45))
    assert 'href="/products/?star=3"' in drawn
    assert 'href="/products/?star=3&amp;page=3"' in drawn
    assert 'href="/products/?star=3&amp;page=2" aria-current="page"' in drawn
    assert "第 21 至 40 项，共 45 项" in drawn
