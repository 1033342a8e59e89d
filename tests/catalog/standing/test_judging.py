"""How a judge judges: the first rule that holds, alike in Python, in SQL and in bitmaps."""

import pytest
from django.db.models import Case, CharField, Q, Value, When
from pyroaring import BitMap

from catalog.standing.conditions import Is, NotYet, Over, Unknown, Within
from catalog.standing.judging import Judge, Rule, Standing
from catalog.standing.registers import (
    LISTING,
)

from .test_judges import DAY, after, row


def test_the_first_rule_that_holds_decides_and_the_rest_is_otherwise():
    judge = Judge((Rule(Standing("a"), Is("x", 1)), Rule(Standing("b"), Is("y", 1))), Standing("c"))
    assert [judge.of(row(x=x, y=y), DAY).code for x, y in ((1, 1), (0, 1), (0, 0))] == ["a", "b", "c"]
    assert judge.of(row(x=1, y=1), DAY, x=0).code == "b"
    parts = judge.split(
        BitMap([1, 2, 3, 4]), {Is("x", 1): BitMap([1, 2, 9]), Is("y", 1): BitMap([2, 3, 9])}.__getitem__
    )
    assert {code: set(part) for code, part in parts.items()} == {"a": {1, 2}, "b": {3}, "c": {4}}
    further = judge.refined(Judge((Rule(Standing("d"), Is("z", 1)),), Standing("e")))
    assert list(further.standings) == ["a", "b", "d", "e"]
    assert further.of(row(x=0, y=0, z=1), DAY).code == "d"


def test_splitting_leaves_the_bitmaps_it_was_given_alone():
    everything, held = BitMap([1, 2]), BitMap([2])
    sets = {
        Is("listing_status", "removed"): held,
        Is("is_held", True): held,
        Is("listing_status", "suspended"): BitMap(),
    }
    LISTING.split(everything, sets.__getitem__)
    assert (set(everything), set(held)) == ({1, 2}, {2})


@pytest.mark.parametrize("condition", [Over("at"), Within("at", 5), NotYet("at")])
def test_a_column_without_a_day_fulfils_no_condition_on_days(condition):
    assert not condition.holds({"at": None}.__getitem__, DAY)
    assert Unknown("at").holds({"at": None}.__getitem__, DAY)
    assert not Unknown("at").holds({"at": DAY}.__getitem__, DAY)


def test_conditions_say_themselves_in_sql_on_own_and_on_joined_columns():
    elsewhere = {"at": "said__at"}
    for condition, lookup, value in (
        (Is("at", 1), "", 1),
        (Over("at"), "__lt", DAY),
        (Within("at", 5), "__lte", after(5)),
        (NotYet("at"), "__gt", DAY),
        (Unknown("at"), "__isnull", True),
    ):
        assert condition.q(DAY) == Q((f"at{lookup}", value))
        assert condition.q(DAY, elsewhere) == Q((f"said__at{lookup}", value))


def test_a_judge_says_itself_in_sql():
    judge = Judge((Rule(Standing("a"), Is("x", 1)), Rule(Standing("b"), Is("y", 1))), Standing("c"))
    never, x, y = Q(pk__in=[]), Q(x=1), Q(y=1)
    assert judge.case(DAY) == Case(
        When(x, then=Value("a")), When(y, then=Value("b")), default=Value("c"), output_field=CharField()
    )
    assert judge.condition(["a"], DAY) == never | x
    assert judge.condition(["b"], DAY) == never | (~x & y)
    assert judge.condition(["c"], DAY) == never | (~x & ~y)
    assert judge.condition(["a", "b"], DAY) == never | x | (~x & y)
    assert judge.touched(["b"], DAY) == never | y
    assert judge.touched(["c"], DAY) == never
    columns = {"x": "z__x", "y": "z__y"}
    assert judge.condition(["b"], DAY, columns) == never | (~Q(z__x=1) & Q(z__y=1))
    assert judge.touched(["a"], DAY, columns) == never | Q(z__x=1)
    assert judge.case(DAY, columns) == Case(
        When(Q(z__x=1), then=Value("a")),
        When(Q(z__y=1), then=Value("b")),
        default=Value("c"),
        output_field=CharField(),
    )


def test_a_state_two_rules_lead_to_is_one_part():
    judge = Judge((Rule(Standing("a"), Is("x", 1)), Rule(Standing("a"), Is("y", 1))), Standing("a"))
    sets = {Is("x", 1): BitMap([1]), Is("y", 1): BitMap([2])}
    assert {code: set(part) for code, part in judge.split(BitMap([1, 2, 3]), sets.__getitem__).items()} == {
        "a": {1, 2, 3}
    }
    assert Standing("a").is_current is False
