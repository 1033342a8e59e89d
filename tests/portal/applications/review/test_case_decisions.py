"""A case is decided: what is asked, what is refused, and who may not."""

import pytest

from portal.applications.cases.models import Application
from portal.applications.cases.reasons import Reason
from portal.applications.cases.workflow import drafting, handing_in
from portal.applications.review import deciding
from portal.core.audit.models import AuditEvent
from tests.make import make_user
from tests.portal.applications.making import draft_register, hand_in, make_owner

from .cast import decision, digest_of, make_member, page_of, read, sign_in, submitted

pytestmark = pytest.mark.django_db


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


def test_the_button_says_what_it_will_do_before_it_does_it(client):
    case = submitted(count=3)
    sign_in(client, "reviewer")
    first, second, third = case.items.all()
    page = read(client, page_of(case, "items"))
    assert '<button class="btn" data-verdicts="told">通过 3 项</button>' in page
    verdicts = {
        f"verdict_{first.pk}": "approved",
        f"verdict_{second.pk}": "approved",
        f"verdict_{third.pk}": "returned:items:models_differ",
    }
    asked = client.post(page_of(case, "items"), decision(case, told="通过 3 项", **verdicts))
    assert asked.status_code == 400
    assert "您的选择是：通过 2 项，退回 1 项" in asked.content.decode()
    assert ">通过 2 项，退回 1 项</button>" in asked.content.decode()
    case.refresh_from_db()
    assert case.state == "submitted"
    done = client.post(page_of(case, "items"), decision(case, told="通过 2 项，退回 1 项", **verdicts))
    assert done.status_code == 302
    case.refresh_from_db()
    assert case.state == "returned"


def test_findings_are_about_the_state_before_the_decision(client):
    """An approved registration makes its own applicant the owner, which is no dispute."""
    case = hand_in(draft_register(make_owner()))
    sign_in(client, "reviewer")
    before = read(client, page_of(case))
    assert "本件是争议" not in before
    assert "办结前的情况" not in before
    client.post(page_of(case, "approve"), decision(case, uscc_override="证照核对一致"))
    case.refresh_from_db()
    assert case.state == "approved"
    after = read(client, page_of(case))
    assert "本件是争议" not in after
    assert "办结前的情况" in after
    Application.objects.filter(pk=case.pk).update(findings=None)  # decided before findings were kept
    assert "没有留下机器核对的结果" in read(client, page_of(case))


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
