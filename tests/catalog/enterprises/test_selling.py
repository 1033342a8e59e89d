"""The range in which an enterprise says that it sells, and how it is typed."""

import pytest
from django import forms

from catalog.enterprises.desk_fields import SellsInField
from catalog.enterprises.selling import Sold, sold_at
from tests.make import make_division


@pytest.mark.parametrize(
    ("sells_in", "place", "sold"),
    [
        ("全国", "350583", Sold.EVERYWHERE),
        ("", "350583", Sold.UNKNOWN),
        ("350000、330000", "350583", Sold.THERE),
        ("350000", "350000", Sold.THERE),
        ("350500", "350000", Sold.IN_PARTS),
        ("350500", "350583", Sold.THERE),
        ("350500", "350100", Sold.ELSEWHERE),
        ("330000", "350000", Sold.ELSEWHERE),
    ],
)
def test_a_range_covers_what_lies_in_it(sells_in, place, sold):
    assert sold_at(sells_in, place) == sold


@pytest.fixture
def _divisions(db):
    fujian = make_division()
    make_division("350500", "泉州市", "prefecture", fujian)
    make_division("330000", "浙江省")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("全国", "全国"),
        ("全国范围、福建省", "全国"),
        ("福建省，浙江省", "350000、330000"),
        ("350000、福建省泉州市", "350000、350500"),
        ("福建省、福建省", "350000"),
        ("", ""),
    ],
)
@pytest.mark.usefixtures("_divisions")
def test_names_and_codes_are_kept_as_codes(typed, kept):
    assert SellsInField().clean(typed) == kept


@pytest.mark.usefixtures("_divisions")
def test_a_place_that_nobody_knows_is_told():
    with pytest.raises(forms.ValidationError, match="没有这个地区，或同名的不止一个：某地"):
        SellsInField().clean("福建省、某地")


@pytest.mark.usefixtures("_divisions")
def test_codes_are_shown_by_their_names_and_count_as_unchanged():
    field = SellsInField()
    assert field.prepare_value("350500、330000") == "福建省 泉州市、浙江省"
    assert not field.has_changed("350500、330000", "福建省 泉州市、浙江省")
    assert field.has_changed("350500", "浙江省")
