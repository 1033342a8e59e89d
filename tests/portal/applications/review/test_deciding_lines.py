"""Deciding line by line: what is approved is locked, what is returned is corrected, and the case ends when none is open."""

import pytest

from catalog.products.models import Product
from portal.applications.cases.reasons import Reason
from portal.applications.cases.workflow import drafting
from portal.applications.review import deciding
from portal.applications.review.deciding import ItemDecision
from portal.core.audit.models import AuditEvent
from tests.make import make_campaign, make_user
from tests.portal.applications.cases.test_drafting import refused
from tests.portal.applications.making import (
    approve,
    draft_product,
    draft_register,
    hand_in,
    item_rows,
    items_of,
)

from .test_deciding import NOT_COVERED, returned_line

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _campaign():
    make_campaign()


def test_thirty_seven_are_approved_and_three_returned():
    case = hand_in(draft_product(count=40))
    lines = items_of(case)
    case = approve(case, items={line.pk: returned_line() for line in lines[:3]})
    assert case.state == "returned"
    assert Product.objects.count() == 37
    states = [item.state for item in items_of(case)]
    assert states == ["returned"] * 3 + ["approved"] * 37
    assert AuditEvent.objects.filter(step="case.items_decided", is_success=True).count() == 1
    rows = [{"id": line.pk, **item_rows(3)[at], "models_text": "2.0 mm"} for at, line in enumerate(lines[:3])]
    case = drafting.set_items(case, by=case.created_by, rows=rows, revision=case.revision)
    case = hand_in(case)
    assert [item["id"] for item in case.submissions.last().items] == [line.pk for line in lines[:3]]
    case = approve(case)
    assert (case.state, Product.objects.count()) == ("approved", 40)
    assert {item.state for item in items_of(case)} == {"approved"}


def test_approved_lines_and_their_certificate_are_locked():
    case = hand_in(draft_product(count=2))
    first, second = items_of(case)
    case = approve(case, items={second.pk: returned_line()})
    refusal = refused(
        lambda: drafting.save_draft(
            case, by=case.created_by, values={"number": "ANOTHER-1"}, personal={}, revision=case.revision
        )
    )
    assert refusal.rule == "case.certificate_locked"
    case = drafting.set_items(case, by=case.created_by, rows=item_rows(9)[8:], revision=case.revision)
    first.refresh_from_db()
    assert (first.state, first.name) == ("approved", "示例卷材1号")
    again = refused(
        lambda: drafting.set_items(case, by=case.created_by, rows=item_rows(1), revision=case.revision)
    )
    assert "已经审核过" in again.sentence


def test_a_decided_line_is_not_decided_again():
    case = hand_in(draft_product(count=2))
    first, second = items_of(case)
    case = approve(case, items={second.pk: returned_line()})
    case = hand_in(case)
    assert refused(lambda: approve(case, items={first.pk: returned_line()})).rule == "case.item_decided"
    assert refused(lambda: approve(case, items={0: returned_line()})).rule == "case.item_decided"


def test_returned_and_rejected_lines_say_why():
    case = hand_in(draft_product())
    line = items_of(case)[0]
    for state in ("returned", "rejected"):
        refusal = refused(lambda state=state: approve(case, items={line.pk: ItemDecision(state)}))
        assert refusal.rule == "case.reason"
    assert refused(lambda: approve(case, items={line.pk: ItemDecision("pending")})).rule == "case.item_state"


def test_rejecting_the_last_open_line_ends_the_case_as_approved():
    case = hand_in(draft_product(count=2))
    first, second = items_of(case)
    case = approve(case, items={second.pk: returned_line()})
    case = hand_in(case)
    case = approve(case, items={second.pk: ItemDecision("rejected", [NOT_COVERED])})
    assert case.state == "approved"
    assert [item.state for item in items_of(case)] == ["approved", "rejected"]
    assert Product.objects.count() == 1
    assert first.pk != second.pk


def test_rejecting_every_line_rejects_the_case_and_takes_nothing_over():
    case = hand_in(draft_product(count=2))
    verdict = ItemDecision("rejected", [NOT_COVERED])
    case = approve(case, items={line.pk: verdict for line in items_of(case)})
    assert (case.state, Product.objects.count()) == ("rejected", 0)


def test_the_rest_of_a_partly_approved_case_is_rejected_and_the_case_is_done():
    case = hand_in(draft_product(count=2))
    case = approve(case, items={items_of(case)[0].pk: returned_line()})
    case = deciding.reject(case, by=make_user("reviewer"), reasons=[NOT_COVERED])
    assert case.state == "approved"
    assert [item.state for item in items_of(case)] == ["rejected", "approved"]


def test_a_return_may_name_single_lines():
    case = hand_in(draft_product(count=3))
    second = items_of(case)[1]
    reasons = [Reason("items", "double", item=second.pk), Reason("number", "not_found")]
    case = deciding.send_back(case, by=make_user("reviewer"), reasons=reasons)
    assert [item.state for item in items_of(case)] == ["pending", "returned", "pending"]
    assert len(hand_in(case).submissions.last().items) == 3


def test_a_case_without_lines_takes_no_line_decisions():
    case = hand_in(draft_register())
    assert refused(lambda: approve(case, items={1: returned_line()})).rule == "case.no_items"
