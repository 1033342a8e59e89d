"""Every judge, state by state and day by day: which outranks which, and on which day one begins."""

import datetime
from dataclasses import FrozenInstanceError
from types import SimpleNamespace

import pytest

from catalog.products.models import Certificate
from catalog.publication.models import ListingStatus, ProductLine
from catalog.standing.conditions import Is, NotYet, Over, Unknown, Within
from catalog.standing.judging import Standing
from catalog.standing.registers import (
    ALL,
    ASKED,
    CERTIFICATE,
    CURRENT,
    FINDING,
    GROUNDS,
    HOLD,
    LISTING,
    PRODUCT,
    SHOWN,
    filter_words,
)
from catalog.standing.spans import ACTIVITY, AGREEMENT, LETTER, SPAN, SUBSIDY
from events.activities.models.activities import When as WhenHeld
from events.commitments.models.letters import Standing as LetterStanding
from portal.core.pages.statuses import STATUSES

DAY = datetime.date(2028, 2, 29)
FAR = DAY + datetime.timedelta(days=1000)


def after(days: int) -> datetime.date:
    return DAY + datetime.timedelta(days=days)


def row(**values) -> SimpleNamespace:
    return SimpleNamespace(**values)


def certificate(status: str = "valid", last: datetime.date | None = FAR) -> SimpleNamespace:
    return row(status=status, valid_until=last)


@pytest.mark.parametrize(
    ("left", "code"),
    [
        (-366, "expired"),
        (-1, "expired"),
        (0, "ending"),
        (1, "ending"),
        (89, "ending"),
        (90, "ending"),
        (91, "valid"),
    ],
)
def test_a_certificate_ends_after_its_last_day_and_is_ending_for_ninety_days(left, code):
    assert CERTIFICATE.of(certificate(last=after(left)), DAY).code == code
    assert PRODUCT.of(product(valid_until=after(left)), DAY).code == code
    assert FINDING.of(finding(valid_until=after(left)), DAY).code == code


@pytest.mark.parametrize("status", ["suspended", "revoked", "cancelled"])
@pytest.mark.parametrize("left", [-1, 0, 90, 91])
def test_what_the_body_says_outranks_the_date(status, left):
    for judge, one in (
        (CERTIFICATE, certificate),
        (GROUNDS, product),
        (PRODUCT, product),
        (FINDING, finding),
    ):
        values = {"status": status} | ({} if one is certificate else {"valid_until": after(left)})
        assert judge.of(one(**values), DAY).code == status


def test_every_status_of_a_certificate_and_a_listing_has_its_state():
    """A status without a rule would be taken for one in force."""
    for status in Certificate.Status:
        assert CERTIFICATE.of(certificate(status.value), DAY).is_current is (status == "valid")
    for status in ListingStatus:
        assert LISTING.of(product(listing_status=status), DAY).is_current is (status == "listed")
    assert {ProductLine.Basis.LOCAL.value} == {
        rule.when.wanted
        for rule in GROUNDS.rules
        if getattr(rule.when, "column", "") == "basis" and isinstance(rule.when, Is)
    }


def product(**changes) -> SimpleNamespace:
    values = {
        "listing_status": "listed",
        "is_held": False,
        "basis": "certificate",
        "status": "valid",
        "valid_until": FAR,
    }
    return row(**values | changes)


@pytest.mark.parametrize(
    ("status", "is_held", "code"),
    [
        ("listed", False, "listed"),
        ("listed", True, "checking"),
        ("suspended", False, "suspended"),
        ("suspended", True, "checking"),
        ("removed", False, "removed"),
        ("removed", True, "removed"),
    ],
)
def test_removal_outranks_a_hold_and_a_hold_outranks_a_suspension(status, is_held, code):
    line = row(listing_status=status)
    assert LISTING.of(line, DAY, is_held=is_held).code == code
    expected = "valid" if code == "listed" else code
    for state in ("revoked", "valid"):
        one = product(listing_status=status, is_held=is_held, status=state)
        assert PRODUCT.of(one, DAY).code == (
            "revoked" if (code, state) == ("listed", "revoked") else expected
        )


def test_a_product_on_local_grounds_needs_no_certificate_and_one_on_an_unknown_certificate_has_expired():
    assert PRODUCT.of(product(basis="local", status=None, valid_until=None), DAY).code == "local"
    assert PRODUCT.of(product(status=None, valid_until=None), DAY).code == "expired"
    assert PRODUCT.of(product(basis="local", listing_status="removed"), DAY).code == "removed"


def finding(**changes) -> SimpleNamespace:
    values = {
        "is_replaced": False,
        "is_held": False,
        "is_off_list": False,
        "status": "valid",
        "valid_until": FAR,
    }
    return row(**values | changes)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"is_replaced": True, "valid_until": after(-1), "is_held": True, "is_off_list": True}, "replaced"),
        ({"is_replaced": True, "status": "revoked"}, "revoked"),
        ({"valid_until": after(-1), "is_held": True, "is_off_list": True}, "expired"),
        ({"is_held": True, "is_off_list": True}, "checking"),
        ({"is_off_list": True, "valid_until": after(1)}, "off_list"),
        ({}, "valid"),
    ],
)
def test_the_word_of_a_finding(changes, code):
    assert FINDING.of(finding(**changes), DAY).code == code


