"""The page of a case: who opens it, what it shows, what is recorded; and every step by every person."""

import datetime

import pytest
from django.utils import timezone

from portal.applications.cases.models import Act, Application, Document
from portal.applications.cases.reasons import Reason
from portal.applications.cases.workflow import drafting, handing_in
from portal.applications.review import deciding
from portal.core.audit.models import AuditEvent
from tests.make import make_division, make_user
from tests.portal.applications.making import draft_change, draft_product, draft_register, hand_in, make_owner

from .cast import QUEUE, digest_of, make_member, page_of, read, sign_in, submitted, with_scan

pytestmark = pytest.mark.django_db
REGION, OTHER = "350000", "330000"


@pytest.fixture
def regional():
    """A registration that the officer of 福建 decides."""
    make_division(REGION, "福建省")
    make_division(OTHER, "浙江省")
    officer = make_user(f"pilot_officer:{REGION}")
    case = submitted("register")
    assert case.office == REGION
    return case, officer


def decision(case, **changes):
    return {"digest": digest_of(case), "text": "", **changes}


STEPS = ("approve", "return", "reject", "assign", "pass", "message", "note", "recheck", "opinion")
READS = {
    "editor": 200,
    "reviewer": 200,
    "publisher": 200,
    "auditor": 200,
    f"pilot_officer:{REGION}": 200,
    f"pilot_officer:{OTHER}": 404,
    "support": 404,
    "administrator": 403,
}


@pytest.mark.parametrize("who", [*READS])
def test_a_case_is_open_to_its_office_and_to_whoever_reads_all(client, regional, who):
    case, _officer = regional
    sign_in(client, who)
    assert client.get(page_of(case)).status_code == READS[who]


@pytest.mark.parametrize(
    ("who", "status"),
    [("auditor", 403), ("administrator", 403), (f"pilot_officer:{OTHER}", 404), ("support", 404)],
)
def test_no_step_is_taken_by_whoever_only_reads_or_is_of_elsewhere(client, regional, who, status):
    case, _officer = regional
    sign_in(client, who)
    for slug in STEPS:
        page = page_of(case, slug)
        assert client.get(page).status_code == status, slug
        assert client.post(page, decision(case, reason="x")).status_code == status, slug
    case.refresh_from_db()
    assert case.state == "submitted"
    assert case.acts.count() == 1


def test_editors_handle_cases_and_decide_none(client, regional):
    case, _officer = regional
    sign_in(client, "editor")
    page = read(client, page_of(case))
    assert "转办" in page
    assert "不予通过" not in page
    assert client.post(page_of(case, "approve"), decision(case)).status_code == 403


def test_a_draft_is_nobodys_but_the_enterprises(client):
    case = draft_register()
    sign_in(client, "reviewer")
    assert client.get(page_of(case)).status_code == 404
    assert case.number not in read(client, QUEUE)


def test_machine_checks_stand_on_top_in_word_and_shape(client):
    case = submitted(valid_until=(timezone.now().date() + datetime.timedelta(days=30)).isoformat())
    sign_in(client, "reviewer")
    page = read(client, page_of(case))
    assert page.index("机器核对") < page.index("申报内容与现行登记对照")
    assert "<b>提醒</b>　证书将于" in page
    assert "#i-dia" in page


def test_proposed_and_current_stand_side_by_side_with_the_change_marked(client):
    owner = make_owner()
    case = hand_in(draft_change(owner, phone="0591-7654321"))
    sign_in(client, "reviewer")
    page = read(client, page_of(case))
    row = page[page.index("0591-7654321") - 300 : page.index("0591-7654321") + 100]
    assert case.enterprise.phone in row
    assert 'class="chg"' in row
    assert "改</span>" in row


