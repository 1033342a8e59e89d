"""Pages of a list."""

import pytest

from portal.core.pages.pagination import Page, page_of
from portal.core.pages.parameters import BadParameter, Query


def test_a_page_knows_its_rows_and_its_neighbours():
    page = Page(number=2, total=45, size=20)
    assert (page.count, page.start, page.stop, page.first_row) == (3, 20, 40, 21)
    assert (page.previous, page.next) == (1, 3)
    assert (Page(3, 45).stop, Page(3, 45).next) == (45, None)


def test_an_empty_list_has_one_page_of_nothing():
    page = page_of(Query(), total=0)
    assert (page.count, page.first_row, page.stop, page.next) == (1, 0, 0, None)


def test_far_pages_are_left_out_but_never_a_single_one():
    assert Page(1, 1300).numbers() == [1, 2, None, 65]
    assert Page(4, 1300).numbers() == [1, 2, 3, 4, 5, None, 65]
    assert Page(30, 1300).numbers() == [1, 2, None, 29, 30, 31, None, 65]
    assert Page(3, 100).numbers() == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("given", ["0", "-1", "two", "1.5", "９", "9" * 30])
def test_a_page_number_that_is_none_is_told(given):
    with pytest.raises(BadParameter, match="正整数"):
        page_of(Query([("page", given)]), total=45)


def test_a_page_beyond_the_last_offers_the_last():
    with pytest.raises(BadParameter, match="没有第 9 页") as raised:
        page_of(Query([("star", "3"), ("page", "9")]), total=45)
    assert raised.value.mended.encode() == "star=3&page=3"