def test_a_hold_ends_with_its_last_day_or_when_it_is_lifted():
    for left, code in ((1, "checking"), (0, "checking"), (-1, "over")):
        found = HOLD.of(row(is_lifted=False, until_on=after(left)), DAY)
        assert (found.code, found.is_current) == (code, code == "checking")
        assert HOLD.of(row(is_lifted=True, until_on=after(left)), DAY) == Standing("lifted")


@pytest.mark.parametrize(
    ("first", "last", "code", "subsidy"),
    [
        (1, None, "upcoming", "upcoming"),
        (0, None, "running", "running"),
        (-9, -1, "expired", "expired"),
        (-9, 0, "running", "ending"),
        (0, 0, "running", "ending"),
        (-9, 28, "running", "ending"),
        (-9, 29, "running", "ending"),
        (-9, 30, "running", "running"),
        (1, 20, "upcoming", "upcoming"),
    ],
)
def test_a_span_holds_its_first_and_its_last_day(first, last, code, subsidy):
    one = row(from_on=after(first), until_on=None if last is None else after(last))
    assert SPAN.of(one, DAY).code == code
    assert SUBSIDY.of(one, DAY).code == subsidy
    for judge in (SPAN, SUBSIDY):
        assert judge.of(one, DAY).is_current is (code == "running")


@pytest.mark.parametrize(
    ("first", "last", "code"), [(1, 2, "upcoming"), (0, 2, "ongoing"), (-2, 0, "ongoing"), (-2, -1, "past")]
)
def test_an_activity_goes_on_through_its_last_day_unless_it_was_cancelled(first, last, code):
    dates = {"first_on": after(first), "last_on": after(last)}
    found = ACTIVITY.of(row(is_cancelled=False, **dates), DAY)
    assert (found.code, found.is_current) == (code, code == "ongoing")
    assert ACTIVITY.of(row(is_cancelled=True, **dates), DAY).code == "cancelled"


@pytest.mark.parametrize("last", [None, -1, 0, 1])
@pytest.mark.parametrize("said", ["in_force", "withdrawn", "broken"])
def test_what_is_said_of_a_letter_outranks_its_last_day(said, last):
    one = row(standing=said, ends_on=None if last is None else after(last))
    expected = "expired" if (said, last) == ("in_force", -1) else said
    found = LETTER.of(one, DAY)
    assert (found.code, found.is_current) == (expected, expected == "in_force")


def test_an_agreement_is_over_from_the_day_of_its_end():
    for ended, is_current in ((None, True), (after(1), True), (after(0), False), (after(-1), False)):
        found = AGREEMENT.of(row(ended_on=ended), DAY)
        assert (found.code, found.is_current) == ("running" if is_current else "expired", is_current)


def test_the_states_are_those_that_models_filters_and_the_look_know():
    assert set(ACTIVITY.standings) == set(WhenHeld.values)
    assert set(LETTER.standings) == set(LetterStanding.values)
    assert {CURRENT, "ending", "valid", "local", "listed"} == SHOWN
    assert set(PRODUCT.standings) == set(ASKED) | SHOWN - {CURRENT, "listed"}
    assert not set(ASKED) & SHOWN - {"ending"}
    for judge in (CERTIFICATE, LISTING, PRODUCT):
        for code, standing in judge.standings.items():
            assert standing.word == STATUSES[code][2]
            assert standing.is_current is (code in SHOWN)
    assert [one.code for one in FINDING.standings.values() if one.is_current] == ["ending", "valid"]


def test_the_filters_offer_the_states_of_their_judge_in_one_order():
    assert list(filter_words(PRODUCT).items()) == [
        ("current", "现行"),
        ("ending", "即将到期"),
        ("expired", "过期"),
        ("suspended", "暂停"),
        ("checking", "核查中"),
        ("revoked", "撤销"),
        ("cancelled", "注销"),
        ("removed", "已移出"),
        ("all", "全部状态"),
    ]
    assert list(filter_words(LISTING)) == ["current", "suspended", "checking", "removed", "all"]
    assert (CURRENT, ALL) == ("current", "all")


@pytest.mark.parametrize(
    "declared",
    [
        Standing("a"),
        CERTIFICATE,
        CERTIFICATE.rules[0],
        Is("x", 1),
        Over("x"),
        Within("x", 1),
        NotYet("x"),
        Unknown("x"),
    ],
)
def test_nothing_declared_can_be_rewritten_while_the_portal_runs(declared):
    with pytest.raises(FrozenInstanceError):
        setattr(declared, next(iter(vars(declared))), "other")
