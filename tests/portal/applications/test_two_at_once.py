"""Two people, or two windows of one, press at the same moment: proved where rows are really locked."""

import pytest

from catalog.enterprises.models import Enterprise, Membership
from catalog.products.models import Certificate, Product
from portal.applications.cases.models import Application, Submission
from portal.applications.cases.reasons import Reason
from portal.applications.cases.workflow import drafting, handing_in
from portal.applications.cases.workflow.steps import EditConflict
from portal.applications.review import deciding
from portal.core.audit.models import AuditEvent
from portal.core.workflow import NotAllowed
from tests.catalog.publication.test_two_at_once import at_once
from tests.make import make_campaign, make_enterprise, make_uscc, make_user

from .making import approve, certificate_values, draft_product, draft_register, hand_in, make_owner

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres_only]


def rules(outcomes) -> list[str]:
    return [outcome.rule for outcome in outcomes if isinstance(outcome, NotAllowed)]


def test_one_draft_handed_in_twice_is_one_submission():
    draft = draft_register()
    outcomes = at_once(lambda: hand_in(draft), lambda: hand_in(draft))
    assert rules(outcomes) == ["step.state"]
    assert Submission.objects.count() == 1


def test_two_drafts_of_one_matter_are_under_review_once():
    code = make_uscc()
    first, second = draft_register(uscc=code), draft_register(uscc=code)
    outcomes = at_once(lambda: hand_in(first), lambda: hand_in(second))
    assert rules(outcomes) == ["case.twin"]
    assert Application.objects.filter(state="submitted").count() == 1
    assert Submission.objects.count() == 1


def test_two_windows_save_and_the_later_is_told():
    draft = draft_register()

    def save(phone: str):
        return drafting.save_draft(
            draft, by=draft.created_by, values={"phone": phone}, personal={}, revision=draft.revision
        )

    outcomes = at_once(lambda: save("0592-1111111"), lambda: save("0592-2222222"))
    stale = [outcome for outcome in outcomes if isinstance(outcome, EditConflict)]
    assert len(stale) == 1
    draft.refresh_from_db()
    assert stale[0].current.values["phone"] == draft.values["phone"]


def test_two_reviewers_approve_one_case_once():
    make_campaign()
    case = hand_in(draft_product(count=3))
    one, other = make_user("reviewer"), make_user("publisher")
    outcomes = at_once(lambda: approve(case, one), lambda: approve(case, other))
    assert rules(outcomes) == ["step.state"]
    assert (Product.objects.count(), Certificate.objects.count()) == (3, 1)
    assert AuditEvent.objects.filter(step="case.approved", is_success=True).count() == 1


def test_approved_or_withdrawn_but_never_both():
    case = hand_in(draft_register())
    reviewer = make_user("reviewer")
    outcomes = at_once(lambda: approve(case, reviewer), lambda: handing_in.withdraw(case, by=case.created_by))
    assert rules(outcomes) == ["step.state"]
    case.refresh_from_db()
    assert Enterprise.objects.count() == (1 if case.state == "approved" else 0)


def test_approved_and_returned_at_once_is_one_of_the_two():
    case = hand_in(draft_register())
    one, other = make_user("reviewer"), make_user("reviewer")
    outcomes = at_once(
        lambda: approve(case, one),
        lambda: deciding.send_back(case, by=other, reasons=[Reason("name", "differs")]),
    )
    assert rules(outcomes) == ["step.state"]


def test_two_cases_on_one_new_certificate_make_one_certificate():
    make_campaign()
    enterprise = make_enterprise()
    other = make_enterprise()
    values = certificate_values(enterprise, number="SHARED-1", maker_name=other.name)
    cases = [hand_in(draft_product(make_owner(maker), **values)) for maker in (enterprise, other)]
    one, two = make_user("reviewer"), make_user("reviewer")
    outcomes = at_once(lambda: approve(cases[0], one), lambda: approve(cases[1], two))
    assert Certificate.objects.count() == 1
    for case, outcome in zip(cases, outcomes, strict=True):
        if isinstance(outcome, NotAllowed):
            assert outcome.rule == "case.collided"
            assert approve(case).state == "approved"
    assert Product.objects.count() == 2


def test_two_claims_approved_at_once_leave_one_owner_each_time():
    enterprise = make_enterprise()
    first = hand_in(draft_register(uscc=enterprise.uscc, name=enterprise.name))
    approve(first)
    second = hand_in(draft_register(uscc=enterprise.uscc, name=enterprise.name))
    one, two = make_user("reviewer"), make_user("reviewer")
    outcomes = at_once(lambda: approve(second, one), lambda: approve(second, two))
    assert rules(outcomes) == ["step.state"]
    active = Membership.objects.active().filter(enterprise=enterprise)
    assert [membership.user for membership in active] == [second.created_by]
