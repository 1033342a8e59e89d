"""What each rule makes of a text: the doors are compared with one another elsewhere, here with what is right."""

import datetime

import pytest
from django.forms import ValidationError

from catalog.fields import readings
from catalog.fields.catalogue import CERTIFICATE, ENTERPRISE, PRODUCT
from catalog.fields.field import Field, says_nothing
from catalog.fields.form_fields import DeclaredChoice, DeclaredDay, DeclaredField
from catalog.fields.invalid import InvalidValue
from catalog.fields.phones import numbers_within
from portal.core.text.uscc import check_character

from .test_rules import rule_of

WEBSITE, PHONE, NAME = (ENTERPRISE[name] for name in ("website", "phone", "name"))
BODY = "91350200MA0000001"
CODE = BODY + check_character(BODY)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("www.example.cn", "http://www.example.cn"),
        ("HTTPS://www.Example.cn/a?b=c#d", "https://www.Example.cn/a?b=c#d"),
        ("http：／／www。a－b．cn／c＿d？e＝f＆g＝h＃i", "http://www.a-b.cn/c_d?e=f&g=h#i"),
        ("example.cn:8443?a", "http://example.cn:8443?a"),
        ("示例.中国/路径", "http://示例.中国/路径"),
        ("xn--fiq228c.XN--fiqs8s", "http://xn--fiq228c.XN--fiqs8s"),
        ("a.b-9.cn", "http://a.b-9.cn"),
        (f"{'a' * 63}.{'b' * 20}", f"http://{'a' * 63}.{'b' * 20}"),
        (f"a.xn--{'b' * 58}", f"http://a.xn--{'b' * 58}"),
    ],
)
def test_an_address_is_kept_with_its_scheme(typed, kept):
    assert WEBSITE.read(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        *(f"http://printer.{name}/" for name in ["localhost", "local", "localdomain", "internal", "intranet", "lan", "corp", "home"]),
        *("a.invalid", "a.onion", "A.LAN", "localhost", "1.2.3.4", "user:pw@example.cn", "user@example.cn", "ftp://example.cn"),
        *(f"{'a' * 64}.cn", f"a.{'b' * 21}", f"a.xn--{'b' * 59}", "a.c", "a.xn--b", "-a.cn", "a-.cn", "a..cn", "a_b.cn"),
        *("a.cn:", "a.cn:x", "a.cn/<b>", 'a.cn/"', "a.cn/`", "a.cn/{b}", "a.cn/b c", "a.cn\\@b.cn", "cn", "http://", "a.cnn1"),
    ],
)  # fmt: skip
def test_what_leads_into_a_network_or_is_no_address_is_refused(typed):
    assert rule_of(WEBSITE, typed) == "website"


@pytest.mark.parametrize(
    ("text", "numbers", "rest"),
    [
        ("张三 13800138000", "13800138000", "张三"),
        ("0592—1234567（销售部）", "0592-1234567", "销售部"),
        ("联系电话：(0592)1234567转801 陈经理", "0592-1234567 转 801", "陈经理"),
        ("手机 13800138000，座机 0592-1234567/68", "13800138000、0592-1234567/68", ""),
        ("Tel. +86 138 0013 8000", "+86-13800138000", ""),
        ("13800138000 甲 13800138000 乙", "13800138000", "甲 乙"),
        ("甲 1234567 EXT. 8", "1234567 转 8", "甲"),
        ("甲 12345678901234567 乙 1234567", "1234567", "甲 12345678901234567 乙"),
    ],
)
def test_numbers_among_words_are_parted_from_them(text, numbers, rest):
    assert numbers_within(text) == (numbers, rest)


@pytest.mark.parametrize(
    "text", ["", "张三", "张三12345", "О5921234567", "1234567l", "A-1234567", "12345678901234567"]
)
def test_where_no_whole_number_stands_none_is_taken(text):
    with pytest.raises(InvalidValue) as fault:
        numbers_within(text)
    assert fault.value.rule == "phone"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("＋８６（５９２）1234567", "+86-592-1234567"),
        ("(+86)138 1234 1234", "+86-13812341234"),
        ("0086-13812341234", "+86-13812341234"),
        ("8613812341234", "+86-13812341234"),
        ("12812341234", "12812341234"),
        ("0592-1234567，分机：8", "0592-1234567 转 8"),
        ("0592-1234567 Ext. 123456", "0592-1234567 转 123456"),
        ("0592-1234567＊8", "0592-1234567 转 8"),
        ("0592-1234567转", "0592-1234567"),
        ("0592-1234567/12345", "0592-1234567、12345"),
        ("0592-1234567，/，7654321", "0592-1234567、7654321"),
        ("1234567 123456789", "1234567、123456789"),
        ("123456 1234567890", ""),
        ("【0592】1234567｜", ""),
        ("12345678901234、1234567890123、12345678901", "12345678901234、1234567890123、12345678901"),
    ],
)
def test_a_phone_is_kept_in_one_way_or_refused(typed, kept):
    if kept:
        assert PHONE.read(typed) == kept
    else:
        assert rule_of(PHONE, typed) == "phone"


def test_numbers_that_are_longer_than_their_column_when_kept_are_told_with_their_length():
    with pytest.raises(InvalidValue) as fault:
        PHONE.read("12345678901234、1234567890123、123456789012")
    assert fault.value.sentence == "「单位电话」最多 40 个字，现在有 41 个，请缩短。"


@pytest.mark.parametrize(("spaces", "rule"), [(439, ""), (440, "too-long")])
def test_a_text_may_be_too_long_by_what_cleaning_takes_away(spaces, rule):
    assert NAME.limit == 120  # twice as long, and two hundred besides
    assert rule_of(NAME, "示" + " " * spaces) == rule


