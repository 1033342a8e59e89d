"""A place chosen step by step from up to three selects."""

import pytest

from catalog.regions.places import UnknownPlace, place_of
from tests.make import make_division

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _divisions():
    fujian, zhejiang = make_division(), make_division("330000", "浙江省")
    quanzhou = make_division("350500", "泉州市", "prefecture", fujian)
    make_division("350100", "福州市", "prefecture", fujian)
    make_division("350583", "南安市", "county", quanzhou)
    make_division("330100", "杭州市", "prefecture", zhejiang)
    tianjin = make_division("120000", "天津市")
    make_division("120101", "和平区", "county", tianjin)


def drawn(*codes: str) -> list[tuple[str, int, str]]:
    return [(choice.label, len(choice.divisions), choice.chosen) for choice in place_of(codes).choices]


def test_nothing_chosen_asks_for_the_province():
    assert place_of([]).code == ""
    assert drawn() == [("省", 3, "")]


def test_each_step_opens_the_next():
    assert drawn("350000") == [("省", 3, "350000"), ("市", 2, "")]
    assert drawn("350000", "350500") == [("省", 3, "350000"), ("市", 2, "350500"), ("县", 1, "")]
    assert drawn("350000", "350500", "350583")[-1] == ("县", 1, "350583")


def test_a_county_alone_is_enough():
    place = place_of(["350583"])
    assert (place.code, place.name, place.full_name) == ("350583", "南安市", "福建省 泉州市 南安市")


def test_a_select_left_in_the_province_chosen_before_is_passed_over():
    assert place_of(["330000", "350500", "350583"]).code == "330000"
    assert place_of(["330000", "330100", "350583"]).code == "330100"


def test_a_municipality_has_districts_and_nothing_below():
    assert drawn("120000") == [("省", 3, "120000"), ("区县", 1, "")]
    assert drawn("120000", "120101") == [("省", 3, "120000"), ("区县", 1, "120101")]


def test_a_code_that_nobody_bears_is_told():
    with pytest.raises(UnknownPlace) as unknown:
        place_of(["350000", "350599"])
    assert unknown.value.value == "350599"


def test_the_cost_does_not_grow_with_the_depth_beyond_four_queries(django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        place_of(["350000", "350500", "350583"])
