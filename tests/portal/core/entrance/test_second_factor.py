"""Staff come in only with a second factor: set up, shown, lost, taken away."""

import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import Client

from portal.core.audit.models import AuditEvent

from .people import DOOR, code_of, knock, person, said, secret_on, set_up

pytestmark = pytest.mark.django_db
SET_UP = "/accounts/2fa/totp/activate/"
SHOW = "/accounts/2fa/authenticate/"


@pytest.fixture(autouse=True)
def _needed(settings):
    settings.STAFF_NEEDS_SECOND_FACTOR = True


def with_app(client, *roles: str, **fields):
    """A member of staff whose app is set up, signed out again; a minute has passed since."""
    user = person(*roles, **fields)
    knock(client, user.username)
    secret, codes = set_up(client)
    client.post("/accounts/logout/")
    return user, secret, codes


def test_a_password_alone_leads_staff_to_the_set_up_and_no_further(client):
    user = person("editor")
    assert knock(client, user.username)["Location"] == "/admin/"
    answer = client.get("/admin/publication/batch/", follow=True)
    assert answer.redirect_chain[-1][0] == SET_UP
    page = answer.content.decode()
    assert "<svg" in page
    assert len(secret_on(page)) == 32
    assert "设好之后才能进入工作台" in page


def test_after_the_set_up_come_the_recovery_codes_and_then_the_page_that_was_asked_for(client):
    user = person("editor")
    knock(client, user.username)
    client.get("/admin/publication/batch/", follow=True)
    _secret, codes = set_up(client)
    assert len(set(codes)) == 10
    answer = client.get("/accounts/onward/", follow=True)
    assert answer.redirect_chain[-1][0] == "/admin/publication/batch/"
    assert answer.status_code == 200
    assert AuditEvent.objects.filter(step="user.second_factor_set_up", actor_id=user.pk).count() == 1


@pytest.mark.parametrize(
    "path", ["/admin/", "/admin/accounts/user/", "/admin/jsi18n/", "/admin/draft-file/x/"]
)
def test_no_address_of_the_desk_opens_without_the_factor(client, path):
    client.force_login(person("editor", "auditor", is_superuser=True))
    assert client.get(path).status_code == 302
    assert client.post(path).status_code == 302


def test_the_next_sign_in_asks_for_a_code_and_no_session_exists_before(client):
    user, secret, _codes = with_app(client, "editor")
    assert knock(client, user.username)["Location"] == SHOW
    assert "用通行密钥登录" not in client.get(SHOW).content.decode()
    assert "_auth_user_id" not in client.session
    assert client.get("/admin/").status_code == 302
    with time_machine.travel(time.time() + 300):
        knock(client, user.username)
        assert client.post(SHOW, {"code": code_of(secret)})["Location"] == "/admin/"
        assert client.get("/admin/").status_code == 200


def test_a_code_is_good_once_even_while_the_clock_would_still_take_it(client):
    user, secret, _codes = with_app(client, "editor")
    with time_machine.travel(time.time() + 300) as clock:
        code = code_of(secret)
        knock(client, user.username)
        assert client.post(SHOW, {"code": code}).status_code == 302
        client.post("/accounts/logout/")
        clock.shift(31)
        knock(client, user.username)
        answer = client.post(SHOW, {"code": code})
        assert "已经用过" in said(answer)
        assert "_auth_user_id" not in client.session


def test_the_code_of_the_set_up_is_used_up_by_it(client):
    user = person("editor")
    knock(client, user.username)
    secret = secret_on(client.get(SET_UP).content.decode())
    code = code_of(secret)
    client.post(SET_UP, {"code": code})
    client.post("/accounts/logout/")
    knock(client, user.username)
    assert "已经用过" in said(client.post(SHOW, {"code": code}))


def test_a_recovery_code_is_good_once(client):
    user, _secret, codes = with_app(client, "editor")
    knock(client, user.username)
    assert client.post(SHOW, {"code": codes[0]}).status_code == 302
    assert client.get("/admin/").status_code == 200
    client.post("/accounts/logout/")
    knock(client, user.username)
    assert "验证码不对" in said(client.post(SHOW, {"code": codes[0]}))
    assert client.post(SHOW, {"code": codes[1]}).status_code == 302


def test_five_wrong_codes_lock_the_account_also_for_the_right_one(client):
    user, secret, _codes = with_app(client, "editor")
    with time_machine.travel(time.time() + 300) as clock:
        knock(client, user.username)
        for _ in range(5):
            assert client.post(SHOW, {"code": "000000"}).status_code == 200
        answer = client.post(SHOW, {"code": code_of(secret)})
        assert answer.status_code == 429
        assert "15 分钟后再试" in said(answer)
        assert knock(Client(), user.username).status_code == 429
        clock.shift(16 * 60)
        knock(client, user.username)
        assert client.post(SHOW, {"code": code_of(secret)}).status_code == 302


@pytest.mark.parametrize("code", ["", " ", "\0", "١٢٣٤٥٦", "\u202e123456", "1" * 10_000, "<b>", "=1+1"])
def test_whatever_is_typed_as_a_code_is_answered_with_a_sentence(client, code):
    user, _secret, _codes = with_app(client, "editor")
    knock(client, user.username)
    answer = client.post(SHOW, {"code": code})
    assert answer.status_code == 200
    assert said(answer)


