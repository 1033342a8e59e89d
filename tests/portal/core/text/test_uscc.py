import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.text import uscc
from portal.core.text.uscc import Level, check_character, normalise, province_of, verdict

with (Path(__file__).parent / "uscc_vectors.csv").open(encoding="utf-8") as file:
    VECTORS = [(row["code"], row["expected"], row["reason"]) for row in csv.DictReader(file)]


@pytest.mark.parametrize(("code", "expected", "reason"), VECTORS)
def test_each_vector_of_the_standard_gets_its_verdict(code, expected, reason):
    found = verdict(code)
    assert found.level == expected
    assert bool(found.reason) == (expected != "valid")
    if expected == "invalid":
        assert found.rule == reason


def test_all_vectors_are_read():
    assert len(VECTORS) == 48


@pytest.mark.parametrize(
    "written", ["91110000600037341l", "9111 0000 6000 3734 1L", "９１１１００００-６０００３７３４１Ｌ"]
)
def test_lower_case_spaces_and_full_width_are_one_code(written):
    assert normalise(written) == "91110000600037341L"
    assert verdict(written).is_valid


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("350203200012345", "旧工商注册号"),
        ("N/A", "未填写"),
        ("", "未填写"),
        ("9111000O600037341L", "“O”"),
        ("911100", "6位"),
    ],
)
def test_the_reason_says_what_to_do(code, said):
    found = verdict(code)
    assert found.level is Level.INVALID
    assert said in found.reason


def test_only_a_wrong_check_character_or_province_may_be_overridden():
    assert verdict("91110000600037341M").may_be_overridden
    assert verdict("91350203M0001QAY9B").may_be_overridden
    assert verdict(with_check("91990000600037341")).may_be_overridden
    assert not verdict("91110000600037341").may_be_overridden
    assert not verdict("9111000O600037341L").may_be_overridden
    assert not verdict("91110000600037341L").may_be_overridden


def test_a_province_that_does_not_exist_is_refused():
    assert verdict(with_check("91990000600037341")).rule == "bad_province"


@pytest.mark.parametrize(
    ("code", "province"),
    [
        ("91350203M0001QAY9B", "350000"),
        ("N2331082MF1234567X", "330000"),
        ("12100000400012342E", None),
        ("x", None),
    ],
)
def test_the_province_is_read_from_its_two_digits(code, province):
    assert province_of(code) == province


def test_there_are_34_provinces():
    assert sum(province_of(f"91{number:02d}") is not None for number in range(100)) == 34


@given(
    st.text(st.sampled_from(uscc.ALPHABET), min_size=15, max_size=15),
    st.integers(0, 16),
    st.sampled_from(uscc.ALPHABET),
)
def test_any_single_wrong_character_is_found(tail, place, wrong):
    code = with_check("91" + tail)
    changed = code[:place] + wrong + code[place + 1 :]
    assert (check_character(changed[:17]) == changed[17]) == (changed == code)


@given(st.text(st.characters()))
def test_a_verdict_on_any_text_is_given(text):
    found = verdict(text)
    assert found.is_valid or found.reason
    province_of(text)


def with_check(first17):
    return first17 + check_character(first17)
