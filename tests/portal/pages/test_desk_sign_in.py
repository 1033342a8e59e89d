"""Signing in to the desk and out of it."""

import datetime

import pytest
import time_machine

from portal.audit.models import AuditEvent
from tests.make import make_user

pytestmark = pytest.mark.django_db
PASSWORD = "Jinxiang-2026"
DOOR = "/admin/login/"


@pytest.fixture
def editor():
    user = make_user("editor", username="bianji")
    user.set_password(PASSWORD)
    user.save()
    return user


def knock(client, password=PASSWORD, username="bianji"):
    return client.post(DOOR, {"username": username, "password": password, "next": "/admin/"})


def test_the_right_password_opens_and_is_recorded_with_the_address(client, editor):
    answer = knock(client)
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    event = AuditEvent.objects.get(step="user.signed_in")
    assert (event.actor_id, event.details["address"]) == (editor.pk, "127.0.0.1")


def test_a_wrong_password_is_told_in_chinese_and_recorded(client, editor):
    page = knock(client, "falsch")
    assert "账号或密码不对" in page.content.decode()
    assert AuditEvent.objects.get(step="user.sign_in_failed").is_success is False


def test_an_unknown_name_is_not_kept(client):
    knock(client, username="Geheim-2026")
    assert "Geheim" not in str(list(AuditEvent.objects.values()))


def test_five_failures_lock_the_account_for_a_quarter_of_an_hour(client, editor):
    with time_machine.travel(datetime.datetime(2026, 11, 24, 9, 0, tzinfo=datetime.UTC), tick=False) as clock:
        for _ in range(5):
            knock(client, "falsch")
        assert "暂停登录" in knock(client).content.decode()
        assert "_auth_user_id" not in client.session
        clock.shift(datetime.timedelta(minutes=16))
        assert knock(client).status_code == 302


def test_a_success_between_forgives_the_failures_before(client, editor):
    for _ in range(4):
        knock(client, "falsch")
    knock(client)
    client.logout()
    knock(client, "falsch")
    assert knock(client).status_code == 302


def test_an_account_without_a_role_is_told_so(client):
    user = make_user(username="fremd")
    user.set_password(PASSWORD)
    user.is_staff = True
    user.save()
    assert "没有进入工作台的权限" in knock(client, username="fremd").content.decode()


def test_a_stranger_address_after_signing_in_is_not_followed(client, editor):
    answer = client.post(DOOR, {"username": "bianji", "password": PASSWORD, "next": "https://evil.example/"})
    assert answer["Location"] == "/admin/" or "evil" not in answer["Location"]


def test_signing_out_is_a_post_and_recorded(client, editor):
    client.force_login(editor)
    assert client.get("/admin/logout/").status_code == 405
    assert "已退出" in client.post("/admin/logout/").content.decode()
    assert AuditEvent.objects.filter(step="user.signed_out", actor_id=editor.pk).count() == 1


def test_the_own_password_is_changed_and_recorded(client, editor):
    client.force_login(editor)
    new = {"old_password": PASSWORD, "new_password1": "Anders-2027x", "new_password2": "Anders-2027x"}
    assert client.post("/admin/password_change/", new | {"old_password": "falsch"}).status_code == 200
    assert not AuditEvent.objects.filter(step="user.password_changed").exists()
    assert client.post("/admin/password_change/", new).status_code == 302
    editor.refresh_from_db()
    assert editor.check_password("Anders-2027x")
    assert AuditEvent.objects.filter(step="user.password_changed").count() == 1


def test_an_address_of_a_room_leads_to_the_first_page(client, editor):
    client.force_login(editor)
    assert client.get("/admin/publication/")["Location"] == "/admin/"
