"""Handing in: what is missing is said, what was handed in is kept, twice is refused."""

import datetime

import pytest

from portal.applications.cases.deadlines import queue_of
from portal.applications.cases.models import Act, Submission
from portal.applications.cases.offices import office_phone, staffed_offices
from portal.applications.cases.workflow import drafting, handing_in, starting
from portal.applications.cases.workflow.steps import EditConflict
from portal.core.audit.models import AuditEvent
from portal.core.workflow import NoPermission
from tests.make import make_division, make_enterprise, make_product, make_region, make_uscc, make_user
from tests.portal.applications.making import (
    approve,
    draft_change,
    draft_product,
    draft_register,
    draft_renewal,
    draft_withdraw,
    enterprise_of,
    hand_in,
    items_of,
    make_owner,
)

from .test_drafting import refused, save

pytestmark = pytest.mark.django_db


def test_what_is_handed_in_is_kept_with_its_digest_and_the_clock_runs():
    case = hand_in(draft_register())
    submission = Submission.objects.get()
    assert (case.state, submission.ordinal, len(submission.digest)) == ("submitted", 1, 64)
    assert submission.values["name"] == "示例新登记建材有限公司"
    assert submission.personal == {"contact_person": "张三", "contact_phone": "13812341234"}
    assert [paper["purpose"] for paper in submission.documents] == ["licence", "authorisation"]
    assert case.clock_on is not None
    assert AuditEvent.objects.filter(step="case.submitted", is_success=True).count() == 1
    assert Act.objects.get().kind == "submitted"


def test_persons_are_named_in_no_event_and_no_act():
    case = hand_in(draft_register())
    written = str(list(AuditEvent.objects.values())) + str(list(case.acts.values()))
    assert "张三" not in written
    assert "13812341234" not in written
    assert "张三" not in str(Submission.objects.values("values", "items", "documents"))


def test_twice_is_refused_with_a_sentence():
    draft = draft_register()
    hand_in(draft)
    refusal = refused(lambda: hand_in(draft))
    assert (refusal.rule, Submission.objects.count()) == ("step.state", 1)
    assert "审核中" in refusal.sentence


def test_a_page_opened_before_the_last_save_hands_in_nothing():
    draft = draft_register()
    save(draft, phone="0592-2222222")
    assert isinstance(refused(lambda: hand_in(draft)), EditConflict)
    assert Submission.objects.count() == 0


def test_nobody_but_the_enterprise_hands_in():
    draft = draft_register()
    for by in (make_user(), make_owner(), make_user("publisher"), make_user("auditor")):
        refusal = refused(lambda by=by: handing_in.submit(draft, by=by, revision=draft.revision))
        assert isinstance(refusal, NoPermission)


def test_an_empty_form_is_refused_with_every_sentence():
    draft = starting.start("register", by=make_user(), uscc=make_uscc())
    fields = [one.field for one in handing_in.missing(draft)]
    assert fields == [
        "name",
        "division",
        "phone",
        "contact_person",
        "contact_phone",
        "documents.licence",
        "documents.authorisation",
    ]
    refusal = refused(lambda: hand_in(draft))
    assert refusal.rule == "case.incomplete"
    assert "请上传营业执照" in refusal.sentence
    assert "企业名称" in refusal.sentence


def test_the_legal_representative_needs_no_authorisation():
    draft = draft_register(is_legal_representative="on")
    draft.documents.filter(purpose="authorisation").delete()
    assert handing_in.missing(draft) == []


def missing_fields(draft) -> list[str]:
    return [one.field for one in handing_in.missing(draft)]


def test_a_certificate_must_be_one_that_can_be_listed():
    today = datetime.date.today()
    ended = draft_product(
        issued_on=(today - datetime.timedelta(days=900)).isoformat(),
        valid_until=(today - datetime.timedelta(days=5)).isoformat(),
    )
    assert missing_fields(ended) == ["valid_until"]
    reversed_dates = draft_product(issued_on="2024-01-01", valid_until="2023-01-01")
    assert missing_fields(reversed_dates) == ["valid_until"]
    future = draft_product(issued_on=(today + datetime.timedelta(days=5)).isoformat())
    assert missing_fields(future) == ["issued_on"]


def test_a_product_case_needs_products_and_their_categories():
    draft = draft_product(count=0)
    assert missing_fields(draft) == ["items"]
    draft = drafting.set_items(draft, by=draft.created_by, rows=[{"name": "卷材"}], revision=draft.revision)
    assert missing_fields(draft) == [f"items.{items_of(draft)[0].pk}.category"]


def test_a_rename_needs_its_date_evidence_and_paper_and_a_change_must_change_something():
    enterprise = make_enterprise(contact_person="张三", contact_phone="13812341234")
    draft = draft_change(make_owner(enterprise), name="示例新名称有限公司")
    draft.documents.all().delete()
    assert missing_fields(draft) == ["renamed_on", "rename_evidence", "documents.rename"]
    draft = draft_change(make_owner(enterprise))
    assert missing_fields(draft) == ["all"]


def test_a_renewal_under_the_old_number_is_none():
    product = make_product()
    by = make_owner(product.enterprise)
    draft = draft_renewal(by, product.certificate)
    assert missing_fields(draft) == []
    draft = save(draft, number=product.certificate.number)
    assert missing_fields(draft) == ["number"]


def test_a_withdrawal_names_products_or_the_whole_enterprise():
    product = make_product()
    by = make_owner(product.enterprise)
    whole = draft_withdraw(by)
    assert missing_fields(whole) == []
    assert missing_fields(save(whole, scope="products")) == ["items"]


