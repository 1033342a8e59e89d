"""Slots of a page, and the blocks that rooms above put there."""

import datetime

import pytest
from django.template import Context, Engine, Template

from portal.core.pages import blocks
from portal.core.pages.reading import ReadAt

READING = ReadAt(3, datetime.date(2026, 11, 24), 3, datetime.date(2026, 11, 24))


@pytest.fixture
def _empty_slots(monkeypatch):
    monkeypatch.setattr(blocks, "_slots", blocks.defaultdict(list))


@pytest.fixture
def page(monkeypatch, _empty_slots) -> Template:
    """A page with one slot, among whose templates is `block.html`."""
    engine = Engine(
        loaders=[
            ("django.template.loaders.locmem.Loader", {"block.html": "<p>{{ name }} {{ words }}</p>"}),
        ],
        libraries={"pages": "portal.core.pages.templatetags.pages"},
    )
    return engine.from_string("{% load pages %}[{% slot 'region' subject %}]")


def drawn(page: Template) -> str:
    return page.render(Context({"reading": READING, "subject": "福建省", "name": "页面"}))


def test_an_empty_slot_draws_nothing(page):
    assert drawn(page) == "[]"


def test_blocks_stand_in_the_order_of_their_places(page):
    blocks.fills("region", "block.html", place=2)(lambda reading, subject: {"words": "后"})
    blocks.fills("region", "block.html", place=1)(lambda reading, subject: {"words": f"先 {subject}"})
    assert drawn(page) == "[<p>页面 先 福建省</p><p>页面 后</p>]"


def test_a_block_with_nothing_to_show_is_left_out(page):
    blocks.fills("region", "block.html")(lambda reading, subject: None)
    assert drawn(page) == "[]"


def test_a_block_reads_at_the_edition_of_the_page_and_its_text_is_escaped(page):
    blocks.fills("region", "block.html")(lambda reading, subject: {"words": f"<b>{reading.edition}"})
    assert drawn(page) == "[<p>页面 &lt;b&gt;3</p>]"
