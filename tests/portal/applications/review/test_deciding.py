"""Deciding: once, by a second pair of eyes that may, on what was read, with reasons that the enterprise can follow."""

import datetime

import pytest
from django.utils import timezone

from catalog.enterprises.models import Enterprise, Membership
from catalog.products.models import Product
from portal.applications.cases.models import Application, Submission
from portal.applications.cases.reasons import RETURN_REASONS, Reason, reason_choices, words_of_reason
from portal.applications.cases.workflow import drafting, handing_in
from portal.applications.review import deciding
from portal.applications.review.deciding import ItemDecision
from portal.core.audit.models import AuditEvent
from portal.core.workflow import NoPermission
from tests.make import make_campaign, make_enterprise, make_product, make_user
from tests.portal.applications.cases.test_drafting import refused
from tests.portal.applications.making import (
    approve,
    draft_product,
    draft_register,
    hand_in,
    make_owner,
)

pytestmark = pytest.mark.django_db

NAME_DIFFERS = Reason("name", "differs")
NOT_COVERED = Reason("items", "not_on_certificate")


@pytest.fixture(autouse=True)
def _campaign():
    make_campaign()


def returned_line(**changes) -> ItemDecision:
    return ItemDecision("returned", [Reason("items", "models_differ", **changes)])


DECISIONS = {
    "return": lambda case, by: deciding.send_back(case, by=by, reasons=[NAME_DIFFERS]),
    "reject": lambda case, by: deciding.reject(case, by=by, reasons=[NAME_DIFFERS]),
    "approve": lambda case, by: approve(case, by),
}
decisions = pytest.mark.parametrize("decision", DECISIONS.values(), ids=DECISIONS.keys())


@decisions
def test_each_decision_is_taken_once_and_leaves_one_event(decision):
    case, by = hand_in(draft_register()), make_user("reviewer")
    other = hand_in(draft_register())
    decided = decision(case, by)
    assert decided.state in ("returned", "rejected", "approved")
    events = AuditEvent.objects.filter(step__in=["case.returned", "case.rejected", "case.approved"])
    assert events.filter(is_success=True).count() == 1
    assert case.acts.filter(side="office").count() == 1
    other.refresh_from_db()
    assert other.state == "submitted"
    if decided.state != "returned":  # a returned one may be rejected for good
        assert refused(lambda: decision(case, by)).rule == "step.state"


@decisions
def test_a_draft_is_decided_by_nobody(decision):
    draft = draft_register()
    Submission.objects.create(
        application=draft, ordinal=1, by=draft.created_by, values={}, items=[], documents=[], digest="0" * 64
    )
    assert refused(lambda: decision(draft, make_user("reviewer"))).rule == "step.state"


@decisions
@pytest.mark.parametrize(
    "role", ["editor", "auditor", "administrator", "support", "pilot_officer:440000", "pilot_officer:350000"]
)
def test_without_the_permission_nothing_is_decided(decision, role):
    case = hand_in(draft_register())  # no region has an officer yet: the working group's
    refusal = refused(lambda: decision(case, make_user(role)))
    assert isinstance(refusal, NoPermission)
    case.refresh_from_db()
    assert case.state == "submitted"


@decisions
def test_an_officer_decides_in_the_own_region_and_nowhere_else(decision):
    officer = make_user("pilot_officer:350000")
    case = hand_in(draft_register())
    assert case.office == "350000"
    stranger = make_user("pilot_officer:440000")
    assert isinstance(refused(lambda: decision(case, stranger)), NoPermission)
    assert decision(case, officer).state != "submitted"


@decisions
def test_nobody_decides_the_own_case_and_the_working_group_may_instead(decision):
    officer = make_user("pilot_officer:350000", person="P1")
    twin = make_user("pilot_officer:350000", person="P1")
    make_user("pilot_officer:350000")
    case = hand_in(draft_register(officer))
    assert case.office == "350000"
    for by in (officer, twin):
        refusal = refused(lambda by=by: decision(case, by))
        assert (refusal.rule, isinstance(refusal, NoPermission)) == ("case.own", True)
    assert decision(case, make_user("publisher")).state != "submitted"


@decisions
def test_a_colleague_who_handed_it_in_once_never_decides_it(decision):
    enterprise = make_enterprise()
    owner = make_owner(enterprise)
    case = hand_in(draft_register())
    reviewer = make_user("reviewer")
    Submission.objects.filter(application=case).update(by=reviewer)
    assert refused(lambda: decision(case, reviewer)).rule == "case.own"
    assert owner != reviewer


@pytest.mark.parametrize("decide", [DECISIONS["approve"]])
def test_members_of_the_enterprise_do_not_decide_on_it(decide):
    enterprise = make_enterprise()
    reviewer = make_user("reviewer", person="P2")
    membership = Membership.objects.create(
        enterprise=enterprise, user=make_user(person="P2"), role=Membership.Role.READER
    )
    case = hand_in(draft_product(make_owner(enterprise)))
    assert refused(lambda: decide(case, reviewer)).rule == "case.own_enterprise"
    membership.ended_at = timezone.now()
    membership.save()
    assert decide(case, reviewer).state == "approved"


@decisions
def test_accounts_of_certification_bodies_decide_none(decision):
    case = hand_in(draft_register())
    tied = make_user("reviewer", certification_body="ctc")
    assert refused(lambda: decision(case, tied)).rule == "case.body"


@decisions
def test_a_closed_account_decides_nothing(decision):
    case = hand_in(draft_register())
    assert isinstance(refused(lambda: decision(case, make_user("reviewer", is_active=False))), NoPermission)


