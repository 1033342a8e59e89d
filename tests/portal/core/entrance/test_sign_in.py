"""Signing in and out: one door for everybody, every try recorded, five failures lock it."""

import datetime
import re

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.test import Client

from portal.core.audit.models import AuditEvent
from tests.make import make_user

pytestmark = pytest.mark.django_db
PASSWORD = "Jinxiang-2026"
DOOR = "/accounts/login/"


@pytest.fixture
def editor():
    user = make_user("editor", username="bianji")
    user.set_password(PASSWORD)
    user.save()
    return user


def knock(client, password=PASSWORD, username="bianji"):
    return client.post(DOOR, {"login": username, "password": password, "next": "/admin/"})


def said(answer) -> str:
    """What the box of faults says."""
    box = re.search(r'role="alert".*?<ul>(.*?)</ul>', answer.content.decode(), re.DOTALL)
    return re.sub("<[^>]*>", "", box[1]) if box else ""


def test_the_right_password_opens_and_is_recorded_with_the_address(client, editor):
    answer = knock(client)
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    event = AuditEvent.objects.get(step="user.signed_in")
    assert (event.actor_id, event.details["address"]) == (editor.pk, "127.0.0.1")


def test_a_wrong_password_is_told_in_chinese_and_recorded(client, editor):
    page = knock(client, "falsch")
    assert page.status_code == 400
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


def test_another_case_of_the_name_is_no_further_try(client, editor):
    for name in ("bianji", "Bianji", "BIANJI", "biANji", "ｂｉａｎｊｉ"):
        assert knock(client, "falsch", name).status_code == 400
    assert knock(client, username="biAnji").status_code == 429
    for name in ("niemand", "Niemand", "NIEMAND", "niEMand", "niemanD"):
        knock(client, "falsch", name)
    assert knock(client, "falsch", "NiEmAnD").status_code == 429


def test_a_success_between_forgives_the_failures_before(client, editor):
    for _ in range(4):
        knock(client, "falsch")
    knock(client)
    client.logout()
    knock(client, "falsch")
    assert knock(client).status_code == 302


def test_an_account_without_a_role_is_told_so_at_the_desk(client):
    user = make_user(username="fremd")
    user.is_staff = True
    user.save()
    client.force_login(user)
    answer = client.get("/admin/", follow=True)
    assert answer.status_code == 403
    assert "没有进入工作台的权限" in answer.content.decode()


def test_there_is_one_door_and_the_desks_old_one_leads_to_it_and_back(client, editor):
    answer = client.get("/admin/publication/batch/", follow=True)
    assert answer.redirect_chain[-1][0] == "/accounts/login/?next=%2Fadmin%2Fpublication%2Fbatch%2F"
    assert client.post("/admin/login/", {"username": "bianji", "password": PASSWORD}).status_code == 302
    assert "_auth_user_id" not in client.session
    client.force_login(editor)
    assert (
        client.get("/admin/login/?next=/admin/publication/batch/")["Location"] == "/admin/publication/batch/"
    )


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_a_stranger_address_after_signing_in_is_not_followed(client, editor, next_page):
    answer = client.post(DOOR, {"login": "bianji", "password": PASSWORD, "next": next_page})
    assert answer["Location"] == "/admin/"
    client.force_login(editor)
    assert client.get("/admin/login/", {"next": next_page})["Location"] == "/admin/"


def test_signing_out_is_a_post_and_recorded(client, editor):
    client.force_login(editor)
    client.get("/accounts/logout/")
    assert "_auth_user_id" in client.session
    assert client.post("/accounts/logout/").status_code == 302
    assert "_auth_user_id" not in client.session
    assert AuditEvent.objects.filter(step="user.signed_out", actor_id=editor.pk).count() == 1


def test_the_desks_own_way_out_is_the_same(client, editor):
    client.force_login(editor)
    answer = client.post("/admin/logout/")
    assert (answer.status_code, answer["Location"]) == (307, "/accounts/logout/")


def test_the_own_password_is_changed_and_recorded(client, editor):
    knock(client)
    assert client.get("/admin/password_change/")["Location"] == "/accounts/password/change/"
    page = "/accounts/password/change/"
    new = {"oldpassword": PASSWORD, "password1": "Anders-2027x", "password2": "Anders-2027x"}
    assert "现在的密码不对" in client.post(page, new | {"oldpassword": "falsch"}).content.decode()
    assert not AuditEvent.objects.filter(step="user.password_changed").exists()
    assert client.post(page, new).status_code == 302
    editor.refresh_from_db()
    assert editor.check_password("Anders-2027x")
    assert AuditEvent.objects.filter(step="user.password_changed").count() == 1


