"""Documents that are put into an order stand where sorting all of them would put them."""

import pytest
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from portal.core.index import sorting
from portal.core.index.documents import Document
from portal.core.index.models import SortKey, StoredOrder
from portal.core.index.orders import load_order
from portal.core.index.sorting import place
from portal.core.index.writing import take_out, write, write_sorted

pytestmark = pytest.mark.django_db

KEYS = st.dictionaries(st.integers(1, 40), st.sampled_from("abcdef"), max_size=40)
STEPS = st.lists(st.tuples(st.sampled_from(["write", "take out", "write, killed"]), KEYS), max_size=6)


def documents(keys):
    return [Document(number, ["t"], {"name": key, "back": key[::-1]}) for number, key in keys.items()]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_was_written_and_taken_out_the_order_is_that_of_all_keys(steps):
    SortKey.objects.all().delete()
    StoredOrder.objects.all().delete()
    expected, unplaced = {}, set()
    for act, keys in steps:
        if act == "take out":
            take_out("tiles", documents(dict.fromkeys(keys, "x")))
            expected = {number: key for number, key in expected.items() if number not in keys}
            continue
        expected |= keys
        unplaced |= set(keys)
        write("tiles", documents(keys))
        if act == "write":
            place("tiles", BitMap(unplaced))
            unplaced = set()
    place("tiles", BitMap(unplaced))
    row = sorted(expected, key=lambda number: (expected[number], number))
    for name in ("name", "back") if expected else ():
        assert load_order("tiles", name).ascending(BitMap(expected), 0, 50) == row


def test_few_documents_are_placed_without_reading_all_keys(monkeypatch):
    write_sorted("tiles", documents({number: f"{number:04d}" for number in range(0, 4000, 2)}))
    monkeypatch.setattr(sorting, "sorted_order", lambda *given: pytest.fail("all keys are read"))
    read = []
    keys_of = sorting.keys_of
    monkeypatch.setattr(
        sorting, "keys_of", lambda collection, some: read.extend(some) or keys_of(collection, some)
    )
    write_sorted("tiles", documents({7: "0007", 3999: "3999", 1: "0000"}))
    assert len(read) < 150
    assert load_order("tiles", "name").ascending(BitMap(range(4000)), 0, 6) == [0, 1, 2, 4, 6, 7]
    assert load_order("tiles", "name").descending(BitMap(range(4000)), 0, 2) == [3999, 3998]


def test_placing_again_writes_nothing(django_assert_num_queries):
    write_sorted("tiles", documents({1: "a", 2: "b"}))
    stamps = set(StoredOrder.objects.values_list("stamp", flat=True))
    write_sorted("tiles", documents({1: "a", 2: "b"}))
    assert set(StoredOrder.objects.values_list("stamp", flat=True)) == stamps


def test_the_number_of_queries_grows_with_the_steps_of_halving_not_with_the_documents():
    counts = []
    for size in (500, 4000):
        SortKey.objects.all().delete()
        StoredOrder.objects.all().delete()
        write_sorted("tiles", documents({number: f"{number:04d}" for number in range(0, size, 2)}))
        write("tiles", documents({number: f"{number:04d}" for number in range(1, 21, 2)}))
        with CaptureQueriesContext(sorting.connection) as queries:
            place("tiles", BitMap(range(1, 21, 2)))
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 2 * 4
