"""What stands in a document by way of its texts is what the tokeniser says of them one by one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from portal.core.index.documents import Document, by_term
from portal.core.index.postings import packed_few
from portal.core.text.pinyin import _pronounced, _pypinyin
from portal.core.text.remembered import (
    called_texts,
    code_text,
    maker_text,
    name_text,
    number_text,
    own_name_texts,
)
from portal.core.text.tokens import (
    end_terms,
    index_terms,
    maker_terms,
    name_terms,
    named_terms,
    number_terms,
    whole_terms,
)

TEXTS = st.text(st.sampled_from("防水卷材重庆长行AB9 -·,；é"), max_size=14)
RUNS = st.text(st.sampled_from("防水卷材重庆长行给排乐单县省公司有限了着"), min_size=1, max_size=12)


def of(*texts):
    return {term: set(numbers) for term, numbers in by_term([Document(7, [], texts=texts)]).items()}


@given(TEXTS)
def test_a_text_stands_for_all_of_its_terms(text):
    assert of(code_text(text)).keys() == index_terms(text)
    assert of(number_text(text)).keys() == index_terms(text) | number_terms(text)
    assert of(name_text(text)).keys() == name_terms(text) | whole_terms(text)
    called = name_terms(text) | whole_terms(text) | named_terms(text)
    assert of(*called_texts(text)).keys() == called
    assert of(*own_name_texts(text)).keys() == called | end_terms(text)
    assert of(maker_text(text)).keys() == name_terms(text) | maker_terms(text)


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=12))
def test_documents_with_texts_in_common_are_told_apart(pairs):
    documents = [
        Document(number, ["all"], texts=(name_text(name), code_text(code)))
        for number, (name, code) in enumerate(pairs)
    ]
    expected = {
        term: {number for number, own in enumerate(pairs) if term in _terms(*own)}
        for term in {term for own in pairs for term in _terms(*own)}
    }
    assert {term: set(numbers) for term, numbers in by_term(documents).items()} == expected


def _terms(name, code):
    return name_terms(name) | whole_terms(name) | index_terms(code) | {"all"}


def test_a_term_of_its_own_implies_nothing():
    """A facet of three characters is no part of a number."""
    assert by_term([Document(1, ["abc"])]) == {"abc": [1]}
    assert set(by_term([Document(1, ["abc"]), Document(2, [], texts=[("abc",)])])["abc"]) == {1, 2}


@given(RUNS)
def test_a_run_is_spelled_as_the_library_spells_it(run):
    library = _pypinyin()
    whole = library.pinyin(
        run, style=library.Style.TONE3, heteronym=True, neutral_tone_with_five=True, errors=list
    )
    assert _pronounced(run) == whole


NUMBERS = st.integers(0, 70_000) | st.integers(2**32 - 9, 2**32 - 1)


@given(st.lists(NUMBERS, min_size=1, max_size=8))
def test_a_few_documents_are_packed_so_that_the_library_reads_them(numbers):
    packed = packed_few(numbers)
    assert (packed is None) == (len({number >> 16 for number in numbers}) > 1)
    assert packed is None or BitMap.deserialize(packed) == BitMap(numbers)


@pytest.mark.parametrize("number", [-1, 2**32])
def test_a_number_that_no_bitmap_holds_is_not_packed(number):
    assert packed_few([number]) is None
