"""Whole numbers as strangers send them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.text.digits import MOST_DIGITS, whole


@given(st.integers(min_value=0, max_value=10**MOST_DIGITS - 1))
def test_a_number_is_read(number):
    assert whole(str(number)) == whole(number) == number


@pytest.mark.parametrize(
    "text", ["", "-1", "+1", " 1", "1\n", "1.0", "1e3", "²", "١٢", "１２", "0x1", "9" * 19, None, "1_0"]
)
def test_everything_else_is_none(text):
    assert whole(text) is None


@given(st.text(max_size=30))
def test_no_text_breaks_it_and_what_is_read_fits_a_key(text):
    number = whole(text)
    assert number is None or 0 <= number < 2**63
