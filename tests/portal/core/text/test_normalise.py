import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.text.normalise import clean, clean_name, fold, fold_number

ANY_TEXT = st.text(st.characters())
RARE = "𠀀𪚥𰻝"  # extensions B and G


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  示例建材\n有限公司\t", "示例建材 有限公司"),
        ("示例\u200b建\ufeff材\u202e", "示例建材"),
        ("a\x00b\x07c", "abc"),
        ("ＳＢＳ－１２３（改性）", "SBS－123（改性）"),
        ("示例　建材", "示例 建材"),
        ("plain   text ", "plain text"),
        ("half \ud840 a pair", "half a pair"),
        (RARE, RARE),
        ("", ""),
    ],
)
def test_stored_text_keeps_what_was_printed_and_loses_what_nobody_sees(typed, stored):
    assert clean(typed) == stored


def test_a_name_broken_over_two_lines_of_a_cell_is_one_name():
    assert clean_name("示例建材\n（厦门） 有限公司") == "示例建材（厦门）有限公司"
    assert clean_name("Octo Tile\n瓷砖") == "Octo Tile 瓷砖"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("示例（厦门）建材", "示例(厦門) 建材"),
        ("防水捲材", "防水卷材"),
        ("ＯＣＴＯ tile", "octotile"),
        ("甲·乙", "甲•乙"),
        ("SBS-I", "sbs—i"),
        ("【A】", "(a)"),
        ("600×600", "600x600"),
    ],
)
def test_what_a_reader_calls_the_same_has_the_same_fold(one, other):
    assert fold(one) == fold(other)


def test_different_names_stay_different():
    assert fold("示例建材一厂") != fold("示例建材二厂")
    assert fold("SBS-1") != fold("SBS1")


@pytest.mark.parametrize(
    "written",
    [
        "CABR-01(02)-(2025)-CGP-035",
        "cabr－01（02）－（2025）－cgp－035",
        " CABR—01 【02】- 〔2025〕-CGP-035\n",
    ],
)
def test_one_certificate_number_in_three_hands_has_one_key(written):
    assert fold_number(written) == "CABR-01(02)-(2025)-CGP-035"


@given(ANY_TEXT)
def test_cleaning_and_folding_twice_changes_nothing(text):
    for change in (clean, clean_name, fold, fold_number):
        once = change(text)
        assert change(once) == once


@given(ANY_TEXT)
def test_whatever_is_stored_can_be_written_to_a_database(text):
    stored = clean(text)
    assert "\x00" not in stored
    stored.encode()


@given(st.text(st.sampled_from(RARE + "防水"), min_size=1))
def test_rare_characters_survive_every_fold(text):
    assert clean(text) == clean_name(text) == fold(text) == fold_number(text) == text
