"""What may be typed into a field: one rule each, a sentence for what cannot be stored, nothing changed behind one's back."""

import pytest

from portal.applications.cases.cleaning import FIELDS, clean_item, clean_items, clean_values
from tests.make import make_body, make_category, make_division

pytestmark = pytest.mark.django_db

RARE = "示例𠮷田𪚥建材有限公司"  # two characters of four bytes each


def cleaned(kind="register", **raw):
    values, personal, faults = clean_values(kind, raw)
    return {**values, **personal}, faults


@pytest.mark.parametrize(
    "name", ["\x00示例公司", "示例\x1b公司", "示例\u202e公司", "示\u200e例", "示\u2066例", "示\ud800例"]
)
@pytest.mark.parametrize("field", ["name", "address", "contact_person", "phone", "website"])
def test_hidden_characters_are_refused_and_the_field_is_named(field, name):
    values, faults = cleaned(**{field: name})
    assert values == {}
    assert faults.keys() == {field}
    assert "看不见" in faults[field]


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("示例АBC建材有限公司", "А"),
        ("示例建材有限公司Ο", "Ο"),
        ("示例建材有限公⼚", "⼚"),
        ("示例カ建材有限公司", "カ"),
    ],
)
def test_letters_that_only_look_alike_are_refused(name, letter):
    _values, faults = cleaned(name=name)
    assert f"“{letter}”" in faults["name"]


def test_rare_characters_of_four_bytes_are_kept():
    assert cleaned(name=RARE) == ({"name": RARE}, {})


@pytest.mark.parametrize(
    "field", [field.name for field in FIELDS["register"] if field.name != "is_legal_representative"]
)
def test_ten_thousand_characters_are_refused_with_the_limit(field):
    _values, faults = cleaned(**{field: "9" * 10_000})
    assert "最多" in faults[field]
    assert "10,000" in faults[field] or "10,007" in faults[field]


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("http://x")', "<script>alert(1)</script>", "+1+1", "@SUM(A1)", "-2+3"]
)
def test_formulas_and_tags_stay_text(text):
    assert cleaned(address=text) == ({"address": text}, {})
    make_category()
    values, faults = clean_item({"name": text, "models_text": text, "brand": "", "category": "13"})
    assert (values["name"], values["models_text"], faults) == (text, text, {})


def test_spaces_and_full_width_letters_become_what_was_meant():
    values, _faults = cleaned(name=" 示例 （厦门）建材\u3000有限公司ＡＢ ")
    assert values["name"] == "示例（厦门）建材有限公司AB"


def test_empty_fields_are_no_fault_and_unnamed_ones_are_not_touched():
    assert cleaned(name="", phone="   ") == ({"name": "", "phone": ""}, {})
    assert cleaned() == ({}, {})


def test_places_are_codes_and_unknown_ones_are_told():
    make_division("350000", "福建省")
    make_division("350583", "南安市", "county", make_division("350000"))
    assert cleaned(division="南安市")[0] == {"division": "350583"}
    assert cleaned(sells_in="全国各地")[0] == {"sells_in": "全国"}
    assert cleaned(sells_in="福建省，南安市")[0] == {"sells_in": "350000、350583"}
    assert "亚特兰蒂斯" in cleaned(sells_in="福建省、亚特兰蒂斯")[1]["sells_in"]
    assert "division" in cleaned(division="999999")[1]


@pytest.mark.parametrize(
    ("field", "raw", "kept"),
    [
        ("website", "www.example.cn", "http://www.example.cn"),
        ("website", "https://example.cn/a", "https://example.cn/a"),
        ("phone", "0592-1234567 转 801", "0592-1234567 转 801"),
        ("is_legal_representative", "on", True),
        ("is_legal_representative", "", False),
    ],
)
def test_what_people_type_is_read(field, raw, kept):
    assert cleaned(**{field: raw}) == ({field: kept}, {})


@pytest.mark.parametrize(
    ("field", "raw"),
    [("website", "javascript:alert(1)"), ("website", "没有网站"), ("phone", "请打给张三"), ("phone", "12")],
)
def test_what_is_no_address_and_no_telephone_is_told(field, raw):
    assert cleaned(**{field: raw})[1].keys() == {field}


@pytest.mark.parametrize("raw", ["没有", "无", "-", "N/A"])
def test_the_signs_for_nothing_are_nothing_as_in_a_cell(raw):
    assert cleaned(website=raw, phone=raw) == ({"website": "", "phone": ""}, {})


def test_a_certificate_is_read_as_printed():
    make_body("ctc")
    values, faults = cleaned(
        "product",
        body="ctc",
        number="CABR-01（02）-（2025）-CGP-035",
        star="三星级",
        issued_on="2025年3月1日",
        valid_until="2030.2.28",
    )
    assert faults == {}
    assert values["number"] == "CABR-01（02）-（2025）-CGP-035"
    assert (values["star"], values["issued_on"], values["valid_until"]) == ("3", "2025-03-01", "2030-02-28")
    _values, faults = cleaned("product", body="none", star="九星", issued_on="昨天", number="АBC")
    assert faults.keys() == {"body", "star", "issued_on", "number"}


def test_a_letter_is_signed_under_a_text_that_stands():
    _values, faults = cleaned("commitment", template_version="99", campaign="none", signed_on="2026-02-30")
    assert faults.keys() == {"template_version", "campaign", "signed_on"}
    assert cleaned("commitment", template_version="9" * 40)[1].keys() == {"template_version"}


def test_what_was_stored_is_clean_when_it_is_read_again():
    make_division("350000", "福建省")
    values, _personal, _faults = clean_values(
        "register",
        {"name": RARE, "division": "福建省", "website": "example.cn", "is_legal_representative": "on"},
    )
    assert clean_values("register", values)[0] == values


def test_a_category_may_be_named_and_many_lines_cost_one_look(django_assert_num_queries):
    make_category("13", "防水卷材")
    make_category("14", "同名")
    make_category("15", "同名")
    rows = [{"name": f"卷材{n}", "category": "防水卷材"} for n in range(50)] + [
        {"name": "x", "category": "同名"}
    ]
    with django_assert_num_queries(1):
        outcome = clean_items(rows)
    assert {values["category"] for values, faults in outcome if not faults} == {"13"}
    assert outcome[-1][1].keys() == {"category"}
