"""From cells to values: what people type, and what Excel makes of it."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.fields.invalid import InvalidValue
from catalog.fields.phones import is_mobile
from catalog.imports.understanding.cell_text import shown, text_of
from catalog.imports.understanding.cleaning import cleaner
from catalog.imports.understanding.faults import SENTENCES, sentence
from catalog.imports.understanding.heading_words import ENTERPRISES, FIELDS, PRODUCTS

DAY = datetime.date(2022, 6, 6)
CELLS = st.one_of(
    st.text(max_size=30),
    st.floats(),
    st.integers(),
    st.none(),
    st.booleans(),
    st.text(max_size=20).map(lambda text: [text]),
)


def clean(field, cell, register=PRODUCTS):
    return cleaner(register, field)(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "2022-06-06",
        "2022/6/6",
        "2022.6.6",
        "2022年6月6日",
        "20220606",
        20220606.0,
        44718.0,
        ["2022-06-06"],
        " ２０２２-６-６ ",
    ],
)
def test_a_date_is_read_however_it_is_written(cell):
    assert clean("issued_on", cell) == DAY


@pytest.mark.parametrize(
    "cell",
    ["2022-06-06~2027-06-05", "2022.6.6至2027.6.5", "2022年6月6日-2027年6月5日", "2022/6/6 - 2027/6/5"],
)
def test_a_range_in_one_cell_gives_both_ends(cell):
    assert clean("valid_until", cell) == (DAY, datetime.date(2027, 6, 5))


@pytest.mark.parametrize("cell", ["三星级", "★★★", "3", 3.0, "三星", "3星", "三 星 级"])
def test_a_star_is_read_however_it_is_written(cell):
    assert clean("star", cell) == "3"


@pytest.mark.parametrize("cell", ["", None, "-", "—", "/", "无", "N/A", "  ", "暂无", "\u200b"])
def test_signs_for_empty_give_no_value(cell):
    assert not clean("brand", cell)
    assert not clean("issued_on", cell)


@pytest.mark.parametrize(
    ("field", "cell", "value"),
    [
        ("name", "石膏\n板", "石膏板"),
        ("name", "　纸面 石膏板 ", "纸面石膏板"),
        ("models_text", 600.0, "600"),
        ("models_text", "1200 × 600", "1200 × 600"),
        ("models_text", 9.5, "9.5"),
        ("certificate_number", "ＣＡＢＲ-01（02）-2025", "CABR-01（02）-2025"),
        ("certificate_number", '="0012345"', "0012345"),
        ("brand", "'=SUM牌", "=SUM牌"),
        ("serial", 1275.0, 127),
        ("serial", "0000127-5", 127),
        ("status", "有效（2027年到期）", "valid"),
        ("status", "已撤销", "revoked"),
    ],
)
def test_a_cell_is_cleaned(field, cell, value):
    assert clean(field, cell) == value


@pytest.mark.parametrize(
    ("field", "cell", "rule"),
    [
        ("uscc", 9.133010025405519e17, "digits-lost"),
        ("uscc", "9.1330100254E+17", "digits-lost"),
        ("uscc", "91330702", "uscc-bad-length"),
        ("uscc", "9133O702704539338F", "uscc-bad-charset"),
        ("certificate_number", "1.23E+12", "digits-lost"),
        ("models_text", ["2022-03-05"], "became-date"),
        ("name", "#N/A", "cell-error"),
        ("name", "=VLOOKUP(A1,B:C,2,0)", "formula-without-value"),
        ("valid_until", "长期", "date"),
        ("valid_until", "2022-02-30", "date"),
        ("star", "四星", "star"),
        ("status", "不明", "status"),
        ("serial", "0000127-4", "serial"),
        ("name", "长" * 121, "too-long"),
    ],
)
def test_a_bad_cell_says_which_rule_it_breaks(field, cell, rule):
    with pytest.raises(InvalidValue) as bad:
        clean(field, cell)

    assert bad.value.rule == rule
    assert sentence(rule, **{"value": shown(cell)} | bad.value.values)


def test_the_directory_takes_phones_and_addresses_of_sites():
    assert clean("phone", "0591-12345678 转 8", ENTERPRISES) == "0591-12345678 转 8"
    assert clean("phone", 13812341234.0, ENTERPRISES) == "13812341234"
    assert clean("website", "WWW.example.com/a", ENTERPRISES) == "http://WWW.example.com/a"
    with pytest.raises(InvalidValue):
        clean("phone", "张三", ENTERPRISES)
    with pytest.raises(InvalidValue):
        clean("website", "没有网站的", ENTERPRISES)


def test_a_mobile_number_is_told_from_one_of_the_unit():
    assert is_mobile("138 1234 1234")
    assert is_mobile("+86-13812341234")
    assert not is_mobile("0591-13812341")


def test_a_code_with_a_doubtful_check_character_is_left_to_the_register():
    assert clean("uscc", "91350203M0001QAY9B").rule == "nonconforming_check"


@pytest.mark.parametrize("register", [PRODUCTS, ENTERPRISES])
@given(cell=CELLS)
def test_no_cell_whatever_breaks_a_cleaner(register, cell):
    for entry in FIELDS[register]:
        rule, values = "empty", {}
        try:
            cleaner(register, entry.name)(cell)
        except InvalidValue as bad:
            rule, values = bad.rule, bad.values
        assert rule in SENTENCES
        assert sentence(rule, **values)


@given(st.text(max_size=40))
def test_cleaning_twice_changes_nothing(text):
    try:
        once = text_of(text)
        twice = text_of(once)
    except InvalidValue:
        return
    assert twice == once or text.lstrip().startswith(("'", "="))


@pytest.mark.parametrize(
    ("text", "is_taken"), [("1234", False), ("12345", True), ("12-34", False), ("12-345", True)]
)
def test_a_phone_has_at_least_five_digits(text, is_taken):
    if is_taken:
        assert clean("phone", text, ENTERPRISES) == text
    else:
        with pytest.raises(InvalidValue):
            clean("phone", text, ENTERPRISES)