def test_one_matter_of_one_enterprise_is_under_review_once():
    code = make_uscc()
    first = draft_register(uscc=code)
    second = draft_register(uscc=code)
    hand_in(first)
    refusal = refused(lambda: hand_in(second))
    assert refusal.rule == "case.twin"
    assert "仍保存在草稿里" in refusal.sentence
    second.refresh_from_db()
    assert (second.state, second.submissions.count()) == ("draft", 0)
    handing_in.withdraw(first, by=first.created_by)
    assert hand_in(second).state == "submitted"


def test_withdrawn_by_the_enterprise_and_only_once():
    case = hand_in(draft_register())
    assert isinstance(refused(lambda: handing_in.withdraw(case, by=make_user())), NoPermission)
    case = handing_in.withdraw(case, by=case.created_by, reason="填错了")
    assert case.state == "withdrawn"
    assert case.acts.last().text == "填错了"
    assert refused(lambda: handing_in.withdraw(case, by=case.created_by)).rule == "step.state"


def test_a_form_begun_again_holds_what_was_withdrawn():
    case = hand_in(draft_register())
    handing_in.withdraw(case, by=case.created_by)
    again = starting.start("register", by=case.created_by, uscc=case.uscc)
    assert again != case
    assert again.values["name"] == "示例新登记建材有限公司"
    assert starting.start("register", by=make_user(), uscc=case.uscc).values == {}


def test_help_is_asked_for_and_declined_again():
    draft = draft_register()
    draft = handing_in.ask_support(draft, by=draft.created_by, wanted=True)
    assert draft.wants_support
    assert refused(lambda: handing_in.ask_support(draft, by=draft.created_by, wanted=True)).rule == (
        "case.support_same"
    )
    assert isinstance(
        refused(lambda: handing_in.ask_support(draft, by=make_user(), wanted=False)), NoPermission
    )
    assert not handing_in.ask_support(draft, by=draft.created_by, wanted=False).wants_support
    assert [act.kind for act in draft.acts.all()] == ["support_on", "support_off"]


def test_help_is_declined_also_after_the_decision_and_asked_for_only_before():
    support = make_user("support")
    draft = draft_register()
    handing_in.ask_support(draft, by=draft.created_by, wanted=True)
    draft.refresh_from_db()
    case = approve(hand_in(draft))
    assert case in type(case).objects.in_scope(support)
    case = handing_in.ask_support(case, by=case.created_by, wanted=False)
    assert case not in type(case).objects.in_scope(support)
    refusal = refused(lambda: handing_in.ask_support(case, by=case.created_by, wanted=True))
    assert refusal.rule == "step.state"


def test_a_claim_on_an_enterprise_with_an_owner_is_a_dispute():
    enterprise = make_enterprise()
    assert not hand_in(draft_register(uscc=enterprise.uscc)).is_disputed
    taken = make_enterprise()
    owner = make_owner(taken)
    case = hand_in(draft_register(uscc=taken.uscc))
    assert case.is_disputed
    assert case.enterprise == taken
    assert "disputed" in [act.kind for act in case.acts.all()]
    assert type(case).objects.of_account(owner).count() == 0


# -- offices ---------------------------------------------------------------------------------------------------------


def test_the_working_group_decides_where_no_region_has_an_officer(settings):
    settings.OBJECTION_CONTACT = "010-00000000"
    case = hand_in(draft_register())
    assert (case.office, case.opinion_division) == ("", "")
    assert office_phone(case.office) == "010-00000000"


def test_a_region_with_an_officer_decides_what_is_its_own_and_is_heard_on_the_national_list():
    make_region("350000", responsible_phone="0591-1111111")
    make_user("pilot_officer:350000")
    assert hand_in(draft_register()).office == "350000"
    assert office_phone("350000") == "0591-1111111"
    national = hand_in(draft_product())
    assert (national.office, national.opinion_division) == ("", "350000")
    local = hand_in(draft_product(publisher="350000"))
    assert (local.office, local.opinion_division) == ("350000", "")
    assert [code for code, _name in staffed_offices()] == ["", "350000"]


def test_an_officer_whose_account_is_closed_makes_no_office():
    make_user("pilot_officer:350000", is_active=False)
    make_user("pilot_officer:440000")
    assert hand_in(draft_register()).office == ""


def test_a_corrected_case_goes_back_to_the_office_it_came_from():
    case = hand_in(draft_register())
    type(case).objects.filter(pk=case.pk).update(state="returned")
    make_user("pilot_officer:350000")
    case.refresh_from_db()
    assert hand_in(case).office == ""


def test_a_county_of_the_province_reaches_its_officers():
    make_division("350000")
    make_division("350583", "南安市", "county")
    make_user("pilot_officer:350000")
    by = make_owner(make_enterprise(division_id="350583"))
    assert hand_in(draft_product(by)).opinion_division == "350000"
    assert enterprise_of(by).scope_division == "350583"


def test_a_region_whose_only_officer_has_a_part_in_the_case_leaves_it_to_the_working_group():
    officer = make_user("pilot_officer:350000", person="P")
    case = hand_in(draft_register(officer))
    assert case.office == ""
    member = make_owner(make_enterprise(), person="P")
    national = hand_in(draft_product(member))
    assert (national.office, national.opinion_division) == ("", "")
    assert hand_in(draft_register()).office == "350000"


def test_a_case_whose_region_lost_its_officer_is_the_working_groups():
    officer = make_user("pilot_officer:350000")
    waiting, corrected = hand_in(draft_register()), hand_in(draft_register())
    type(corrected).objects.filter(pk=corrected.pk).update(state="returned")
    corrected.refresh_from_db()
    reviewer = make_user("reviewer")
    assert waiting not in queue_of(reviewer)
    officer.is_active = False
    officer.save()
    assert waiting in queue_of(reviewer)
    assert hand_in(corrected).office == ""
