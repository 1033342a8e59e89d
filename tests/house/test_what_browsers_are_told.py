"""Headers and cookies that keep a page and a session to themselves."""

import pytest
from django.conf import settings

from tests.portal.core.entrance.people import knock, person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/", "/accounts/login/", "/no/such/page/"])
def test_a_page_is_framed_by_nobody_and_tells_nobody_where_it_was_read(client, address):
    headers = client.get(address).headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "'unsafe-inline'" not in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_no_other_site_is_let_in(client):
    answer = client.get("/", headers={"origin": "https://evil.example"})
    assert [name for name in answer.headers if name.lower().startswith("access-control")] == []


def test_signing_in_begins_another_session_in_a_cookie_that_no_script_reads(client):
    planted = client.session
    planted["from"] = "somebody else"
    planted.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = planted.session_key
    answer = knock(client, person().username)
    cookie = answer.cookies[settings.SESSION_COOKIE_NAME]
    assert answer.status_code == 302
    assert cookie.value != planted.session_key
    assert not client.session.exists(planted.session_key)
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert cookie.value not in answer.headers["Location"]