@pytest.mark.parametrize(
    ("typed", "rule"), [("\u200e" * 42 + CODE, ""), ("\u200e" * 43 + CODE, "hidden-character")]
)
def test_what_nobody_sees_around_a_code_goes_as_long_as_a_code_may_be_typed(typed, rule):
    assert rule_of(ENTERPRISE["uscc"], typed) == rule


def test_a_code_is_a_verdict_and_a_false_one_says_its_reason():
    assert ENTERPRISE["uscc"].read(f" {CODE[:8]} {CODE[8:]}".lower()).code == CODE
    for typed, rule in (
        ("9135", "uscc-bad-length"),
        ("9.135E+17", "digits-lost"),
        (CODE[:-1] + "!", "uscc-bad-charset"),
    ):
        with pytest.raises(InvalidValue) as fault:
            ENTERPRISE["uscc"].read(typed)
        assert (fault.value.rule, bool(fault.value.sentence)) == (rule, True)


@pytest.mark.parametrize(
    "sign", ["-", "--", "---", "/", "//", "\\", "N/A", "na", "NULL", "None", "NaN", ".", "*", "不详"]
)
def test_a_sign_for_nothing_is_nothing_but_in_a_key(sign):
    assert says_nothing(sign)
    assert PRODUCT["brand"].read(sign) == ""
    assert Field("scope", "范围", 20, is_key=True).read(sign) == sign
    assert not says_nothing(f"{sign}5")


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ("有效", "valid"),
        ("已过期", "valid"),
        ("SUSPENDED", "suspended"),
        ("撤销（2027年）", "revoked"),
        ("canceled (x)", "cancelled"),
    ],
)
def test_a_status_is_read_and_a_remark_in_brackets_left_out(typed, status):
    assert CERTIFICATE["status"].read(typed) == status


def test_an_unknown_status_is_quoted_as_far_as_forty_characters():
    with pytest.raises(InvalidValue) as fault:
        readings.status("甲" * 41)
    assert f"“{'甲' * 40}”" in fault.value.of("证书状态").sentence


def test_a_span_of_days_gives_its_last_one_and_a_bad_day_its_reason():
    assert CERTIFICATE["valid_until"].read("2027-01-01至2032-02-28") == datetime.date(2032, 2, 28)
    assert readings.validity("2027-01-01至2032-02-28")[0] == datetime.date(2027, 1, 1)
    for name, rule in (("issued_on", "date"), ("valid_until", "date"), ("star", "star")):
        assert rule_of(CERTIFICATE[name], "五十") == rule


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ("9E+05", "digits-lost"),
        ("9.1e+17", "digits-lost"),
        ("9E+5", ""),
        ("A9E+05", ""),
        ("СGP-1", "lookalike-character"),
    ],
)
def test_a_number_that_was_rounded_or_disguised_is_told(typed, rule):
    assert rule_of(CERTIFICATE["number"], typed) == rule


def test_a_name_has_no_letter_that_no_registered_name_has():
    assert rule_of(NAME, "示例カ有限公司") == "foreign-letter"
    assert rule_of(NAME, "示例А有限公司") == "lookalike-character"
    assert rule_of(PRODUCT["name"], "示例カ板") == ""


def test_what_was_stored_before_the_rule_is_told_by_its_label():
    assert (
        NAME.fault_of("示例\u200b公司").sentence
        == "「企业名称」的第 3 个字符看不见，请删去它，或重新键入这一项。"
    )
    assert WEBSITE.fault_of("http://localhost").sentence.startswith("「网址」不是公开的网址")
    assert WEBSITE.fault_of("http://example.cn") is None


def test_a_form_takes_words_help_and_need_from_the_declaration_unless_told_otherwise():
    for kind, more in ((DeclaredField, {}), (DeclaredChoice, {"choices": [("1", "一星")]})):
        declared = CERTIFICATE["star"]
        plain = kind(declared, **more)
        assert (plain.label, plain.help_text, plain.required) == (declared.label, declared.help, True)
        told = kind(declared, label="甲", help_text="乙", required=False, **more)
        assert (told.label, told.help_text, told.required) == ("甲", "乙", False)
        assert told.clean(None) == told.empty_value if kind is DeclaredField else not told.clean("")
    with pytest.raises(ValidationError) as fault:
        DeclaredField(WEBSITE).clean("ftp://a.cn")
    assert (fault.value.code, fault.value.message[:4]) == ("website", "「网址」")


@pytest.mark.parametrize(
    ("name", "initial", "sent", "changed"),
    [
        ("brand", "甲", " 甲 ", False),
        ("brand", "", None, False),
        ("brand", None, "-", False),
        ("brand", "甲", "乙", True),
        ("brand", "甲", "", True),
        ("name", "甲", "О", True),
    ],
)
def test_what_reads_the_same_has_not_changed(name, initial, sent, changed):
    assert DeclaredField(PRODUCT[name]).has_changed(initial, sent) is changed


def test_a_day_is_picked_and_shown_as_a_browser_wants_it():
    field = DeclaredDay(CERTIFICATE["issued_on"])
    shown = field.widget.render("issued_on", datetime.date(2028, 2, 29))
    assert 'type="date"' in shown
    assert 'value="2028-02-29"' in shown
    assert (
        field.clean("2028年2月29日") == field.clean(datetime.date(2028, 2, 29)) == datetime.date(2028, 2, 29)
    )
    assert not field.has_changed(None, "")