def test_what_changed_since_the_return_is_shown_and_what_is_typed_now_is_not(client):
    case = submitted()
    reviewer = make_user("reviewer")
    deciding.send_back(case, by=reviewer, reasons=[Reason("number", "differs")])
    case.refresh_from_db()
    case = drafting.save_draft(
        case, by=case.created_by, values={"number": "SL-2"}, personal={}, revision=case.revision
    )
    client.force_login(reviewer)
    assert "SL-2" not in read(client, page_of(case))
    case = handing_in.submit(case, by=case.created_by, revision=case.revision)
    page = read(client, page_of(case))
    assert "上次退回后改了什么" in page
    assert "SL-2" in page


def test_each_look_at_a_paper_is_recorded_and_papers_of_another_case_are_not_here(client):
    case = draft_product()
    paper = with_scan(case)
    case, other = hand_in(case), submitted()
    sign_in(client, "reviewer")
    address = page_of(case, f"paper/{paper.pk}")
    assert f'<img src="{address}"' in read(client, page_of(case))
    response = client.get(address)
    assert response["Content-Type"] == "image/png"
    assert "no-store" in response["Cache-Control"]
    assert AuditEvent.objects.filter(step="case.paper_viewed", target_id=str(paper.pk)).count() == 1
    assert client.get(page_of(other, f"paper/{paper.pk}")).status_code == 404
    assert client.post(address).status_code == 405


def test_a_paper_that_was_not_handed_in_is_not_shown(client):
    case = submitted()
    reviewer = sign_in(client, "reviewer")
    deciding.send_back(case, by=reviewer, reasons=[Reason("documents", "unreadable")])
    added = Document.objects.create(
        application=case, purpose="other", file=case.documents.first().file, uploaded_by=case.created_by
    )
    assert client.get(page_of(case, f"paper/{added.pk}")).status_code == 404


def test_whom_to_call_is_masked_until_somebody_asks_which_is_recorded(client, regional):
    case, officer = regional
    client.force_login(officer)
    page = read(client, page_of(case))
    assert "138****1234" in page
    assert "13812341234" not in page
    assert client.get(page_of(case, "contact")).status_code == 405
    assert "13812341234" in client.post(page_of(case, "contact")).content.decode()
    assert AuditEvent.objects.filter(step="case.contact_viewed", actor_id=officer.pk).count() == 1
    sign_in(client, "auditor")
    assert client.post(page_of(case, "contact")).status_code == 403


def test_who_has_it_open_is_a_hint_and_no_lock(client):
    case = submitted()
    sign_in(client, "reviewer", first_name="示例乙")
    read(client, page_of(case))
    Application.objects.update(viewed_at=timezone.now() - datetime.timedelta(minutes=3))
    sign_in(client, "reviewer")
    assert "示例乙 正在看，3 分钟前打开" in read(client, page_of(case))
    assert "示例乙 正在看" in read(client, QUEUE)
    assert client.post(page_of(case, "approve"), decision(case)).status_code == 302


def test_an_auditor_who_looks_leaves_no_hint(client):
    case = submitted()
    sign_in(client, "auditor")
    read(client, page_of(case))
    case.refresh_from_db()
    assert case.viewed_by is None


def test_the_office_and_its_phone_are_named_and_the_limit_is_in_words(client, settings):
    settings.OBJECTION_CONTACT = "010-00000000"
    case = submitted()
    Application.objects.update(clock_on=datetime.date(2020, 1, 6))
    sign_in(client, "reviewer")
    page = read(client, page_of(case))
    assert "由推进组办理" in page
    assert "010-00000000" in page
    assert "已逾期" in page


# -- deciding --


def test_a_case_is_approved_by_a_press_on_a_page_that_asks(client):
    case = submitted()
    reviewer = sign_in(client, "reviewer")
    page = read(client, page_of(case, "approve"))
    assert digest_of(case) in page
    assert Application.objects.get().state == "submitted"
    response = client.post(page_of(case, "approve"), decision(case))
    assert response.status_code == 302
    case.refresh_from_db()
    assert (case.state, case.decided_by) == ("approved", reviewer)
    assert AuditEvent.objects.filter(step="case.approved", is_success=True).count() == 1
    again = client.post(page_of(case, "approve"), decision(case))
    assert again.status_code == 409
    assert "已通过" in again.content.decode()


