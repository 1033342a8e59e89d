"""The rules of the catalogue by themselves: their boundaries, and that reading what was stored changes nothing."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.enterprises.models import Enterprise
from catalog.fields import phones
from catalog.fields.catalogue import CERTIFICATE, ENTERPRISE, PRODUCT
from catalog.fields.field import Field
from catalog.fields.invalid import InvalidValue
from catalog.fields.phones import is_mobile
from catalog.products.models import Certificate, Product

EVERY = [*ENTERPRISE.values(), *CERTIFICATE.values(), *PRODUCT.values()]
TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            [
                "0592",
                "-",
                "（",
                "）",
                "1234567",
                "转",
                "8",
                "、",
                "/",
                ";",
                "+",
                "138",
                "1234",
                "www",
                ".",
                "cn",
                "http://",
                "@",
                ":",
                "А",
                "\u200b",
                "\u202e",
                "示例",
                "无",
            ]
        )
    ).map("".join),
)


def rule_of(field: Field, text: str) -> str:
    try:
        field.read(text)
    except InvalidValue as fault:
        return fault.rule
    return ""


def said_of(field: Field, text: str) -> tuple[Any, str]:
    """The value, or the sentence; each refusal has one."""
    try:
        return field.read(text), ""
    except InvalidValue as fault:
        return None, fault.sentence


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("（0592）1234567", "0592-1234567"),
        ("(0592) 1234567", "0592-1234567"),
        ("0592 — 1234567", "0592-1234567"),
        ("138 1234 1234", "13812341234"),
        ("+86 138-1234-1234", "+86-13812341234"),
        ("400-800-8000转8", "400-800-8000 转 8"),
        ("0592-1234567（转801）", "0592-1234567 转 801"),
        ("0592-1234567/68/69", "0592-1234567/68/69"),
        ("0592-1234567; 0592-7654321", "0592-1234567、0592-7654321"),
        ("1234567 7654321", "1234567、7654321"),
        ("1234567  7654321 转8", "1234567、7654321 转 8"),
        ("(0592)1234567 13800138000", "0592-1234567、13800138000"),
        ("0086592 1234567", "0086592-1234567"),
        ("+86 592 1234567", "+86-592-1234567"),
        ("13812341234 13912341234", "13812341234、13912341234"),
        ("12345", "12345"),
        ("123456789012345", "123456789012345"),
    ],
)
def test_a_phone_is_kept_in_one_way(typed, kept):
    assert ENTERPRISE["phone"].read(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "1234",
        "1-2-3-4",
        "1234567890123456",
        "0592-1234567、68",
        "123 456",
        "转801",
        "0592-1234567转:",
        "0592-1234567转a",
    ],
)
def test_what_is_too_short_or_too_long_or_has_no_extension_behind_the_word_is_no_phone(typed):
    expected = "" if typed == "123 456" else "phone"  # six digits, written apart
    assert rule_of(ENTERPRISE["phone"], typed) == expected


def test_a_mobile_number_is_told_among_several():
    assert is_mobile("0592-1234567、13812341234")
    assert is_mobile("0592-1234567/13812341234")
    assert not is_mobile("0591-13812341、0592-1234567")
    assert not is_mobile("0592-1381234/1234")


@pytest.mark.parametrize(
    ("port", "rule"),
    [("1", ""), ("65535", ""), ("0", "website"), ("65536", "website"), ("123456", "website")],
)
def test_a_port_is_one_that_there_is(port, rule):
    assert rule_of(ENTERPRISE["website"], f"http://example.cn:{port}/") == rule


@pytest.mark.parametrize("field", EVERY, ids=lambda field: f"{field.label}-{field.name}")
@pytest.mark.parametrize("text", ["9" * 100_000, "示" * 100_000, "\u200b" * 100_000, "1-" * 50_000])
def test_a_text_of_any_length_is_refused_before_any_rule_looks_at_it(field, text):
    def never(text):
        raise AssertionError("looked at")

    told = replace(field, tidy=never, rule=never)
    with pytest.raises(InvalidValue) as fault:
        told.read(text)
    assert fault.value.rule == "too-long"
    assert f"{len(text):,}" in fault.value.sentence


@pytest.mark.parametrize(
    ("pattern", "text"),
    [("_EXTENSION", "(" * 50 + "转8"), ("_EXTENSION", " " * 50 + "转8"), ("_BETWEEN", " " * 50 + ",")],
)
def test_a_run_of_signs_is_read_from_its_beginning_alone(pattern, text):
    begun = [at for at in range(50) if getattr(phones, pattern).match(text, at)]
    assert begun == [0]


REGISTERS = [(ENTERPRISE, Enterprise), (CERTIFICATE, Certificate), (PRODUCT, Product)]
OTHERWISE_STORED = {"star", "status", "former_name"}  # a word for a code; a row of its own


@pytest.mark.parametrize(("fields", "model"), REGISTERS, ids=lambda one: getattr(one, "__name__", "fields"))
def test_a_text_may_be_as_long_as_its_column(fields, model):
    for name in fields.keys() - OTHERWISE_STORED:
        column = model._meta.get_field(name)
        if column.max_length:
            assert fields[name].limit == column.max_length, name


def test_what_is_looked_up_or_kept_without_a_column_of_that_length_has_its_own_limits():
    limits = {field.name: field.limit for field in EVERY}
    assert {limits[name] for name in ("body", "division", "issued_on", "valid_until", "status_on")} == {100}
    assert (limits["former_name"], limits["category"], limits["requirement"]) == (120, 120, 140)
    assert (limits["star"], limits["status"], limits["models_text"]) == (40, 60, 20_000)


def test_a_phone_a_code_and_places_may_be_typed_longer_than_they_are_kept():
    assert {field.name: field.typed_limit for field in EVERY if field.typed_limit} == {
        "uscc": 60,
        "phone": 60,
        "contact_phone": 60,
        "sells_in": 2000,
    }


def test_no_row_is_without_what_names_it():
    assert [
        [name for name, field in fields.items() if field.is_required] for fields, _model in REGISTERS
    ] == [
        ["uscc", "name"],
        ["body", "number", "star", "valid_until"],
        ["name", "category"],
    ]


def test_a_list_may_leave_out_what_nothing_else_rests_on():
    left_out = [
        [name for name, field in fields.items() if field.may_be_left_out] for fields, _model in REGISTERS
    ]
    assert left_out == [
        ["former_name", "address", "phone", "website", "contact_person", "contact_phone"],
        ["applicant_name", "maker_name", "factory_name", "standard", "status_reason"],
        ["brand"],
    ]


def test_contact_persons_are_personal_and_nothing_else_is():
    assert {field.name for field in EVERY if field.is_personal} == {"contact_person", "contact_phone"}


def test_an_empty_day_or_code_is_none_and_an_empty_text_is_a_text():
    empty = {field.name for field in EVERY if field.read("  ") is None}
    assert empty == {"uscc", "issued_on", "valid_until", "status_on"}
    assert all(field.read("—") in (None, "") for field in EVERY)


def test_the_limit_itself_fits():
    for field in EVERY:
        if field.rule is str:
            assert field.read("长" * field.limit) == "长" * field.limit
            assert rule_of(field, "长" * ((field.typed_limit or field.limit) + 1)) == "too-long"


@pytest.mark.parametrize("field", EVERY, ids=lambda field: f"{field.label}-{field.name}")
@given(text=TEXTS)
def test_what_is_stored_is_stored_as_it_is_when_it_is_read_again(field, text):
    once, sentence = said_of(field, text)
    assert once is None or not sentence
    if isinstance(once, str) and once:
        assert len(once) <= field.limit
        assert field.read(once) == once
        assert field.fault_of(once) is None
