"""What the walk over all pages (`test_access`) takes for a machine word."""

import pytest

from .machine_words import machine_words


@pytest.mark.parametrize(
    "said",
    [
        "uscc-bad-check",
        "来源 import:14",
        "原因：抽查不合格。，",
        "notice_days 不对",
        "有效 True",
        '{"a": 1}',
        "<img alt='' title=\"None\">",
    ],
)
def test_it_is_found(said):
    assert machine_words(f"<p>{said}</p>") != []


@pytest.mark.parametrize(
    "said",
    ["见 https://cx.cnca.cn/a_b", "a.b-c@example.com", "<code>uscc-bad-check</code>", "GB/T 1-2", "Low-E"],
)
def test_what_people_read_is_not(said):
    assert machine_words(f"<p>{said}</p>") == []
