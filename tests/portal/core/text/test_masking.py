"""Masked data tell two persons apart and reach neither."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.text.masking import mask_email, mask_name, mask_phone

ANY_TEXT = st.text(st.characters())


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13812341234", "138****1234"),
        ("１３８１２３４１２３４", "138****1234"),
        ("+86 138 1234 1234", "138****1234"),
        ("8613812341234", "138****1234"),
        ("0571-88888888", "0571-****8888"),
        ("(010)65432109", "010-****2109"),
        ("+86 10 65432109", "010-****2109"),
        ("0086 021 5432 1098", "021-****1098"),
        ("0596 7654321", "0596-****4321"),
        ("0571-88888888-801", "0571-****8801"),
        ("400-123-4567", "400****4567"),
        ("张三 13812341234", "138****1234"),
        ("13812341234 / 0571-88888888", "138****1234 0571-****8888"),
        ("88001234", "****34"),
        ("110", "****"),
        ("1234", "****"),  # two of four digits would be half of it
        ("12345", "****45"),
        ("123456789", "****89"),
        ("1234567890", "123****7890"),
        ("0591-12345", "****45"),
        ("0591-123456", "059****3456"),  # one digit short of a number behind its area code
        ("0591-1234567", "0591-****4567"),
        ("010-123456", "****56"),
        ("010-1234567", "010-****4567"),
        ("8612345", "****45"),  # 86 is no country here: too few digits follow
        ("见公司网站", ""),
        ("", ""),
    ],
)
def test_a_masked_phone_shows_its_ends_only(phone, shown):
    assert mask_phone(phone) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("zhang.san@example.com", "z***@example.com"),
        ("z@example.com", "z***@example.com"),
        ("a@b@example.com", "a***@example.com"),
        ("zhang.san", "***"),
        ("", ""),
    ],
)
def test_a_masked_address_shows_its_first_letter_and_its_host(address, shown):
    assert mask_email(address) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("陈大明", "陈**"),
        ("陈明", "陈*"),
        ("陈", "陈*"),
        ("𠮷田太郎", "𠮷***"),
        ("John Smith", "J***"),
        ("", ""),
    ],
)
def test_a_masked_name_shows_its_first_character(name, shown):
    assert mask_name(name) == shown


@given(ANY_TEXT)
def test_masking_takes_any_text(text):
    for mask in (mask_phone, mask_email, mask_name):
        mask(text)


@given(st.from_regex(r"1[3-9]\d{9}", fullmatch=True))
def test_the_middle_of_a_mobile_number_is_never_shown(number):
    assert number[3:7] not in mask_phone(number).replace(number[:3], "", 1).replace(number[-4:], "")
