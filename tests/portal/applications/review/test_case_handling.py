"""What offices do with a case beside deciding it: assign, pass on, ask, write, look again."""

import pytest
from django.utils import timezone

from portal.applications.cases.models import Act, Application
from portal.applications.cases.workflow import handing_in
from portal.applications.review import deciding
from tests.make import make_division, make_user
from tests.portal.applications.making import draft_product, hand_in

from .cast import QUEUE, REGION, decision, digest_of, page_of, read, sign_in, submitted, with_scan

pytestmark = pytest.mark.django_db


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
