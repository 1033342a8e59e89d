import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from portal.core.index import orders
from portal.core.index.documents import Document
from portal.core.index.models import StoredOrder
from portal.core.index.orders import Order, load_order, newest_first, oldest_first, page_of
from portal.core.index.writing import write_sorted

DOCUMENTS = st.sets(st.integers(0, 300), max_size=120)


@given(DOCUMENTS, st.integers(0, 130), st.integers(0, 40))
def test_a_page_by_number_is_a_slice_of_the_sorted_result(documents, start, length):
    result = BitMap(documents)
    assert oldest_first(result, start, start + length) == sorted(documents)[start : start + length]
    assert (
        newest_first(result, start, start + length) == sorted(documents, reverse=True)[start : start + length]
    )


@pytest.mark.parametrize("few", [1, 8, 10_000])
@given(DOCUMENTS, st.randoms(), st.integers(0, 130), st.integers(0, 40))
def test_a_page_of_any_order_is_a_slice_of_the_ordered_result(few, documents, random, start, length):
    row = list(range(200))
    random.shuffle(row)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(orders, "_FEW", few)
        order = Order.of(row)
        unknown = [document for document in sorted(documents) if document >= 200]
        up = [document for document in row if document in documents]
        result, stop = BitMap(documents), start + length
        assert order.ascending(result, start, stop) == (up + unknown)[start:stop]
        assert order.descending(result, start, stop) == (up[::-1] + unknown)[start:stop]


@given(DOCUMENTS, DOCUMENTS, DOCUMENTS, st.integers(1, 12))
def test_pages_in_tiers_hold_every_row_once_the_better_tier_first(documents, best, better, size):
    result = BitMap(documents)
    tiers = [BitMap(best), BitMap(better)]
    pages = [page_of(result, page, size, tiers=tiers) for page in range(1, len(documents) // size + 3)]
    tier_of = {document: (document not in best) + (document not in best | better) for document in documents}
    assert [document for page in pages for document in page] == sorted(
        documents, key=lambda d: (tier_of[d], -d)
    )
    assert all(len(page) == size for page in pages[: len(documents) // size])


def test_pages_follow_the_order_that_is_asked_for():
    order = Order.of([3, 1, 2])
    assert page_of(BitMap([1, 2, 3]), 1, 2, by=order.ascending) == [3, 1]
    assert page_of(BitMap([1, 2, 3]), 2, 2, by=order.ascending) == [2]
    assert page_of(BitMap([1, 2, 3]), 1, 2) == [3, 2]
    assert page_of(BitMap([1, 2, 3]), 9, 2) == []


@pytest.mark.django_db
def test_a_stored_order_is_read_once_and_again_after_it_changed(django_assert_num_queries):
    assert load_order("tiles", "name").ascending(BitMap([2, 1]), 0, 5) == [1, 2]
    write_sorted("tiles", [Document(1, ["t"], {"name": "b"}), Document(2, ["t"], {"name": "a"})])
    with django_assert_num_queries(2):
        assert load_order("tiles", "name").ascending(BitMap([1, 2]), 0, 5) == [2, 1]
    with django_assert_num_queries(1):
        load_order("tiles", "name")
    write_sorted("tiles", [Document(1, ["t"], {"name": "a"}), Document(2, ["t"], {"name": "b"})])
    assert load_order("tiles", "name").ascending(BitMap([1, 2]), 0, 5) == [1, 2]
    assert len(load_order("firms", "name")) == 0


@pytest.mark.django_db
def test_an_order_that_an_earlier_release_stored_is_read_too():
    write_sorted("tiles", [Document(1, ["t"], {"name": "b"}), Document(2, ["t"], {"name": "a"})])
    StoredOrder.objects.update(ranks=b"", halves=b"", stamp="earlier")
    assert load_order("tiles", "name").ascending(BitMap([1, 2, 3]), 0, 5) == [2, 1, 3]
