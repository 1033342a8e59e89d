"""A posting is found by a number made of what it is about."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from portal.core.index.building import Building
from portal.core.index.keys import key_of, keys_of_all, next_generation
from portal.core.index.models import IndexState, Posting, SortKey
from portal.core.index.postings import add, fetch, put

TERMS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)


@given(TERMS, TERMS, st.integers(0, 9))
def test_a_key_fits_its_column_and_tells_terms_and_generations_apart(term, other, generation):
    key = key_of("tiles", term, generation)
    assert 0 <= key < 2**63
    assert (key == key_of("tiles", other, generation)) == (term == other)
    assert key != key_of("firms", term, generation)
    assert {key, key_of("tiles", term, generation + 1)} == set(keys_of_all("tiles", [term]))


@given(st.integers(0, 50), st.integers(0, 50))
def test_the_next_generation_is_new_and_never_shares_keys_with_the_one_that_is_read(live, newest):
    following = next_generation(live, newest)
    assert following > max(live, newest)
    assert key_of("tiles", "a", following) != key_of("tiles", "a", live)


@pytest.mark.django_db
def test_what_was_left_of_a_rebuild_that_was_killed_is_not_read_with_what_follows():
    put("tiles", {"a": [1]})
    dead = Building.begin("tiles")
    dead.write_postings({"a": BitMap([8]), "b": BitMap([8])})
    again = Building.begin("tiles")
    put("tiles", {"a": [2]})
    again.write_postings({"c": BitMap([3])})
    assert fetch("tiles", ["a", "b", "c"]) == {"a": BitMap([2]), "b": BitMap(), "c": BitMap()}
    again.swap()
    assert fetch("tiles", ["a", "b", "c"]) == {"a": BitMap([2]), "b": BitMap(), "c": BitMap([3])}


@pytest.mark.django_db
def test_an_index_of_an_earlier_release_is_read_on_and_what_was_half_built_is_forgotten():
    migration = import_module("portal.core.index.migrations.0005_postings_by_key")
    add("tiles", {"防水": [1, 2], "star:3": BitMap([2])})
    put("firms", {"a": [1]})
    IndexState.objects.filter(pk="tiles").update(building=1)
    SortKey.objects.create(collection="tiles", document=1, generation=1, keys={"name": "x"})
    SortKey.objects.create(collection="tiles", document=1, generation=0, keys={"name": "y"})
    rows = list(Posting.objects.values_list("collection", "term", "bitmap"))
    Posting.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE index_formerposting AS SELECT id, collection_id, term, generation, bitmap "
            "FROM index_posting"
        )
        for number, (collection, term, bitmap) in enumerate(rows, 1):
            for generation, stored in ((0, bitmap), (1, BitMap([9]).serialize())):
                cursor.execute(
                    "INSERT INTO index_formerposting VALUES (%s, %s, %s, %s, %s)",
                    [number * 2 + generation, collection, term, generation, stored],
                )
        editor = SimpleNamespace(connection=connection, execute=cursor.execute)
        migration.forget_what_is_not_read(apps, editor)
        migration.give_keys(apps, editor)
        cursor.execute("DROP TABLE index_formerposting")
    put("tiles", {"more": [7]})  # what this process remembers is over
    assert fetch("tiles", ["防水", "star:3", "more"]) == {
        "防水": BitMap([1, 2]),
        "star:3": BitMap([2]),
        "more": BitMap([7]),
    }
    assert Posting.objects.count() == 4
    assert [row.keys for row in SortKey.objects.all()] == [{"name": "y"}]
    assert IndexState.objects.get(pk="tiles").building is None
