import pytest
from pyroaring import BitMap

from portal.core.index.documents import Document, by_term
from portal.core.index.postings import add, fetch
from portal.core.index.search import alive, answer, any_of, facet_counts, search, union
from portal.core.text.tokens import literal_tiers, name_terms, query_terms, whole_terms

NAMES = {1: "示例防水卷材", 2: "防水卷材", 3: "Octo Tile 瓷砖", 4: "示例防水涂料", 5: "方圣家瓷砖"}
STARS = {1: "3", 2: "3", 3: "2", 4: "green", 5: "2"}
PROVINCES = {1: "350000", 2: "330000", 3: "350000", 4: "350000", 5: "330000"}
ALL = BitMap(NAMES)
FACETS = {
    "star": ["star:1", "star:2", "star:3", "star:green"],
    "province": ["province:330000", "province:350000"],
}


@pytest.fixture
def _indexed(db):
    add("tiles", by_term(Document(number, terms_of(number)) for number in NAMES))


def terms_of(number):
    facets = {f"star:{STARS[number]}", f"province:{PROVINCES[number]}"}
    return name_terms(NAMES[number]) | whole_terms(NAMES[number]) | facets


pytestmark = pytest.mark.usefixtures("_indexed")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("防水", {1, 2, 4}),
        ("防水 卷材", {1, 2}),
        ("fangshui", {1, 2, 4}),
        ("octo t", {3}),
        ("瓷砖", {3, 5}),
        ("水泥", set()),
        ("", {1, 2, 3, 4, 5}),
    ],
)
def test_words_are_searched_together(query, found):
    assert search("tiles", query_terms(query), ALL) == BitMap(found)


def test_what_the_bitmap_leaves_out_is_not_found():
    assert search("tiles", query_terms("防水"), BitMap([2, 3])) == BitMap([2])


def test_any_value_of_a_filter_will_do_and_every_filter_must():
    groups = [any_of("star:3", "star:green"), any_of("province:350000")]
    assert search("tiles", groups, ALL) == BitMap([1, 4])


def test_a_filter_without_values_finds_nothing():
    assert search("tiles", [any_of()], ALL) == BitMap()


def test_counts_are_of_the_result():
    assert facet_counts("tiles", BitMap([1, 3, 4]), FACETS) == {
        "star": {"star:1": 0, "star:2": 1, "star:3": 1, "star:green": 1},
        "province": {"province:330000": 0, "province:350000": 3},
    }


def test_counts_of_a_facet_leave_its_own_choice_out():
    found = answer("tiles", ALL, words=query_terms("防水"), chosen={"star": any_of("star:3")}, facets=FACETS)
    assert (found.result, found.total) == (BitMap([1, 2]), 2)
    assert found.counts["star"] == {"star:1": 0, "star:2": 0, "star:3": 2, "star:green": 1}
    assert found.counts["province"] == {"province:330000": 1, "province:350000": 1}


def test_every_count_is_what_choosing_that_value_gives():
    chosen = {"star": any_of("star:2", "star:3"), "province": any_of("province:350000")}
    found = answer("tiles", ALL, chosen=chosen, facets=FACETS)
    for facet, counts in found.counts.items():
        for term, count in counts.items():
            assert answer("tiles", ALL, chosen=chosen | {facet: any_of(term)}).total == count


def test_the_same_question_is_answered_within_another_bitmap_without_asking_again(django_assert_num_queries):
    chosen = {"star": any_of("star:3")}
    found = answer("tiles", BitMap([2]), words=query_terms("防水"), chosen=chosen)
    assert found.result == BitMap([2])
    with django_assert_num_queries(0):
        wider = found.within(ALL)
    assert wider == answer("tiles", ALL, words=query_terms("防水"), chosen=chosen).result == BitMap([1, 2])


def test_tiers_hold_whole_matches_then_literal_ones():
    found = answer("tiles", ALL, words=query_terms("防水卷材"), tiers=literal_tiers("防水卷材"))
    assert found.tiers == [BitMap([2]), BitMap([1, 2])]


@pytest.mark.parametrize("query", ["防水", "fangshui shi", "octo t xianan", "x" * 100])
def test_a_page_with_all_facets_is_one_query(query, django_assert_num_queries):
    union("tiles", ["star:3"])  # meets the present stamp
    with django_assert_num_queries(1):
        answer(
            "tiles",
            ALL,
            words=query_terms(query),
            chosen={"star": any_of("star:3")},
            facets=FACETS,
            tiers=literal_tiers(query),
        )


def test_an_edition_has_what_its_batches_opened_and_none_ended():
    add("tiles", {"opens:1": [1, 2, 3], "opens:2": [4, 5], "ends:2": [1], "ends:3": [4]})
    postings = fetch("tiles", ["opens:1", "opens:2", "ends:1", "ends:2", "ends:3"])
    assert alive(postings, ["opens:1"], ["ends:1"]) == BitMap([1, 2, 3])
    assert alive(postings, ["opens:1", "opens:2"], ["ends:1", "ends:2"]) == BitMap([2, 3, 4, 5])
    assert union("tiles", ["opens:1", "opens:2"]) == ALL
    assert union("tiles", []) == BitMap()
