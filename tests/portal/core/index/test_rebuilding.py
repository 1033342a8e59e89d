"""A rebuild beside the old index: killed anywhere, raced by writers, read meanwhile."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pyroaring import BitMap

from portal.core.index import health, rebuilding, runs
from portal.core.index.alone import AlreadyRunning, alone, is_running
from portal.core.index.building import Building, Overtaken, sweep
from portal.core.index.collections import Kept
from portal.core.index.documents import Document
from portal.core.index.models import IndexState, Posting, SortKey, StoredOrder
from portal.core.index.orders import load_order
from portal.core.index.postings import add, discard, fetch, put
from portal.core.index.rebuilding import rebuild
from portal.core.index.writing import take_out, write, write_sorted
from portal.core.text import tokens

pytestmark = pytest.mark.django_db

OLD = [Document(number, ["all", f"n:{number}"], {"name": f"{number:03d}"}) for number in (1, 2, 3)]
NEW = [Document(number, ["all", f"new:{number}"], {"name": f"{9 - number:03d}"}) for number in (1, 2, 3, 4)]


def kept(found, **changes) -> Kept:
    """A collection that is made of these documents."""
    values: dict[str, Any] = {
        "collection": "tiles",
        "label": "瓷砖",
        "documents": lambda: iter(found),
        "faults": list,
        "is_empty": lambda: not found,
    }
    return Kept(**(values | changes))


def seen() -> tuple[dict, list[int]]:
    """What a reader gets: postings, and the row of documents by name."""
    terms = ["all", *(f"{kind}:{number}" for kind in ("n", "new") for number in range(1, 10)), "mark"]
    found = {term: set(documents) for term, documents in fetch("tiles", terms).items() if documents}
    return found, load_order("tiles", "name").ascending(BitMap(range(1, 10)), 0, 9)


OLD_SEEN = ({"all": {1, 2, 3}, "n:1": {1}, "n:2": {2}, "n:3": {3}}, [1, 2, 3, 4, 5, 6, 7, 8, 9])
NEW_SEEN = (
    {"all": {1, 2, 3, 4}, "new:1": {1}, "new:2": {2}, "new:3": {3}, "new:4": {4}},
    [4, 3, 2, 1, 5, 6, 7, 8, 9],
)


def leftovers() -> int:
    """Rows that nobody reads."""
    live = IndexState.objects.get(pk="tiles").generation
    return sum(
        model.objects.filter(collection="tiles").exclude(generation=live).count()
        for model in (Posting, SortKey, StoredOrder)
    )


class Killed(BaseException):
    """Like the end of the process: nothing after it is run, its transaction is taken back."""


def kill_at(statement: int):
    """A wrapper that lets so many statements pass."""
    left = [statement]

    def execute(run, sql, params, many, context):
        if left[0] <= 0 and not sql.startswith(("ROLLBACK", "SAVEPOINT", "RELEASE")):
            raise Killed
        left[0] -= 1
        return run(sql, params, many, context)

    return execute


def test_a_rebuild_shows_the_new_index_whole_and_leaves_nothing_of_the_old(monkeypatch):
    monkeypatch.setattr(runs, "PAIRS_A_RUN", 3)
    monkeypatch.setattr(rebuilding, "DOCUMENTS_A_STEP", 2)
    monkeypatch.setattr(rebuilding, "TERMS_A_STEP", 2)
    write_sorted("tiles", OLD)
    assert seen() == OLD_SEEN
    assert rebuild(kept(NEW)) == 4
    assert seen() == NEW_SEEN
    assert leftovers() == 0
    assert rebuild(kept([])) == 0
    assert seen() == ({}, [1, 2, 3, 4, 5, 6, 7, 8, 9])


def test_another_collection_is_left_alone():
    write_sorted("tiles", OLD)
    add("firms", {"all": [7]})
    rebuild(kept(NEW))
    assert set(fetch("firms", ["all"])["all"]) == {7}


@pytest.mark.django_db(transaction=True)
def test_killed_at_any_statement_it_leaves_the_old_index_whole_and_a_rerun_ends_it(monkeypatch):
    """Until the swap is through readers have the old one, afterwards the new one; never a part of either."""
    monkeypatch.setattr(rebuilding, "DOCUMENTS_A_STEP", 2)
    monkeypatch.setattr(rebuilding, "TERMS_A_STEP", 2)
    write_sorted("tiles", OLD)
    statement, ends = 0, []
    while True:
        try:
            with connection.execute_wrapper(kill_at(statement)):
                rebuild(kept(NEW))
        except Killed:
            ends.append(seen())
            assert not is_running("tiles")
            statement += 1
        else:
            break
        if ends[-1] == NEW_SEEN:  # killed while it cleared up: begin again from the old one
            rebuild(kept(OLD))
            assert leftovers() == 0
    assert statement > 30
    assert all(end in (OLD_SEEN, NEW_SEEN) for end in ends)
    assert ends[0] == OLD_SEEN
    assert NEW_SEEN in ends
    assert seen() == NEW_SEEN
    assert leftovers() == 0


def between(act):
    """Documents, with something that happens after they were read and before they are written."""

    def documents():
        yield from OLD
        act()

    return documents


def write_fourth() -> None:
    write("tiles", [Document(4, ["all", "n:4"], {"name": "000"})])


def rename_second() -> None:
    """What a redaction does."""
    take_out("tiles", [OLD[1]])
    write("tiles", [Document(2, ["all", "new:2"], {"name": "999"})])


def drop_third() -> None:
    take_out("tiles", [OLD[2]])


ACTS = [
    (write_fourth, OLD_SEEN[0] | {"all": {1, 2, 3, 4}, "n:4": {4}}, [4, 1, 2, 3]),
    (rename_second, {"all": {1, 2, 3}, "n:1": {1}, "new:2": {2}, "n:3": {3}}, [1, 3, 2]),
    (drop_third, {"all": {1, 2}, "n:1": {1}, "n:2": {2}}, [1, 2]),
    (lambda: put("tiles", {"mark": [0]}), OLD_SEEN[0] | {"mark": {0}}, [1, 2, 3]),
]


@pytest.mark.parametrize(("act", "postings", "row"), ACTS)
@pytest.mark.parametrize("moment", ["begun", "read", "keys", "written", "closed", "sorted"])
def test_what_is_written_while_a_rebuild_runs_is_in_the_new_one_too(monkeypatch, act, postings, row, moment):
    """`OLD` is what the rebuild has read; the act comes before or after it at every moment of a rebuild."""
    write_sorted("tiles", OLD)
    left = [act]

    def once(*_arguments) -> None:
        if left:
            left.pop()()

    def before(name):
        own = getattr(Building, name)
        monkeypatch.setattr(Building, name, lambda self, *given: (once(), own(self, *given))[1])

    changes = {}
    if moment == "begun":
        changes["documents"] = lambda: [once(), iter(OLD)][1]
    if moment == "read":
        changes["documents"] = between(once)
    if moment == "keys":
        before("write_postings")
    if moment == "written":
        changes["closing"] = lambda: once
    if moment == "closed":
        before("swap")
    if moment == "sorted":
        own = Building._orders
        monkeypatch.setattr(Building, "_orders", lambda self: [own(self), once()][0])
    rebuild(kept(OLD, **changes))
    assert not left
    found, order = seen()
    assert found == postings
    assert [document for document in order if document in postings["all"]] == row
    assert leftovers() == 0


def test_a_reader_in_the_middle_sees_the_old_index_whole(monkeypatch):
    write_sorted("tiles", OLD)
    looks = []

    def look(run, sql, params, many, context):
        answer = run(sql, params, many, context)
        if not looking:
            looking.append(True)
            looks.append(seen())
            looking.clear()
        return answer

    looking: list[bool] = []
    with connection.execute_wrapper(look):
        rebuild(kept(NEW))
    swapped = looks.index(NEW_SEEN)
    assert swapped > 15
    assert all(look == OLD_SEEN for look in looks[:swapped])
    assert all(look == NEW_SEEN for look in looks[swapped:])


def test_what_a_killed_rebuild_left_keeps_no_term_and_no_key_of_what_is_taken_out():
    write_sorted("tiles", OLD)
    dead = Building.begin("tiles")
    dead.write_postings({"n:2": BitMap([2]), "all": BitMap([1, 2])})
    dead.write_keys(OLD)
    Building.begin("tiles")  # another one began and was killed, too
    discard("tiles", {"n:2": [2], "all": [2]})
    write("tiles", [Document(2, ["all"], {"name": "xxx"})])
    assert not Posting.objects.filter(term="n:2").exists()
    assert [row.keys for row in SortKey.objects.filter(document=2)] == [{"name": "xxx"}] * 2


def test_a_second_rebuild_at_once_is_refused_in_a_sentence_and_a_killed_one_refuses_nobody():
    write_sorted("tiles", OLD)
    with alone("tiles"):
        if connection.vendor == "sqlite":  # PostgreSQL gives the lock of a session to itself again
            with pytest.raises(AlreadyRunning, match="正在由另一个进程重建"):
                rebuild(kept(NEW))
    rebuild(kept(NEW))
    assert seen() == NEW_SEEN


def test_one_that_was_overtaken_writes_nothing_more():
    write_sorted("tiles", OLD)
    first = Building.begin("tiles")
    second = Building.begin("tiles")
    with pytest.raises(Overtaken, match="取代"):
        first.write_postings({"all": BitMap([9])})
    with pytest.raises(Overtaken):
        first.swap()
    second.swap()
    sweep("tiles")
    assert seen()[0] == {}


def test_the_swap_writes_as_much_whatever_the_size():
    """What is done under the lock at the end does not grow with the list."""
    counts = []
    for size in (3, 300):
        building = Building.begin("tiles")
        documents = [Document(number, ["all", f"n:{number}"], {"name": "x"}) for number in range(1, size)]
        building.write_keys(documents)
        building.write_postings({f"n:{number}": BitMap([number]) for number in range(1, size)})
        orders = building._orders()
        with CaptureQueriesContext(connection) as queries, building.step() as state:
            building._swap_in(state, orders)
        counts.append(len(queries))
        sweep("tiles")
    assert counts[0] == counts[1] <= 12


def test_health_names_what_has_to_be_built_again(monkeypatch):
    room = kept(OLD)
    monkeypatch.setattr(health, "kept", lambda: [room])
    assert [fault.sentence for fault in health.faults()] == ["还没有建立检索"]
    write_sorted("tiles", OLD)
    assert health.faults() == []
    monkeypatch.setattr(health, "RULES", tokens.RULES + 1)
    assert [str(fault) for fault in health.faults()] == ["瓷砖：是按旧的分词规则建的"]
    monkeypatch.setattr("portal.core.index.building.RULES", tokens.RULES + 1)
    rebuild(room)
    assert health.outdated() == []
    Building.begin("tiles")
    assert [fault.sentence for fault in health.faults()] == ["上次重建没有做完"]
    rebuild(room)
    assert health.outdated() == []
    monkeypatch.setattr(health, "kept", lambda: [kept([], collection="none")])
    assert health.faults() == []


def test_a_document_written_by_new_rules_does_not_make_an_old_index_new(monkeypatch):
    room = kept(OLD)
    monkeypatch.setattr(health, "kept", lambda: [room])
    write_sorted("tiles", OLD)
    monkeypatch.setattr(health, "RULES", tokens.RULES + 1)
    monkeypatch.setattr("portal.core.index.state.RULES", tokens.RULES + 1)
    write_sorted("tiles", OLD)
    assert health.outdated() == ["tiles"]
