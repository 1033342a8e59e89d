"""What the index answers is what plain Python answers over the same documents."""

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from portal.core.index.documents import Document
from portal.core.index.models import Posting, SortKey, StoredOrder
from portal.core.index.orders import load_order, newest_first, page_of
from portal.core.index.search import answer, any_of, search
from portal.core.index.writing import write_sorted
from portal.core.text.remembered import code_text, name_text, number_text, own_name_texts, sort_key
from portal.core.text.tokens import query_terms

pytestmark = pytest.mark.django_db
slow = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

TEXTS = st.text(st.sampled_from("防水卷材重庆長行A9b0é×-(）、 ,·"), min_size=2, max_size=16)
FACETS = {"star": ["1", "2", "3"], "place": ["fj", "zj"]}
ROWS = st.lists(
    st.tuples(
        st.text(st.sampled_from("防水卷材漆"), min_size=1, max_size=6),
        st.sampled_from(FACETS["star"]),
        st.sampled_from(FACETS["place"]),
    ),
    max_size=30,
)
CHOSEN = st.fixed_dictionaries({name: st.sets(st.sampled_from(values)) for name, values in FACETS.items()})


def empty() -> None:
    for model in (Posting, SortKey, StoredOrder):
        model.objects.all().delete()


@slow
@given(TEXTS, TEXTS, TEXTS, st.data())
def test_every_part_of_an_indexed_text_finds_its_document(name, number, code, data):
    empty()
    texts = (name_text(name), number_text(number), code_text(code), *own_name_texts(code))
    write_sorted("tiles", [Document(1, [], texts=texts), Document(2, ["=:other"])])
    text = data.draw(st.sampled_from([name, number, code]))
    start = data.draw(st.integers(0, len(text) - 2))
    part = text[start : data.draw(st.integers(start + 2, len(text)))]
    groups = query_terms(part)
    assume(groups)  # marks alone say nothing
    assert 1 in search("tiles", groups, BitMap([1, 2])), part


@slow
@given(
    ROWS,
    st.sampled_from(["", "防水", "卷材", "漆"]),
    CHOSEN,
    st.sets(st.integers(0, 30)),
    st.sampled_from(["newest", "name", "star"]),
    st.integers(1, 6),
)
def test_counts_and_pages_of_any_question_are_those_of_plain_python(rows, words, chosen, hidden, sort, size):
    empty()
    write_sorted("tiles", [made(number, *row) for number, row in enumerate(rows)])
    bitmap = BitMap(range(len(rows))) - BitMap(hidden)
    found = answer(
        "tiles",
        bitmap,
        words=query_terms(words),
        chosen={name: any_of(*(f"{name}:{v}" for v in values)) for name, values in chosen.items() if values},
        facets={name: [f"{name}:{value}" for value in values] for name, values in FACETS.items()},
    )
    shown = [n for n in bitmap if matches(rows[n], words, chosen)]
    assert list(found.result) == shown
    for place, (name, values) in enumerate(FACETS.items(), 1):
        others = {**chosen, name: set()}
        for value in values:
            expected = [n for n in bitmap if matches(rows[n], words, others) and rows[n][place] == value]
            assert found.counts[name][f"{name}:{value}"] == len(expected)
    assert paged(found.result, sort, size) == sorted(shown, key=lambda n: rank(n, rows[n], sort))


def made(number: int, name: str, star: str, place: str) -> Document:
    keys = {"name": sort_key(name), "star": star}
    return Document(number, [f"star:{star}"], keys, (name_text(name), (f"place:{place}",)))


def matches(row: tuple, words: str, chosen: dict) -> bool:
    name, star, place = row
    fits = all(
        not values or own in values for own, values in ((star, chosen["star"]), (place, chosen["place"]))
    )
    return words in name and fits


def rank(number: int, row: tuple, sort: str):
    name, star, _place = row
    return {"newest": -number, "name": (sort_key(name), number), "star": (star, number)}[sort]


def paged(result: BitMap, sort: str, size: int) -> list[int]:
    by = newest_first if sort == "newest" else load_order("tiles", sort).ascending
    pages = range(1, len(result) // size + 2)
    return [number for page in pages for number in page_of(result, page, size, by=by)]
