"""How far a redaction reaches in what is kept, without a row: what says the value goes, and no word besides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.publication.compiling.redactable import PLACEHOLDER, REDACTABLE, texts_in
from catalog.publication.models import EnterpriseLine, ProductLine
from catalog.publication.publishing.reach import Reach

REACH = Reach(["张三", "李", "示例（厦门）公司"], {7, 3}, {9, 2})


@pytest.mark.parametrize(
    ("kept", "left"),
    [
        ("张三", PLACEHOLDER),
        (" 张 三 ", PLACEHOLDER),
        ("示例(厦门)公司", PLACEHOLDER),
        ("李", PLACEHOLDER),
        ("联系张三，电话", f"联系{PLACEHOLDER}，电话"),
        ("李四", "李四"),  # one character inside a longer text is nobody's name
        ("王五", "王五"),
        ("", ""),
        (None, None),
        (15, 15),
        (["张三", ["李"], 1], [PLACEHOLDER, [PLACEHOLDER], 1]),
        ({"甲": "张三", "张三": {"乙": "李"}}, {"甲": PLACEHOLDER, PLACEHOLDER: {"乙": PLACEHOLDER}}),
    ],
)
def test_what_says_the_value_is_blanked_wherever_it_stands(kept, left):
    assert REACH.without(kept) == left


def test_of_named_entries_alone_the_others_stay():
    kept = {"name": "张三", "note": "张三", "rows": [{"name": "李"}]}
    assert REACH.without(kept, within=("name",)) == kept | {"name": PLACEHOLDER}
    assert REACH.without([kept, "张三"], within=("name",)) == [kept | {"name": PLACEHOLDER}, PLACEHOLDER]


@given(st.recursive(st.none() | st.integers() | st.text("张三李四（）ab "), lambda some: st.lists(some)))
def test_nothing_that_is_left_says_the_value(kept):
    left = REACH.without(kept)
    assert "张三" not in str(left)
    assert REACH.without(left) == left


def test_owners_come_in_the_order_of_locks():
    assert REACH.owners == [("enterprise", 3), ("enterprise", 7), ("certificate", 2), ("certificate", 9)]
    assert not REACH.names("")
    assert not REACH.names(None)


def test_the_texts_of_a_field_are_those_that_say_something():
    line = EnterpriseLine(
        name="示例公司", phone="", former_names=[{"name": "旧名"}, {"name": PLACEHOLDER}, {"name": ""}]
    )
    assert [texts_in(line, name) for name in ("name", "phone", "former_names")] == [
        ["示例公司"],
        [],
        ["旧名"],
    ]


def test_no_number_and_no_state_can_be_redacted():
    """A list without what it lists, or a removal without its reason code, would be another list."""
    for model, names in REDACTABLE.items():
        assert set(names) <= set(model.SEALED)
        assert not {"number", "listing_status", "reason_code", "action", "uscc", "valid_until"} & set(names)
    assert "brand" in REDACTABLE[ProductLine]
