"""What offices do with a case short of deciding it."""

import datetime

import pytest
from django.utils import timezone

from portal.applications.cases.models import Application
from portal.applications.cases.reasons import Reason
from portal.applications.cases.workflow import handling
from portal.applications.review import deciding
from portal.core.audit.models import AuditEvent
from portal.core.workflow import NoPermission
from tests.make import make_campaign, make_user
from tests.portal.applications.making import approve, draft_product, draft_register, hand_in, make_owner

from .test_drafting import refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _campaign():
    make_campaign()


def test_a_case_is_passed_on_with_a_reason_and_the_clock_runs_on():
    make_user("pilot_officer:350000")
    case = hand_in(draft_product())
    started = case.clock_on
    case = handling.pass_on(case, by=make_user("reviewer"), office="350000", reason="属地企业，请核对")
    assert (case.office, case.clock_on, case.state) == ("350000", started, "submitted")
    act = case.acts.last()
    assert (act.kind, act.office) == ("passed", "350000")
    assert "属地企业，请核对" in act.text
    assert AuditEvent.objects.filter(step="case.passed", is_success=True).count() == 1
    again = refused(lambda: handling.pass_on(case, by=make_user("reviewer"), office="350000", reason="再转"))
    assert again.rule == "case.same_office"


def test_a_case_goes_only_where_somebody_could_open_it_and_only_with_a_reason():
    case = hand_in(draft_register())
    reviewer = make_user("reviewer")
    refusal = refused(lambda: handling.pass_on(case, by=reviewer, office="440000", reason="请办"))
    assert refusal.rule == "case.no_officer"
    assert refused(lambda: handling.pass_on(case, by=reviewer, office="", reason=" ")).rule == "case.text"


@pytest.mark.parametrize("role", ["auditor", "administrator", "support", "pilot_officer:440000"])
def test_without_the_permission_nothing_is_handled(role):
    make_user("pilot_officer:350000")
    case = hand_in(draft_product())
    by = make_user(role)
    for act in (
        lambda: handling.pass_on(case, by=by, office="350000", reason="请办"),
        lambda: handling.assign(case, by=by, to=make_user("reviewer")),
        lambda: handling.say(case, by=by, text="您好"),
        lambda: handling.give_opinion(case, by=by, is_favourable=True),
        lambda: handling.draw_recheck(by=by, count=1),
    ):
        assert isinstance(refused(act), NoPermission)
    assert case.acts.count() == 1


def test_a_case_is_given_to_somebody_who_could_decide_it():
    reviewer, other = make_user("reviewer"), make_user("publisher")
    case = hand_in(draft_register(other))
    case = handling.assign(case, by=reviewer, to=reviewer)
    assert case.assigned_to == reviewer
    assert case.acts.last().is_internal
    for unfit in (other, make_user("editor"), make_user("reviewer", certification_body="ctc")):
        refusal = refused(lambda unfit=unfit: handling.assign(case, by=reviewer, to=unfit))
        assert refusal.rule == "case.assignee"
    assert refused(lambda: handling.assign(case, by=reviewer, to=reviewer)).rule == "case.assigned_already"
    assert handling.assign(case, by=reviewer, to=None).assigned_to is None


def test_who_has_a_case_open_is_told_until_they_have_long_left():
    one, other = make_user("reviewer"), make_user("reviewer")
    case = hand_in(draft_register())
    case = handling.look_at(case, by=one)
    case = handling.look_at(case, by=other)
    assert case.viewed_by == one
    assert handling.is_looked_at_by_other(case, other)
    assert not handling.is_looked_at_by_other(case, one)
    long_ago = timezone.now() - datetime.timedelta(minutes=20)
    Application.objects.filter(pk=case.pk).update(viewed_at=long_ago)
    case.refresh_from_db()
    assert not handling.is_looked_at_by_other(case, other)
    assert handling.look_at(case, by=other).viewed_by == other
    assert handling.look_at(case, by=make_user("auditor")).viewed_by == other
    case = approve(case)
    assert case.viewed_by is None