def test_a_case_that_was_handed_in_again_meanwhile_must_be_read_again(client):
    case = submitted()
    reviewer = sign_in(client, "reviewer")
    before = decision(case, text="请写得清楚些", ticks_documents="documents:unreadable")
    deciding.send_back(case, by=reviewer, reasons=[Reason("number", "differs")])
    case.refresh_from_db()
    case = drafting.save_draft(
        case, by=case.created_by, values={"number": "SL-2"}, personal={}, revision=case.revision
    )
    case = handing_in.submit(case, by=case.created_by, revision=case.revision)
    for slug in ("approve", "return", "items"):
        item = case.items.get()
        response = client.post(page_of(case, slug), {**before, f"verdict_{item.pk}": "approved"})
        page = response.content.decode()
        assert response.status_code == 409, slug
        assert "请重新阅读" in page
        assert "请写得清楚些" in page
    case.refresh_from_db()
    assert case.state == "submitted"


def test_a_return_names_reasons_of_the_kept_list_and_free_text(client):
    case = submitted()
    sign_in(client, "reviewer")
    empty = client.post(page_of(case, "return"), decision(case, text="写了附言"))
    assert empty.status_code == 400
    assert "请至少选一条原因" in empty.content.decode()
    assert "写了附言" in empty.content.decode()
    response = client.post(
        page_of(case, "return"),
        decision(
            case,
            ticks_number=["number:differs", "number:not_found"],
            text_number="封面是 035",
            text_documents="第 2 页没有扫",
        ),
    )
    assert response.status_code == 302
    act = case.acts.get(kind="returned")
    said = {(reason["field"], reason["code"]): reason["text"] for reason in act.reasons}
    assert said == {
        ("number", "differs"): "",
        ("number", "not_found"): "封面是 035",
        ("documents", "other"): "第 2 页没有扫",
    }
    page = read(client, page_of(case))
    assert "与证书上的编号不一致" in page
    assert "第 2 页没有扫" in page


def test_a_reason_that_is_on_no_list_is_refused(client):
    case = submitted()
    sign_in(client, "reviewer")
    response = client.post(page_of(case, "return"), decision(case, ticks_number="number:invented"))
    assert response.status_code == 400
    case.refresh_from_db()
    assert case.state == "submitted"


def test_words_that_are_too_long_are_told_and_nothing_happens(client):
    case, words = submitted(), "长" * 10_000
    sign_in(client, "reviewer")
    ticked = {"ticks_documents": "documents:unreadable"}
    assert client.post(page_of(case, "return"), decision(case, text=words, **ticked)).status_code == 400
    assert client.post(page_of(case, "return"), decision(case, text_documents=words)).status_code == 400
    assert client.post(page_of(case, "message"), {"text": words}).status_code == 400
    case.refresh_from_db()
    assert case.state == "submitted"
    assert case.acts.count() == 1


def test_what_nobody_can_see_is_taken_out_of_a_message_and_the_rest_is_kept_as_it_is(client):
    case = submitted()
    sign_in(client, "reviewer")
    client.post(page_of(case, "message"), {"text": "请看\x00 <b>第 2 页</b> 𠮷 =1+1"})
    assert case.acts.get(kind="message").text == "请看 <b>第 2 页</b> 𠮷 =1+1"
    assert "&lt;b&gt;第 2 页&lt;/b&gt;" in read(client, page_of(case))


def test_a_rejection_ends_the_case(client):
    case = submitted()
    sign_in(client, "publisher")
    assert (
        client.post(page_of(case, "reject"), decision(case, ticks_all="all:not_eligible")).status_code == 302
    )
    case.refresh_from_db()
    assert case.state == "rejected"