def test_a_name_that_nobody_has_is_locked_like_one_that_somebody_has(client, editor):
    """Status and words are the same at every try, so the door does not tell who has an account."""

    def tries(name: str) -> list[tuple[int, str]]:
        answers = [knock(client, "falsch", name) for _ in range(7)]
        return [(answer.status_code, said(answer)) for answer in answers]

    known, unknown = tries("bianji"), tries("niemand")
    assert known == unknown
    assert [status for status, _ in known] == [400] * 5 + [429] * 2
    cache.clear()
    address = tries("niemand@example.com")
    assert address == known


def test_a_wrong_password_costs_one_hash_whoever_is_meant(client, editor, monkeypatch):
    EmailAddress.objects.create(user=editor, email="bianji@example.com", verified=True, primary=True)
    hashes = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda self, *given: hashes.append(1) or encode(self, *given)
    )
    for name in ("bianji", "niemand", "bianji@example.com", "niemand@example.com"):
        hashes.clear()
        knock(client, "falsch", name)
        assert len(hashes) == 1, name


def test_one_network_cannot_try_many_names(client, settings):
    settings.SIGN_INS_AN_HOUR = 3
    for number in range(3):
        assert knock(client, "falsch", f"name{number}").status_code == 400
    answer = knock(client, "falsch", "another")
    assert answer.status_code == 429
    assert "分钟后再试" in said(answer)


def test_an_address_is_known_in_any_case_and_width(client, editor):
    EmailAddress.objects.create(user=editor, email="bianji@example.com", verified=True, primary=True)
    assert knock(client, username="ＢianJi＠Example.COM ").status_code == 302


@pytest.mark.parametrize("typed", ["a\0b", "\u202eadmin", "𠮷" * 300, "x" * 10_000, "<b>'\"=1+1", " "])
def test_whatever_is_typed_is_answered_with_a_sentence(client, editor, typed):
    for given in ({"login": typed, "password": "x"}, {"login": "bianji", "password": typed}):
        answer = client.post(DOOR, given)
        assert answer.status_code == 400
        assert said(answer)


def test_a_closed_account_is_told_so_only_with_the_right_password(client, editor):
    editor.is_active = False
    editor.save()
    assert "账号或密码不对" in said(knock(client, "falsch"))
    assert "已停用" in client.get(knock(client)["Location"]).content.decode()


def test_an_address_of_a_room_leads_to_the_first_page(client, editor):
    client.force_login(editor)
    assert client.get("/admin/publication/")["Location"] == "/admin/"


@pytest.mark.parametrize(
    "odd", ["%00", "%0d%0aX:1", "%E2%80%AE", "/%F0%A0%AE%B7/", "//", "%2F%2Fevil.example", "x" * 5000]
)
@pytest.mark.parametrize(
    "page",
    [
        "/accounts/login/?next=",
        "/admin/login/?next=",
        "/accounts/second-factor/?next=",
        "/accounts/messages/?page=",
    ],
)
def test_whatever_stands_in_an_address_is_no_fault_of_the_server(client, editor, page, odd):
    assert client.get(page + odd).status_code < 500
    knock(client)
    answer = client.get(page + odd)
    assert answer.status_code < 500
    assert "evil" not in answer.headers.get("Location", "")


@pytest.mark.parametrize("key", ["%00", "x" * 5000, "%E2%80%AE", "MQ:1abc:xyz"])
def test_a_forged_link_is_told_to_be_no_longer_good(client, key):
    for page in (f"/accounts/confirm-email/{key}/", f"/accounts/password/reset/key/1-{key}/"):
        answer = client.get(page)
        assert answer.status_code in (200, 404)
        assert answer.status_code == 404 or "链接已过期，或已经用过" in answer.content.decode()


def test_a_form_opened_before_somebody_signed_in_elsewhere_is_told_what_to_do(editor):
    """Two tabs: signing in changes the token of every form that was open."""
    client = Client(enforce_csrf_checks=True)
    answer = client.post(DOOR, {"login": "bianji", "password": PASSWORD})
    assert answer.status_code == 403
    assert "请" in answer.content.decode()
