"""Sentences made of what people typed have one stop."""

import pytest

from portal.core.text.clauses import bare, in_one


@pytest.mark.parametrize(
    ("typed", "clause"),
    [
        ("抽查不合格。", "抽查不合格"),
        ("抽查不合格；\u3000", "抽查不合格"),
        ("见 GB/T 1.1（2020）", "见 GB/T 1.1（2020）"),
        ("为何？", "为何？"),
        ("。", ""),
    ],
)
def test_the_stop_that_was_typed_goes(typed, clause):
    assert bare(typed) == clause


def test_clauses_are_joined_without_what_is_empty_or_said_twice():
    assert in_one("质量问题", "抽查不合格。", "", None, "质量问题。") == "质量问题，抽查不合格"