def test_lines_are_decided_one_by_one(client):
    case = submitted(count=3)
    sign_in(client, "reviewer")
    first, second, third = case.items.all()
    page = read(client, page_of(case, "items"))
    assert page.count("<select") == 3
    wrong = {f"verdict_{first.pk}": "returned:items:other", f"verdict_{second.pk}": "approved"}
    asked = client.post(
        page_of(case, "items"), decision(case, **wrong, **{f"verdict_{third.pk}": "approved"})
    )
    assert asked.status_code == 400
    assert "请写明是什么问题" in asked.content.decode()
    response = client.post(
        page_of(case, "items"),
        decision(
            case,
            **{
                f"verdict_{first.pk}": "approved",
                f"verdict_{second.pk}": "approved",
                f"verdict_{third.pk}": "returned:items:models_differ",
                f"text_{third.pk}": "附件没有 1.2 mm",
            },
        ),
    )
    assert response.status_code == 302
    case.refresh_from_db()
    assert case.state == "returned"
    assert [item.state for item in case.items.all()] == ["approved", "approved", "returned"]
    page = read(client, page_of(case))
    assert "规格型号与证书附件不一致。附件没有 1.2 mm" in page


def test_nobody_decides_an_own_case_nor_one_of_the_own_enterprise(client):
    case = submitted()
    member = make_user("publisher")
    make_member(case, member)
    client.force_login(member)
    shown = read(client, page_of(case))
    assert "您是这家企业的成员" in shown
    for slug in ("approve", "items", "return", "reject", "assign", "pass", "note"):
        page = page_of(case, slug)
        assert page not in shown
        for response in (client.get(page), client.post(page, decision(case))):
            assert response.status_code == 403, slug
            assert "您是这家企业的成员" in response.content.decode()
    case.refresh_from_db()
    assert case.state == "submitted"


def test_an_account_of_a_certification_body_decides_none(client):
    case = submitted()
    sign_in(client, "reviewer", certification_body="demo")
    assert "您的账号属于认证机构" in read(client, page_of(case))
    assert client.post(page_of(case, "approve"), decision(case)).status_code == 403


def test_a_code_that_fails_the_standard_needs_a_comparison_with_the_licence(client):
    good = draft_register()
    wrong = good.uscc[:-1] + ("0" if good.uscc[-1] != "0" else "1")
    Application.objects.filter(pk=good.pk).update(uscc=wrong)
    good.refresh_from_db()
    case = hand_in(good)
    sign_in(client, "reviewer")
    asked = client.post(page_of(case, "approve"), decision(case))
    assert asked.status_code == 400
    assert "证照核对一致" in asked.content.decode()
    assert (
        client.post(page_of(case, "approve"), decision(case, uscc_override="证照核对一致")).status_code == 302
    )
    case.refresh_from_db()
    assert case.enterprise.uscc_override_reason == "证照核对一致"


@pytest.mark.parametrize(("choice", "roles"), [("end", 1), ("keep", 2)])
def test_a_dispute_is_decided_with_a_word_on_the_owner(client, choice, roles):
    owner = make_owner()
    enterprise = owner.memberships.get().enterprise
    case = hand_in(draft_register(uscc=enterprise.uscc, name=enterprise.name))
    assert case.is_disputed
    sign_in(client, "reviewer")
    assert "争议" in read(client, page_of(case))
    asked = client.post(page_of(case, "approve"), decision(case))
    assert asked.status_code == 400
    assert "请选择原管理人是结束还是保留" in asked.content.decode()
    assert client.post(page_of(case, "approve"), decision(case, keep_owner=choice)).status_code == 302
    assert enterprise.memberships.filter(ended_at__isnull=True).count() == roles


# -- handling --


