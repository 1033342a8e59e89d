"""What stands in a document by way of its texts is what the tokeniser says of them one by one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from portal.core.index.documents import Document, by_term
from portal.core.index.postings import packed_one
from portal.core.text.pinyin import _pronounced, _pypinyin
from portal.core.text.remembered import (
    code_text,
    end_text,
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
    assert of(*own_name_texts(text)).keys() == name_terms(text) | whole_terms(text) | named_terms(text)
    assert of(maker_text(text)).keys() == name_terms(text) | maker_terms(text)
    assert of(end_text(text)).keys() == end_terms(text)


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


@pytest.mark.parametrize("number", [0, 1, 65_535, 65_536, 1_000_000, 2**32 - 1])
def test_one_document_is_packed_as_the_library_packs_it(number):
    assert packed_one(number) == BitMap([number]).serialize()