def test_what_was_not_read_is_not_approved():
    case = hand_in(draft_register())
    read = case.submissions.get().digest
    handing = deciding.send_back(case, by=make_user("reviewer"), reasons=[NAME_DIFFERS])
    corrected = drafting.save_draft(
        handing,
        by=case.created_by,
        values={"name": "示例更正名称有限公司"},
        personal={},
        revision=handing.revision,
    )
    case = hand_in(corrected)
    assert refused(lambda: approve(case, digest=read)).rule == "case.reread"
    refusal = refused(
        lambda: deciding.reject(case, by=make_user("reviewer"), reasons=[NAME_DIFFERS], digest=read)
    )
    assert refusal.rule == "case.reread"
    assert Enterprise.objects.count() == 0


# -- reasons ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reasons",
    [
        [],
        [Reason("name", "other")],
        [Reason("name", "other", "  ")],
        [Reason("name", "no-such")],
        [Reason("number", "differs")],
        [Reason("no-such", "differs")],
        [Reason("name", "differs", "字" * 501)],
    ],
)
def test_a_return_needs_reasons_of_the_kept_list_or_words(reasons):
    case = hand_in(draft_register())
    refusal = refused(lambda: deciding.send_back(case, by=make_user("reviewer"), reasons=reasons))
    assert refusal.rule == "case.reason"
    assert (
        refused(lambda: deciding.reject(case, by=make_user("reviewer"), reasons=reasons)).rule
        == "case.reason"
    )


def test_the_enterprise_reads_fields_and_reasons():
    case = hand_in(draft_register())
    reasons = [NAME_DIFFERS, Reason("documents", "other", "执照第二页没有")]
    case = deciding.send_back(case, by=make_user("reviewer"), reasons=reasons, text="请在本周内补正")
    act = case.acts.last()
    assert [words_of_reason("register", reason) for reason in act.reasons] == [
        "企业名称：与营业执照上的名称不一致",
        "材料：执照第二页没有",
    ]
    assert act.text == "请在本周内补正"
    assert (case.state, case.returned_at is not None, case.decided_at) == ("returned", True, None)


def test_every_kind_has_its_reasons():
    for kind in ("register", "change", "product", "renewal", "withdraw", "commitment"):
        values = [value for _label, group in reason_choices(kind) for value, _words in group]
        assert "all:other" in values
        assert len(values) == len(set(values))
    assert all(words for group in RETURN_REASONS.values() for words in group.values())


def test_a_returned_case_is_corrected_and_handed_in_again():
    case = deciding.send_back(hand_in(draft_register()), by=make_user("reviewer"), reasons=[NAME_DIFFERS])
    case = drafting.save_draft(
        case, by=case.created_by, values={"name": "示例更正建材有限公司"}, personal={}, revision=case.revision
    )
    case = hand_in(case)
    assert [submission.ordinal for submission in case.submissions.all()] == [1, 2]
    assert approve(case).state == "approved"
    assert Enterprise.objects.get().name == "示例更正建材有限公司"


# -- many at once ------------------------------------------------------------------------------------------------------


def test_many_cases_get_one_decision_and_a_refused_one_stops_no_other():
    reviewer = make_user("reviewer")
    own = hand_in(draft_register(reviewer))
    cases = [hand_in(draft_register(name=f"示例第{number}建材有限公司")) for number in "一二"]
    outcomes = deciding.decide_many(
        [cases[0], own, cases[1]], by=reviewer, decision="return", reasons=[NAME_DIFFERS], text=""
    )
    assert [(case.pk, refusal and refusal.rule) for case, refusal in outcomes] == [
        (cases[0].pk, None),
        (own.pk, "case.own"),
        (cases[1].pk, None),
    ]
    assert Application.objects.filter(state="returned").count() == 2


def test_what_a_machine_finds_wrong_is_not_approved_in_passing():
    good = hand_in(draft_product())
    make_product(enterprise=make_enterprise(name="示例别家有限公司"))
    bad = hand_in(draft_product(applicant_name="甲公司", maker_name="甲公司", factory_name="甲公司"))
    outcomes = deciding.decide_many(
        [good, bad], by=make_user("reviewer"), decision="approve", reasons=[], text=""
    )
    assert [refusal and refusal.rule for _case, refusal in outcomes] == [None, "case.look_closer"]
    refusal = deciding.decide_many([bad], by=make_user("reviewer"), decision="burn", reasons=[], text="")[0][
        1
    ]
    assert refusal.rule == "case.decision"


def test_nothing_is_half_done_when_an_effect_refuses():
    case = hand_in(draft_product())
    Submission.objects.filter(application=case).update(
        values=case.values | {"valid_until": (datetime.date.today() - datetime.timedelta(days=9)).isoformat()}
    )
    assert refused(lambda: approve(case)).rule == "case.certificate_ended"
    case.refresh_from_db()
    assert (case.state, Product.objects.count(), case.acts.count()) == ("submitted", 0, 1)
    assert AuditEvent.objects.get(step="case.approved").is_success is False


def test_withdrawn_by_the_enterprise_is_decided_no_more():
    case = hand_in(draft_register())
    handing_in.withdraw(case, by=case.created_by)
    assert refused(lambda: approve(case)).rule == "step.state"


def test_words_with_hidden_characters_are_stored_without_them():
    case = hand_in(draft_register())
    reasons = [Reason("name", "other", "请\x00改\u202e名")]
    case = deciding.send_back(case, by=make_user("reviewer"), reasons=reasons, text="一\x00\r\n二")
    act = case.acts.last()
    assert (act.text, act.reasons[0]["text"]) == ("一\n二", "请改名")
    empty = [Reason("name", "other", "\x00")]
    assert (
        refused(lambda: deciding.reject(case, by=make_user("reviewer"), reasons=empty)).rule == "case.reason"
    )