def test_a_case_is_assigned_to_somebody_who_could_decide_it(client):
    case = submitted()
    reviewer, body = make_user("reviewer"), make_user("reviewer", certification_body="demo")
    sign_in(client, "editor")
    page = read(client, page_of(case, "assign"))
    assert f'value="{reviewer.pk}"' in page
    assert f'value="{body.pk}"' not in page
    assert client.post(page_of(case, "assign"), {"to": ""}).status_code == 400
    assert client.post(page_of(case, "assign"), {"to": reviewer.pk}).status_code == 302
    case.refresh_from_db()
    assert case.assigned_to == reviewer


def test_a_case_is_passed_on_with_a_reason_and_out_of_sight(client, regional):
    case, officer = regional
    client.force_login(officer)
    assert client.post(page_of(case, "pass"), {"office": "national"}).status_code == 400
    response = client.post(page_of(case, "pass"), {"office": "national", "reason": "企业已迁往外省"})
    assert response.status_code == 302
    assert response["Location"] == QUEUE
    case.refresh_from_db()
    assert case.office == ""
    assert client.get(page_of(case)).status_code == 404
    assert "企业已迁往外省" in case.acts.get(kind="passed").text


def test_the_region_gives_its_opinion_on_a_case_of_the_national_list(client):
    make_division(REGION, "福建省")
    officer = make_user(f"pilot_officer:{REGION}")
    case = submitted()
    assert case.opinion_division == REGION
    client.force_login(officer)
    assert "待地区意见" in read(client, QUEUE)
    page = read(client, page_of(case))
    assert "填写地区意见" in page
    assert "退回补正" not in page
    refused = client.post(page_of(case, "opinion"), {"is_favourable": "no", "text": ""})
    assert refused.status_code == 409
    assert "不同意的，请写明理由" in refused.content.decode()
    assert (
        client.post(page_of(case, "opinion"), {"is_favourable": "no", "text": "厂址不符"}).status_code == 302
    )
    sign_in(client, "reviewer")
    page = read(client, page_of(case))
    assert "不同意" in page
    assert "厂址不符" in page
    assert client.post(page_of(case, "opinion"), {"is_favourable": "yes"}).status_code == 403


def test_messages_are_read_by_both_sides_and_notes_by_offices(client):
    case = submitted()
    handing_in.ask_support(case, by=case.created_by, wanted=True)
    sign_in(client, "reviewer")
    assert client.post(page_of(case, "message"), {"text": "请补一页"}).status_code == 302
    assert client.post(page_of(case, "note"), {"text": "已打电话核对"}).status_code == 302
    empty = client.post(page_of(case, "message"), {"text": " "})
    assert empty.status_code == 400
    page = read(client, page_of(case))
    assert "请补一页" in page
    assert "已打电话核对" in page
    assert [act.is_internal for act in Act.objects.filter(kind__in=["message", "note"])] == [False, True]
    sign_in(client, "support")
    page = read(client, page_of(case))
    assert "请补一页" in page
    assert "已打电话核对" not in page


def test_the_support_institution_reads_what_it_is_asked_for_and_decides_nothing(client):
    draft = draft_product()
    paper = with_scan(draft)
    case, other = hand_in(draft), submitted()
    handing_in.ask_support(case, by=case.created_by, wanted=True)
    sign_in(client, "support", certification_body="demo")
    queue = read(client, QUEUE)
    assert case.number in queue
    assert other.number not in queue
    assert client.get(page_of(case, f"paper/{paper.pk}")).status_code == 200
    assert client.get(page_of(other)).status_code == 404
    for slug in ("approve", "return", "reject", "assign", "pass", "note"):
        assert client.post(page_of(case, slug), decision(case, reason="x")).status_code == 403, slug
    assert client.post(page_of(case, "contact")).status_code == 403
    assert client.post(page_of(case, "message"), {"text": "请附检测报告"}).status_code == 302
    handing_in.ask_support(Application.objects.get(pk=case.pk), by=case.created_by, wanted=False)
    assert client.get(page_of(case)).status_code == 404
    assert client.get(page_of(case, f"paper/{paper.pk}")).status_code == 404
    assert client.post(page_of(case, "message"), {"text": "还在吗"}).status_code == 404