def test_a_code_may_be_typed_with_a_space_and_in_full_width(client):
    user, secret, _codes = with_app(client, "editor")
    with time_machine.travel(time.time() + 300):
        knock(client, user.username)
        code = code_of(secret)
        wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
        assert client.post(SHOW, {"code": f"{wide[:3]} {wide[3:]}"}).status_code == 302


def test_a_session_from_before_the_set_up_shows_the_factor_before_it_goes_on(client):
    user, secret, _codes = with_app(client, "editor")
    client.force_login(user)
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0] == "/accounts/2fa/reauthenticate/?next=%2Fadmin%2F"
    with time_machine.travel(time.time() + 300):
        shown = client.post("/accounts/2fa/reauthenticate/", {"code": code_of(secret), "next": "/admin/"})
        assert shown["Location"] == "/admin/"
        assert client.get("/admin/").status_code == 200


def test_staff_cannot_switch_the_last_factor_off(client):
    user, _secret, codes = with_app(client, "editor")
    knock(client, user.username)
    client.post(SHOW, {"code": codes[0]})
    answer = client.post("/accounts/2fa/totp/deactivate/")
    assert "必须保留一种第二因素" in said(answer)
    assert Authenticator.objects.filter(user=user, type="totp").exists()


def test_an_enterprise_may_have_a_factor_and_give_it_up(client):
    user, _secret, codes = with_app(client)
    assert knock(client, user.username)["Location"] == SHOW
    client.post(SHOW, {"code": codes[0]})
    assert client.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert not Authenticator.objects.filter(user=user).exists()


def test_an_enterprise_needs_none(client):
    user = person()
    assert knock(client, user.username).status_code == 302
    assert client.get("/accounts/").status_code == 200


def test_keys_and_codes_do_not_lie_readable_in_the_database(client):
    _user, secret, codes = with_app(client, "editor")
    stored = str(list(Authenticator.objects.values()))
    assert secret not in stored
    assert not [code for code in codes if code in stored]


def test_recovery_codes_are_shown_once(client):
    user = person("editor")
    knock(client, user.username)
    _secret, codes = set_up(client)
    again = client.get("/accounts/2fa/recovery-codes/").content.decode()
    assert not [code for code in codes if code in again]
    assert client.get("/accounts/2fa/recovery-codes/download/").status_code in (403, 404)


def test_a_sensitive_act_asks_again_after_a_while(client):
    user, _secret, codes = with_app(client, "editor")
    knock(client, user.username)
    client.post(SHOW, {"code": codes[0]})
    assert client.get("/accounts/2fa/recovery-codes/generate/").status_code == 200
    with time_machine.travel(time.time() + 6 * 60):
        answer = client.get("/accounts/2fa/recovery-codes/generate/")
        assert answer["Location"].startswith("/accounts/reauthenticate/")


def test_where_staff_was_going_is_never_another_site(client):
    user = person("editor")
    knock(client, user.username)
    client.get("/accounts/second-factor/?next=https://evil.example/")
    set_up(client)
    assert client.get("/accounts/onward/")["Location"] == "/accounts/"


def test_outside_the_entrance_staff_without_the_factor_are_nobody(client):
    client.force_login(person("editor", last_name="陈大明"))
    assert "陈大明" not in client.get("/").content.decode()
    assert "我的账号" not in client.get("/").content.decode()
    assert "我的账号" in client.get("/accounts/").content.decode()


def test_an_installation_cannot_switch_the_rule_off(settings):
    settings.STAFF_NEEDS_SECOND_FACTOR = False
    settings.DISPOSABLE_DATABASE = False
    with pytest.raises(SystemCheckError, match=r"portal\.E008"):
        call_command("check")


def test_the_door_says_nothing_of_the_factor_before_the_password_is_right(client):
    user, _secret, _codes = with_app(client, "editor")
    answer = client.post(DOOR, {"login": user.username, "password": "falsch"})
    assert answer.status_code == 400
    assert client.get(SHOW)["Location"].startswith(DOOR)


def test_a_page_opened_twice_shows_the_key_that_was_scanned_already(client):
    knock(client, person("editor").username)
    first = secret_on(client.get(SET_UP).content.decode())
    assert secret_on(client.get(SET_UP).content.decode()) == first
    assert secret_on(client.post(SET_UP, {"code": "000000"}).content.decode()) == first
    assert client.post(SET_UP, {"code": code_of(first)}).status_code == 302


def test_two_people_are_never_shown_the_same_key():
    keys = set()
    for _ in range(2):
        one = Client()
        knock(one, person("editor").username)
        keys.add(secret_on(one.get(SET_UP).content.decode()))
    assert len(keys) == 2


def test_the_button_pressed_twice_leads_to_the_recovery_codes(client):
    knock(client, person("editor").username)
    code = code_of(secret_on(client.get(SET_UP).content.decode()))
    client.post(SET_UP, {"code": code})
    again = client.post(SET_UP, {"code": code})
    assert again["Location"] == "/accounts/2fa/recovery-codes/"
    assert "离开本页后不再显示" in client.get(again["Location"]).content.decode()
