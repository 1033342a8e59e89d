import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.text.numbers import HIGHEST, format_number, parse_number

SERIALS = st.integers(1, HIGHEST)


def test_a_number_has_seven_digits_and_a_check_digit():
    assert format_number(127) == "0000127-5"


@pytest.mark.parametrize(
    "written", ["0000127-5", " 0000 127 5 ", "００００１２７－５", "00001275", "0000127—5"]
)
def test_a_number_is_read_however_it_is_typed(written):
    assert parse_number(written) == 127


@pytest.mark.parametrize(
    "written", ["0000127-4", "127-5", "127", "", "0000000-0", "0000127-55", "abcdefg-h", "٠٠٠٠١٢٧-٥"]
)
def test_what_is_no_number_is_not_read(written):
    assert parse_number(written) is None


@pytest.mark.parametrize("serial", [0, -1, HIGHEST + 1])
def test_a_serial_outside_seven_digits_is_refused(serial):
    with pytest.raises(ValueError, match="产品编号"):
        format_number(serial)


@given(SERIALS)
def test_every_number_reads_back(serial):
    assert parse_number(format_number(serial)) == serial


@given(SERIALS, st.integers(0, 7), st.sampled_from("0123456789"))
def test_every_single_wrong_digit_is_found(serial, place, digit):
    right = format_number(serial).replace("-", "")
    wrong = right[:place] + digit + right[place + 1 :]
    assert wrong == right or parse_number(wrong) is None


@given(SERIALS, st.integers(0, 6))
def test_every_exchange_of_neighbours_is_found(serial, place):
    right = format_number(serial).replace("-", "")
    wrong = right[:place] + right[place + 1] + right[place] + right[place + 2 :]
    assert wrong == right or parse_number(wrong) is None


@given(st.text(st.characters()))
def test_any_text_may_be_tried(text):
    parse_number(text)