# -- a second look --


def test_a_sample_of_approved_cases_is_looked_at_by_somebody_else(client):
    reviewer = make_user("reviewer")
    cases = [submitted() for _ in range(4)]
    for case in cases[:3]:
        deciding.approve(case, by=reviewer, digest=digest_of(case))
    client.force_login(reviewer)
    today = timezone.localdate().isoformat()
    drawn = client.post(f"{QUEUE}draw/", {"unit": "percent", "amount": "50", "since": today, "until": today})
    assert drawn.status_code == 302
    assert Application.objects.filter(is_recheck=True).count() == 2
    case = Application.objects.filter(is_recheck=True).first()
    assert client.post(page_of(case, "recheck"), {"is_sound": "yes"}).status_code == 403
    sign_in(client, "publisher")
    assert client.post(page_of(case, "recheck"), {"is_sound": "no", "text": ""}).status_code == 409
    assert client.post(page_of(case, "recheck"), {"is_sound": "no", "text": "附件缺页"}).status_code == 302
    case.refresh_from_db()
    assert case.state == "approved"
    assert case.acts.get(kind="rechecked").is_internal
    assert "附件缺页" in read(client, f"{QUEUE}draw/")
    assert client.get(page_of(case, "recheck")).status_code == 404


def test_a_draw_says_what_is_wrong_with_its_numbers_and_is_not_for_everybody(client):
    sign_in(client, "reviewer")
    bad = client.post(
        f"{QUEUE}draw/", {"unit": "count", "amount": "0", "since": "2026-02-01", "until": "2026-01-01"}
    )
    assert bad.status_code == 400
    assert "结束日期早于开始日期" in bad.content.decode()
    for who in ("editor", "auditor", f"pilot_officer:{REGION}", "support", "administrator"):
        sign_in(client, who)
        assert client.post(f"{QUEUE}draw/", {"unit": "count", "amount": "1"}).status_code == 403


# -- the enterprise --


def test_the_enterprise_shows_its_cases_and_members_and_who_ended_one(client):
    case = submitted()
    membership = case.enterprise.memberships.get()
    enterprise_page, end_page = (
        f"{QUEUE}enterprise/{case.enterprise_id}/",
        f"{QUEUE}member/{membership.pk}/end/",
    )
    sign_in(client, "auditor")
    page = read(client, enterprise_page)
    assert case.number in page
    assert end_page not in page
    assert client.post(end_page, {"reason": "x"}).status_code == 403
    sign_in(client, "reviewer")
    assert enterprise_page in read(client, f"/admin/enterprises/enterprise/{case.enterprise_id}/change/")
    assert end_page in read(client, enterprise_page)
    assert client.post(end_page, {"reason": ""}).status_code == 400
    assert client.post(end_page, {"reason": "离职，企业来函"}).status_code == 302
    membership.refresh_from_db()
    assert membership.ended_at is not None
    event = AuditEvent.objects.get(step="membership.ended")
    assert event.reason == "离职，企业来函"
    assert client.post(end_page, {"reason": "再按一次"}).status_code == 409
    make_division(OTHER, "浙江省")
    sign_in(client, f"pilot_officer:{OTHER}")
    assert client.get(enterprise_page).status_code == 404
    assert client.post(end_page, {"reason": "x"}).status_code == 404


def test_nobody_ends_an_own_colleague(client):
    case = submitted()
    membership = case.enterprise.memberships.get()
    member = make_user("publisher")
    make_member(case, member)
    client.force_login(member)
    assert client.post(f"{QUEUE}member/{membership.pk}/end/", {"reason": "x"}).status_code == 403
