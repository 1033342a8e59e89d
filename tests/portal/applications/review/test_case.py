"""The page of a case: who opens it, what it shows, and what is recorded of whoever looks."""

import datetime

import pytest
from django.utils import timezone

from portal.applications.cases.models import Application, Document
from portal.applications.cases.reasons import Reason
from portal.applications.cases.workflow import drafting, handing_in
from portal.applications.review import deciding
from portal.core.audit.models import AuditEvent
from tests.make import make_user
from tests.portal.applications.making import draft_change, draft_product, draft_register, hand_in, make_owner

from .cast import OTHER, QUEUE, REGION, decision, page_of, read, sign_in, submitted, with_scan

pytestmark = pytest.mark.django_db


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
