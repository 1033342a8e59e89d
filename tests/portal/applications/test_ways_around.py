"""Ways around a rule that takes two steps, or that opens when something else has moved meanwhile: each is shut."""

import re

import pytest

from catalog.enterprises.models import Membership
from catalog.publication.models import Batch
from catalog.publication.publishing import workflow
from portal.applications.cases.reasons import Reason
from portal.applications.cases.timeline import timeline
from portal.applications.cases.workflow import drafting, handing_in, handling
from portal.applications.counter.making.keys import new_key
from portal.applications.review import deciding
from portal.core.audit.models import AuditEvent
from portal.core.mail.models import Message
from tests.make import (
    make_campaign,
    make_division,
    make_enterprise,
    make_product,
    make_user,
    publish_products,
)
from tests.portal.applications.cases.test_drafting import refused

from .making import (
    approve,
    draft_product,
    draft_register,
    draft_renewal,
    draft_withdraw,
    enterprise_of,
    hand_in,
    make_owner,
)

pytestmark = pytest.mark.django_db
UNREADABLE = [Reason("documents", "unreadable")]


@pytest.fixture(autouse=True)
def _campaign():
    make_campaign()


def test_what_a_region_has_in_hand_is_not_turned_to_the_national_list():
    officer = make_user("pilot_officer:350000")
    by = make_owner()
    case = deciding.send_back(hand_in(draft_product(by, publisher="350000")), by=officer, reasons=UNREADABLE)
    refusal = refused(
        lambda: drafting.save_draft(
            case, by=by, values={}, personal={}, revision=case.revision, publisher="national"
        )
    )
    assert refusal.rule == "case.publisher_settled"
    assert "撤回" in refusal.sentence
    approve(hand_in(case), officer)
    assert set(Batch.objects.values_list("publisher", flat=True)) == {"350000"}


def test_a_renewal_whose_products_moved_meanwhile_can_still_be_read_on_both_sides(client):
    product = make_product()
    by, colleague = make_owner(product.enterprise), make_owner(product.enterprise, role="editor")
    first = hand_in(draft_renewal(by, product.certificate))
    deciding.reject(first, by=make_user("reviewer"), reasons=UNREADABLE)
    late = draft_renewal(colleague, product.certificate, number="SL-LATE-1")
    approve(hand_in(draft_renewal(by, product.certificate, number="SL-NEW-1")))
    client.force_login(colleague)
    for page in ("", "fill/?check", "products/", "hand-in/"):
        assert client.get(f"/desk/cases/{late.number}/{page}").status_code == 200
    assert "已办过换证" in client.get(f"/desk/cases/{late.number}/hand-in/").content.decode()
    assert refused(lambda: hand_in(late)).rule == "case.incomplete"
    client.force_login(make_user("reviewer"))
    assert client.get(f"/admin/desk/application/{first.pk}/change/").status_code == 200


def test_who_leaves_the_lists_as_a_whole_has_no_lines_from_before():
    product = make_product()
    publish_products(product)
    by = make_owner(product.enterprise)
    case = draft_withdraw(by, product)
    case = drafting.save_draft(
        case, by=by, values={"scope": "enterprise"}, personal={}, revision=case.revision
    )
    case = hand_in(case)
    assert (case.items.count(), case.submissions.get().items) == (0, [])


def test_the_words_of_a_withdrawal_stay_out_of_the_audit_trail():
    case = hand_in(draft_product())
    handing_in.withdraw(case, by=case.created_by, reason="欧阳联系人已离职")
    assert case.acts.last().text == "欧阳联系人已离职"
    assert "欧阳" not in str(list(AuditEvent.objects.values()))


def test_a_tick_that_is_no_number_of_a_product_is_refused_in_words(client):
    product = make_product()
    by = make_owner(product.enterprise)
    case = draft_withdraw(by, product)
    client.force_login(by)
    for junk in ("9" * 5000, "-1", "x"):
        sent = {"form": new_key(case, by), "revision": case.revision, "product": junk}
        answer = client.post(f"/desk/cases/{case.number}/products/", sent)
        assert (answer.status_code, case.items.count()) == (409, 1)


