from threading import Barrier, Thread

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from portal.core.index.differences import differences
from portal.core.index.memory import MEMORY, Memory
from portal.core.index.models import IndexState, Posting
from portal.core.index.postings import add, discard, fetch, put

pytestmark = pytest.mark.django_db


def test_what_was_added_is_fetched_and_an_unknown_term_has_nothing():
    add("tiles", {"防水": [1, 2], "star:3": BitMap([2])})
    assert fetch("tiles", ["防水", "star:3", "瓷砖"]) == {
        "防水": BitMap([1, 2]),
        "star:3": BitMap([2]),
        "瓷砖": BitMap(),
    }
    assert fetch("firms", ["防水"]) == {"防水": BitMap()}
    assert fetch("tiles", []) == {}


@pytest.mark.parametrize("term", ['防"水', "a\\b", "{a,b}", "NULL", "100%s", "'x'", "\\x41"])
def test_a_term_is_written_as_it_is(term):
    add("tiles", {term: [1]})
    add("tiles", {term: [1, 2]})
    assert fetch("tiles", [term]) == {term: BitMap([1, 2])}


def test_adding_again_changes_nothing_and_adding_more_keeps_what_was_there():
    for documents in ([1, 2], [1, 2], [2, 9]):
        add("tiles", {"防水": documents})
    assert fetch("tiles", ["防水"]) == {"防水": BitMap([1, 2, 9])}
    assert Posting.objects.count() == 1


def test_putting_replaces_and_a_reader_that_remembers_sees_it():
    put("tiles", {"open": [1, 2, 3]})
    assert fetch("tiles", ["open"]) == {"open": BitMap([1, 2, 3])}
    put("tiles", {"open": [3]})
    assert fetch("tiles", ["open"]) == {"open": BitMap([3])}


def test_discarding_leaves_no_term_that_only_the_document_had():
    add("tiles", {"=:示例": [1], "示": [1, 2]})
    discard("tiles", {"=:示例": [1], "示": [1], "瓷": [1]})
    assert dict(Posting.objects.values_list("term", "collection")) == {"示": "tiles"}
    assert fetch("tiles", ["=:示例", "示"]) == {"=:示例": BitMap(), "示": BitMap([2])}


def test_nothing_remembered_outlives_a_transaction_that_was_taken_back():
    put("tiles", {"open": [1]})
    with transaction.atomic():
        put("tiles", {"open": [2]})
        assert fetch("tiles", ["open"]) == {"open": BitMap([2])}
        transaction.set_rollback(True)
    assert fetch("tiles", ["open"]) == {"open": BitMap([1])}


def test_a_read_is_one_query_and_two_after_somebody_wrote(django_assert_num_queries):
    add("tiles", {f"t:{number}": [number] for number in range(1000)})
    terms = [f"t:{number}" for number in range(1000)]
    with django_assert_num_queries(1):
        fetch("tiles", terms)
    with django_assert_num_queries(1):
        fetch("tiles", terms)
    with django_assert_num_queries(1):
        fetch("tiles", [*terms, "new"])
    put("tiles", {"new": [1]})
    with django_assert_num_queries(2):
        assert fetch("tiles", ["new", "t:1"])["new"] == BitMap([1])


@pytest.mark.parametrize("number", [-1, 2**32])
def test_a_number_that_no_bitmap_holds_is_refused_by_name(number):
    with pytest.raises(ValueError, match=str(number)):
        add("tiles", {"a": [1, number]})
    assert not Posting.objects.exists()


@pytest.mark.parametrize("term", ["", "x" * 97])
def test_a_term_that_no_row_holds_is_refused(term):
    with pytest.raises(ValueError, match="A term has"):
        add("tiles", {term: [1]})


@pytest.mark.parametrize("document", [0, 2**32 - 1])
def test_the_lowest_and_highest_numbers_are_kept(document):
    add("tiles", {"a": [document]})
    assert fetch("tiles", ["a"]) == {"a": BitMap([document])}


def test_rare_characters_and_case_are_kept_apart():
    add("tiles", {"𠀀": [1], "𠀁": [2], "a": [3], "A": [4]})
    assert fetch("tiles", ["𠀀", "𠀁", "a", "A"]) == {
        "𠀀": BitMap([1]),
        "𠀁": BitMap([2]),
        "a": BitMap([3]),
        "A": BitMap([4]),
    }


def test_differences_name_what_is_missing_and_what_is_too_much():
    add("tiles", {"a": [1, 2], "b": [1], "same": [7]})
    found = differences("tiles", {"a": [2, 3], "c": [4], "same": [7], "none": []})
    assert found.missing == {"a": BitMap([3]), "c": BitMap([4])}
    assert found.surplus == {"a": BitMap([1]), "b": BitMap([1])}
    assert found
    assert not differences("tiles", {"a": [1, 2], "b": [1], "same": [7]})


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from("abc防"), st.sets(st.integers(0, 2**32 - 1), max_size=50)))
def test_whatever_is_put_comes_back(wanted):
    Posting.objects.all().delete()
    put("tiles", {"any": [1]})  # a write: what is remembered of the example before is over
    put("tiles", {"any": []})
    add("tiles", wanted)
    assert fetch("tiles", wanted) == {term: BitMap(documents) for term, documents in wanted.items()}
    assert not differences("tiles", wanted)


def test_memory_lets_go_of_what_was_used_longest_ago():
    memory = Memory(limit=2_500)
    for name in "abc":
        memory.keep("tiles", "s1", {name: (BitMap([1]), 600)})
        memory.recall("tiles", ["a"])
    assert set(memory.recall("tiles", "abc")[1]) == {"a", "c"}
    memory.keep("tiles", "s2", {"d": (BitMap([1]), 10)})
    assert memory.recall("tiles", "abcd") == ("s2", {"d": BitMap([1])})


def test_what_is_remembered_of_a_database_that_was_emptied_is_dropped():
    add("tiles", {"a": [1]})
    fetch("tiles", ["a"])
    IndexState.objects.all().delete()
    assert fetch("tiles", ["a"]) == {"a": BitMap()}
    assert MEMORY.recall("tiles", ["a"])[0] is not None


@pytest.mark.postgres_only
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_new", [True, False])
def test_two_writers_of_one_term_lose_nothing(is_new):
    if not is_new:
        add("tiles", {"shared": [0]})
    start, faults = Barrier(2), []

    def write(first):
        try:
            start.wait()
            for number in range(first, 100, 2):
                add("tiles", {"shared": [number], f"own:{number}": [number]})
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    writers = [Thread(target=write, args=(first,)) for first in (1, 2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert faults == []
    assert fetch("tiles", ["shared"])["shared"] - BitMap([0]) == BitMap(range(1, 100))
    assert Posting.objects.count() == 100
