"""Changes of prose are marked inside whole markup."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.text.marked import marked
from portal.core.text.prose import plain_text, sanitise

TABLE = "<table><tbody><tr><td>{}</td><td>{}</td></tr></tbody></table>"


@pytest.mark.parametrize(
    ("before", "after", "drawn"),
    [
        ("<p>甲乙</p>", "<p>甲乙</p>", "<p>甲乙</p>"),
        ("<p>甲乙丙</p>", "<p>甲丁丙</p>", "<p>甲<del>乙</del><ins>丁</ins>丙</p>"),
        ("<p>甲</p>", "<p>甲</p><h2>乙</h2>", "<p>甲</p><h2><ins>乙</ins></h2>"),
        ("<p>甲</p><p>乙</p>", "<p>乙</p>", "<p><del>甲</del></p><p>乙</p>"),
        ("<p>甲</p>", "<h2>甲</h2>", "<p><del>甲</del></p><h2><ins>甲</ins></h2>"),
        ("", "<p>甲 &amp; 乙</p>", "<p><ins>甲 &amp; 乙</ins></p>"),
        (
            TABLE.format("10 元", "甲"),
            TABLE.format("12 元", "甲"),
            TABLE.format("<del>10</del><ins>12</ins> 元", "甲"),
        ),
        (
            "<ol><li>甲</li></ol>",
            "<ol><li>甲</li><li>乙</li></ol>",
            "<ol><li>甲</li><li><ins>乙</ins></li></ol>",
        ),
        (
            "<ul><li>甲<ul><li>乙</li></ul></li></ul><p>丙</p>",
            "<ul><li>甲</li></ul><p>丙</p>",
            "<ul><li>甲<del>乙</del></li></ul><p>丙</p>",
        ),
    ],
)
def test_what_changed_is_marked(before, after, drawn):
    assert marked(before, after) == drawn


class Nesting(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.faults = [], []

    def handle_starttag(self, tag, attrs):
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)

    def handle_data(self, data):
        if data.strip() and self.open and self.open[-1] in {"table", "tbody", "thead", "tr", "ul", "ol"}:
            self.faults.append(data)


BLOCK = st.sampled_from(
    [
        "<p>{}</p>",
        "<h2>{}</h2>",
        "<ul><li>{}</li><li>乙</li></ul>",
        "<ul><li>乙<ul><li>{}</li></ul></li><li>丙</li></ul>",
        TABLE.format("{}", "丙"),
        "<p>a<strong>{}</strong></p>",
    ]
)
PROSE = (
    st.lists(
        st.builds(str.format, BLOCK, st.sampled_from(["甲", "甲乙", "10 元", "a &lt; b", ""])), max_size=4
    )
    .map("".join)
    .map(sanitise)
)


@given(PROSE, PROSE)
def test_it_is_whole_and_says_the_new_wording(before, after):
    drawn = marked(before, after)
    nesting = Nesting()
    nesting.feed(drawn)
    assert (nesting.open, nesting.faults) == ([], [])
    kept = re.sub(r"<del>.*?</del>", "", drawn, flags=re.S)
    assert plain_text(kept) == plain_text(after)