def test_a_page_of_an_earlier_submission_approves_nothing_even_where_only_the_contact_was_changed():
    case = hand_in(draft_register())
    read = case.submissions.get().digest
    case = deciding.send_back(case, by=make_user("reviewer"), reasons=UNREADABLE)
    case = drafting.save_draft(
        case, by=case.created_by, values={}, personal={"contact_person": "李四"}, revision=case.revision
    )
    case = hand_in(case)
    assert refused(lambda: approve(case, digest=read)).rule == "case.reread"


def test_a_dispute_is_not_decided_in_passing():
    enterprise = make_enterprise()
    owner = make_owner(enterprise)
    case = hand_in(draft_register(uscc=enterprise.uscc, name=enterprise.name))
    ((_case, refusal),) = deciding.decide_many(
        [case], by=make_user("reviewer"), decision="approve", reasons=[], text=""
    )
    assert refusal.rule == "case.look_closer"
    assert Membership.objects.of(owner).exists()


def test_who_claims_an_enterprise_does_not_choose_the_office_by_the_place_that_is_typed():
    make_division("440000", "广东省")
    make_user("pilot_officer:350000")
    make_user("pilot_officer:440000")
    enterprise = make_enterprise(division_id="440000")
    case = hand_in(draft_register(uscc=enterprise.uscc, name=enterprise.name, division="350000"))
    assert case.office == "440000"


def test_a_claim_that_would_change_what_is_frozen_in_a_batch_waits():
    by = make_owner()
    approve(hand_in(draft_product(by)))
    enterprise = enterprise_of(by)
    batch = Batch.objects.get()
    Batch.objects.filter(pk=batch.pk).update(notice_days=0, notice_waiver="推进组〔示例〕1号")
    workflow.submit(Batch.objects.get(), by=make_user("editor"))
    claim = hand_in(draft_register(uscc=enterprise.uscc, name=enterprise.name, phone="0592-7654321"))
    assert refused(lambda: approve(claim, keep_owner=True)).rule == "case.frozen"


def test_help_can_be_declined_on_the_page_of_a_case_that_is_decided(client):
    case = hand_in(draft_register())
    handing_in.ask_support(case, by=case.created_by, wanted=True)
    deciding.reject(case, by=make_user("reviewer"), reasons=UNREADABLE)
    client.force_login(case.created_by)
    page = client.get(f"/desk/cases/{case.number}/").content.decode()
    assert "不再请支持机构协助" in page
    client.post(f"/desk/cases/{case.number}/support/")
    case.refresh_from_db()
    assert not case.wants_support


def test_the_link_to_a_decision_names_the_submission_that_stood_on_the_page(client):
    """Read, then returned by a colleague and handed in again, then approved by the link of the page that was read."""
    case = hand_in(draft_product())
    client.force_login(make_user("reviewer"))
    page = client.get(f"/admin/desk/application/{case.pk}/change/").content.decode()
    link = re.search(rf'href="(/admin/desk/application/{case.pk}/approve/[^"]*)"', page)[1]
    case = deciding.send_back(case, by=make_user("reviewer"), reasons=UNREADABLE)
    case = drafting.save_draft(
        case, by=case.created_by, values={"number": "SL-OTHER"}, personal={}, revision=case.revision
    )
    hand_in(case)
    form = client.get(link).content.decode()
    digest = re.search(r'name="digest" value="([^"]*)"', form)[1]
    answer = client.post(link, {"digest": digest, "text": ""})
    assert answer.status_code == 409
    assert "请重新阅读" in answer.content.decode()
    case.refresh_from_db()
    assert case.state == "submitted"


def test_a_word_of_the_support_institution_is_not_taken_for_the_offices():
    case = hand_in(draft_register())
    case = handing_in.ask_support(case, by=case.created_by, wanted=True)
    handling.say(case, by=make_user("support"), text="证书附件请补第 3 页。")
    handling.say(case, by=make_user("reviewer"), text="收到。")
    told = [event.who for event in timeline(case, for_office=False) if event.words == "留言"]
    assert told == ["技术支持机构", "推进组"]
    letters = list(
        Message.objects.filter(recipient=case.created_by).order_by("pk").values_list("text", flat=True)
    )
    assert "技术支持机构写道" in letters[-2]
    assert "推进组写道" in letters[-1]