def test_both_sides_write_and_only_offices_write_notes():
    case = hand_in(draft_register())
    reviewer = make_user("reviewer")
    assert handling.say(case, by=case.created_by, text=" 请问还缺什么？ ").side == "enterprise"
    assert handling.say(case, by=reviewer, text="不缺").side == "office"
    note = handling.say(case, by=reviewer, text="照片有疑点", is_internal=True)
    assert (note.kind, note.is_internal) == ("note", True)
    assert (
        refused(lambda: handling.say(case, by=case.created_by, text="x", is_internal=True)).rule
        == "case.note"
    )
    assert isinstance(refused(lambda: handling.say(case, by=make_owner(), text="打听")), NoPermission)
    assert refused(lambda: handling.say(case, by=reviewer, text="  ")).rule == "case.text"
    assert "2,000" in refused(lambda: handling.say(case, by=reviewer, text="字" * 2001)).sentence
    assert "请问还缺什么" not in str(list(AuditEvent.objects.values()))


def test_a_draft_is_nobodys_to_talk_about():
    draft = draft_register()
    assert refused(lambda: handling.say(draft, by=make_user("reviewer"), text="您好")).rule == "step.state"


def test_the_region_gives_its_opinion_once_a_submission():
    officer = make_user("pilot_officer:350000")
    case = hand_in(draft_product())
    assert case.opinion_division == "350000"
    assert isinstance(
        refused(lambda: handling.give_opinion(case, by=make_user("reviewer"), is_favourable=True)),
        NoPermission,
    )
    assert refused(lambda: handling.give_opinion(case, by=officer, is_favourable=False)).rule == "case.text"
    handling.give_opinion(case, by=officer, is_favourable=False, text="企业已停产")
    act = case.acts.last()
    assert (act.kind, act.reasons[0]["code"], act.text) == ("opinion", "unfavourable", "企业已停产")
    again = refused(lambda: handling.give_opinion(case, by=officer, is_favourable=True))
    assert again.rule == "case.opinion_given"
    case = deciding.send_back(case, by=make_user("reviewer"), reasons=[Reason("number", "differs")])
    handling.give_opinion(hand_in(case), by=officer, is_favourable=True)


def test_an_officer_of_the_enterprise_gives_no_opinion_on_it():
    officer = make_user("pilot_officer:350000", person="P")
    make_user("pilot_officer:350000")
    case = hand_in(draft_product(make_owner(person="P")))
    assert refused(lambda: handling.give_opinion(case, by=officer, is_favourable=True)).rule == "case.own"


def test_a_sample_of_approved_cases_is_looked_at_again_by_somebody_else():
    reviewer, second = make_user("reviewer"), make_user("publisher")
    approved = [approve(hand_in(draft_register(name=f"示例{n}建材有限公司")), reviewer) for n in "甲乙丙"]
    hand_in(draft_register())
    assert len(handling.draw_recheck(by=reviewer, count=2)) == 2
    rest = handling.draw_recheck(by=reviewer, count=5)
    assert len(rest) == 1
    assert Application.objects.filter(is_recheck=True).count() == 3
    case = Application.objects.get(pk=approved[0].pk)
    assert (
        refused(lambda: handling.record_recheck(case, by=reviewer, is_sound=True)).rule == "step.same_person"
    )
    assert refused(lambda: handling.record_recheck(case, by=second, is_sound=False)).rule == "case.text"
    case = handling.record_recheck(case, by=second, is_sound=False, text="执照已过期")
    assert (case.is_recheck, case.acts.last().reasons[0]["code"]) == (False, "unsound")
    assert refused(lambda: handling.record_recheck(case, by=second, is_sound=True)).rule == "case.not_drawn"
    assert handling.draw_recheck(by=reviewer, count=5) == []
    assert refused(lambda: handling.draw_recheck(by=reviewer, count=0)).rule == "case.count"


def test_a_page_read_before_the_case_moved_moves_it_nowhere():
    """The step keeps the state that the page showed: what moved meanwhile is refused, never moved back."""
    stale = draft_register()
    hand_in(Application.objects.get(pk=stale.pk))
    for act in (
        lambda: handling.say(stale, by=stale.created_by, text="您好"),
        lambda: handling.assign(stale, by=make_user("reviewer"), to=make_user("reviewer")),
    ):
        assert refused(act).rule == "step.state"
    assert Application.objects.get().state == "submitted"
