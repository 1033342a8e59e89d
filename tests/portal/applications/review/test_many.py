"""One decision on many cases: each by itself, told one by one, never half a case."""

import re

import pytest

from portal.applications.cases.models import Application
from portal.applications.cases.reasons import Reason
from portal.applications.cases.workflow import drafting, handing_in
from portal.applications.review import deciding
from portal.core.audit.models import AuditEvent
from tests.make import make_user
from tests.portal.applications.making import make_owner

from .cast import QUEUE, make_member, read, sign_in, submitted

pytestmark = pytest.mark.django_db
MANY = f"{QUEUE}many/"


def ticked(client, *cases, **query):
    """The page that asks, after some cases were ticked in the queue."""
    data = {"action": "decide_together", "_selected_action": [case.pk for case in cases]}
    response = client.post(QUEUE, {**data, **query})
    assert response.status_code == 200, response
    return response.content.decode()


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(token|cases)" value="([^"]*)"', page))


def pressed(client, page: str, **words):
    return client.post(MANY, {**hidden(page), "text": "", **words})


def test_many_cases_are_returned_with_one_reason(client):
    cases = [submitted() for _ in range(3)]
    sign_in(client, "reviewer")
    page = ticked(client, *cases)
    assert all(case.number in page for case in cases)
    assert ">退回 3 件补正</button>" in page
    assert set(Application.objects.values_list("state", flat=True)) == {"submitted"}
    response = pressed(client, page, decision="return", ticks_documents="documents:unreadable")
    assert response.status_code == 302
    told = read(client, response["Location"])
    assert "办成 3 件" in told
    assert set(Application.objects.values_list("state", flat=True)) == {"returned"}
    assert AuditEvent.objects.filter(step="case.returned", is_success=True).count() == 3


def test_what_is_refused_says_why_and_stops_no_other(client):
    fine, own, moved = submitted(), submitted(), submitted()
    reviewer = sign_in(client, "reviewer")
    make_member(own, reviewer)
    page = ticked(client, fine, own, moved)
    deciding.send_back(moved, by=make_user("reviewer"), reasons=[Reason("number", "differs")])
    moved.refresh_from_db()
    again = drafting.save_draft(
        moved, by=moved.created_by, values={"number": "SL-2"}, personal={}, revision=moved.revision
    )
    handing_in.submit(again, by=again.created_by, revision=again.revision)
    told = read(client, pressed(client, page, decision="approve")["Location"])
    assert "办成 1 件，没有办成 2 件" in told
    assert "您是这家企业的成员" in told
    assert "请重新阅读" in told
    states = dict(Application.objects.values_list("pk", "state"))
    assert states == {fine.pk: "approved", own.pk: "submitted", moved.pk: "submitted"}


def test_what_a_machine_found_an_error_in_is_not_approved_in_passing(client):
    owner = make_owner()
    wrong = submitted(by=owner, applicant_name="别的公司", maker_name="别的公司", factory_name="别的公司")
    sign_in(client, "reviewer")
    told = read(client, pressed(client, ticked(client, wrong), decision="approve")["Location"])
    assert "须打开逐件办理" in told
    wrong.refresh_from_db()
    assert wrong.state == "submitted"


def test_a_second_press_leads_to_the_results_of_the_first(client):
    case = submitted()
    sign_in(client, "reviewer")
    page = ticked(client, case)
    first, second = pressed(client, page, decision="approve"), pressed(client, page, decision="approve")
    assert first["Location"] == second["Location"]
    assert "办成 1 件" in read(client, second["Location"])
    assert AuditEvent.objects.filter(step="case.approved").count() == 1


def test_all_that_match_the_filters_are_meant_where_that_is_ticked(client):
    cases = [submitted() for _ in range(2)]
    registration = submitted("register")
    sign_in(client, "reviewer")
    data = {"action": "decide_together", "select_across": "1"}
    page = client.post(f"{QUEUE}?kind=product", data).content.decode()
    assert all(case.number in page for case in cases)
    assert registration.number not in page


def test_a_decision_without_a_reason_is_asked_for_and_keeps_what_was_typed(client):
    case = submitted()
    sign_in(client, "reviewer")
    page = ticked(client, case)
    response = pressed(client, page, decision="return", text="请尽快")
    assert response.status_code == 400
    shown = response.content.decode()
    assert "请至少选一条原因" in shown
    assert "请尽快" in shown
    assert case.number in shown
    assert client.post(MANY, {"cases": "x", "token": "y"}).status_code == 400


def test_reasons_offered_fit_every_kind_among_the_cases(client):
    sign_in(client, "reviewer")
    page = ticked(client, submitted(), submitted("register"))
    assert "documents:unreadable" in page
    assert "number:differs" not in page


@pytest.mark.parametrize("who", ["editor", "auditor", "support", "administrator"])
def test_it_is_for_those_who_decide(client, who):
    case = submitted()
    sign_in(client, who)
    assert client.post(MANY, {"cases": f"{case.pk}:x", "decision": "approve"}).status_code == 403
    assert client.get(MANY).status_code == 405


def test_cases_of_another_region_are_left_alone(client):
    case = submitted()
    sign_in(client, "pilot_officer:330000")
    response = client.post(MANY, {"cases": f"{case.pk}:x", "decision": "approve", "token": "x"})
    assert response.status_code == 400
    assert case.number not in response.content.decode()
    case.refresh_from_db()
    assert case.state == "submitted"


def test_results_are_read_by_whoever_pressed(client):
    case = submitted()
    sign_in(client, "reviewer")
    results = pressed(client, ticked(client, case), decision="approve")["Location"]
    sign_in(client, "publisher")
    assert client.get(results).status_code == 404
