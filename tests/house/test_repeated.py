"""What PostgreSQL is not asked twice: no statement gets lost by that."""

from hypothesis import given
from hypothesis import strategies as st

from tools import repeated
from tools.statements import named

ASKED = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=3), st.sets(st.integers(0, 6).map(str), max_size=4), max_size=9
)


@given(asked=ASKED, data=st.data())
def test_every_statement_is_asked_by_a_test_that_stays(asked, data):
    may_go = data.draw(st.sets(st.sampled_from(sorted(asked)))) if asked else set()
    gone = repeated.repeated(asked, may_go)
    staying = [asked[test] for test in asked if test not in gone]
    assert set(gone) <= may_go
    assert set().union(*staying) == set().union(*asked.values())


def test_what_is_written_is_what_is_read(tmp_path, monkeypatch):
    tests = ["tests/b.py::test_two", "tests/a.py::test_one", "tests/a.py::TestCase::test_three"]
    monkeypatch.setattr(repeated, "LIST", tmp_path / "list.txt")
    repeated.LIST.write_text(repeated.HEAD + "".join(repeated.written(tests)))
    assert repeated.listed() == set(tests)


def test_a_statement_is_the_same_with_more_values_and_rows():
    assert named("SELECT 1 FROM a WHERE b IN (%s)") != named("SELECT 1 FROM c WHERE b IN (%s)")
    assert named("SELECT a WHERE b IN (%s, %s)") == named("SELECT a WHERE b IN (%s, %s, %s)")
    assert named("INSERT INTO a VALUES (%s, %s), (%s, %s)") == named("INSERT INTO a VALUES (%s, %s)")


def test_only_tests_without_parameters_are_left_out():
    assert repeated.listed()
    assert not [test for test in repeated.listed() if "[" in test]
