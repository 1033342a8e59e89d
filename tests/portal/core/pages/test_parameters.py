"""What an address may say, and what is said about the rest."""

import pytest
from django.test import RequestFactory

from portal.core.pages.parameters import LABELS, BadParameter, Query, is_sharing, tidied


def query_of(address: str) -> Query:
    return Query.of(RequestFactory().get(address))


def test_the_order_of_an_address_does_not_depend_on_how_it_was_typed():
    assert (
        query_of("/?page=2&star=3&category=c12&category=c11").encode()
        == "category=c11&category=c12&star=3&page=2"
    )


def test_empty_and_sharing_parameters_are_dropped():
    query = query_of("/?q=&from=timeline&isappinstalled=0&utm_source=wx&utm_campaign=a&star=3")
    assert query.pairs == (("star", "3"),)


@pytest.mark.parametrize(
    "name",
    [
        "fbclid",
        "gclid",
        "msclkid",
        "scene",
        "sharer_shareinfo",
        "bd_vid",
        "hmsr",
        "ADTAG",
        "utm_source",
        "share_token",
        "_gl",
        "twclid",
    ],
)
def test_what_a_network_appends_is_dropped(name):
    assert query_of(f"/?{name}=1&star=3").pairs == (("star", "3"),)


def test_no_parameter_of_our_own_is_taken_for_one_that_was_appended():
    assert [name for name in LABELS if is_sharing(name)] == ["from"]
    assert [value for value in ("2022-1", "31", "2022-06-06") if is_sharing("from", value)] == []
    assert is_sharing("from", "timeline")


def test_a_query_in_gbk_is_read_as_such_and_linked_in_utf_8():
    query = query_of("/?q=%B7%C0%CB%AE%BE%ED%B2%C4&star=3")
    assert query.first("q") == "防水卷材"
    assert query.link("/products/") == "/products/?q=%E9%98%B2%E6%B0%B4%E5%8D%B7%E6%9D%90&star=3"


def test_octets_that_are_no_text_at_all_do_no_harm():
    assert query_of("/?q=%FF%FF").first("q") == "\ufffd\ufffd"


def test_an_empty_parameter_leaves_the_address():
    tidy = [
        tidied(RequestFactory().get(address)) for address in ("/p/?q=&star=2", "/p/?q=+", "/p/?q=a", "/p/")
    ]
    assert tidy == ["/p/?star=2", "/p/", None, None]


def test_spaces_of_any_width_become_one():
    assert query_of("/?q=%E3%80%80防水%E3%80%80%20卷材%20").first("q") == "防水 卷材"


def test_an_unknown_parameter_is_named_and_the_mended_address_keeps_the_others():
    with pytest.raises(BadParameter) as raised:
        query_of("/?star=3&colour=red").refuse_unknown(single=(), several=("star",))
    assert [problem.name for problem in raised.value.problems] == ["colour"]
    assert "colour" in raised.value.problems[0].sentence
    assert raised.value.mended.encode() == "star=3"


def test_two_values_for_a_single_parameter_are_refused():
    with pytest.raises(BadParameter, match="只能给一个值"):
        query_of("/?page=1&page=2").refuse_unknown(single=("page",))


@pytest.mark.parametrize("value", ["a%00b", "x" * 201])
def test_a_value_that_no_reader_types_is_refused(value):
    with pytest.raises(BadParameter, match="不能识别"):
        query_of(f"/?q={value}").refuse_unknown(single=("q",))


def test_a_query_is_changed_into_a_new_one():
    query = query_of("/?star=3&star=2&page=4")
    assert query.put(page=None, sort="name").encode() == "star=2&star=3&sort=name"
    assert query.minus("star", "2").encode() == "star=3&page=4"
    assert query.drop("star", "page").link("/products/") == "/products/"
    assert query.encode() == "star=2&star=3&page=4"
