"""The page of an enterprise at the review desk: its cases, its members, and how one is ended."""

import pytest

from portal.core.audit.models import AuditEvent
from tests.make import make_division, make_user

from .cast import OTHER, QUEUE, make_member, read, sign_in, submitted

pytestmark = pytest.mark.django_db


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
