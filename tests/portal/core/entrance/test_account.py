"""A person's own account: name, password, sessions, messages; and a factor that was lost."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.test import Client

from portal.core import mail
from portal.core.audit.models import AuditEvent
from portal.core.mail.models import Message

from .people import PASSWORD, knock, person, said, set_up

pytestmark = pytest.mark.django_db


def signed_in(user) -> Client:
    client = Client()
    assert knock(client, user.username).status_code == 302
    return client


def test_the_name_is_changed_and_recorded():
    user = person()
    client = signed_in(user)
    assert client.post("/accounts/", {"last_name": "王\0小\u202e明"}).status_code == 302
    user.refresh_from_db()
    assert user.last_name == "王小明"
    assert AuditEvent.objects.filter(step="user.changed", actor_id=user.pk).count() == 1
    assert client.post("/accounts/", {"last_name": "x" * 41}).status_code == 400
    assert client.post("/accounts/", {"last_name": " "}).status_code == 400


def test_signing_out_everywhere_ends_every_other_session():
    user = person()
    here, there = signed_in(user), signed_in(user)
    assert here.get("/accounts/sign-out-everywhere/").status_code == 405
    assert here.post("/accounts/sign-out-everywhere/").status_code == 302
    assert here.get("/accounts/").status_code == 200
    assert there.get("/accounts/").status_code == 302
    assert AuditEvent.objects.filter(step="user.signed_out_everywhere", actor_id=user.pk).count() == 1


def test_a_changed_password_ends_the_other_sessions():
    user = person()
    here, there = signed_in(user), signed_in(user)
    new = {"oldpassword": PASSWORD, "password1": "Anders-2027x", "password2": "Anders-2027x"}
    assert here.post("/accounts/password/change/", new).status_code == 302
    assert here.get("/accounts/").status_code == 200
    assert there.get("/accounts/").status_code == 302
    assert Message.objects.filter(recipient=user, subject="密码已改").count() == 1


def test_the_present_password_is_guessed_no_oftener_than_at_the_door():
    user = person()
    client = signed_in(user)
    new = {"oldpassword": "falsch", "password1": "Anders-2027x", "password2": "Anders-2027x"}
    for _ in range(5):
        assert "现在的密码不对" in said(client.post("/accounts/password/change/", new))
    answer = client.post("/accounts/password/change/", new | {"oldpassword": PASSWORD})
    assert answer.status_code == 429
    assert "请 1 分钟后再试" in answer.content.decode()
    assert knock(Client(), user.username).status_code == 429
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_messages_are_counted_read_and_nobody_elses():
    user, other = person(), person()
    message = mail.send("password_changed", to=user, context={"at": None, "ip": ""})
    client = signed_in(user)
    assert '<b class="num">1</b>' in client.get("/").content.decode()
    page = f"/accounts/messages/{message.pk}/"
    assert signed_in(other).get(page).status_code == 404
    assert "密码" in client.get(page).content.decode()
    message.refresh_from_db()
    assert message.read_at is not None
    assert '<b class="num">1</b>' not in client.get("/").content.decode()
    assert "密码已改" in client.get("/accounts/messages/").content.decode()
    assert "密码已改" not in signed_in(other).get("/accounts/messages/").content.decode()


def test_pages_for_everybody_carry_nothing_of_a_person(client):
    user = person(last_name="陈大明")
    mail.send("password_changed", to=user, context={"at": None, "ip": ""})
    signed_in(user).get("/")
    page = client.get("/")
    assert "csrfmiddlewaretoken" not in page.content.decode()
    assert "我的账号" not in page.content.decode()
    assert not page.cookies


def test_an_administrator_takes_a_lost_factor_away_and_ends_the_sessions(settings):
    settings.STAFF_NEEDS_SECOND_FACTOR = True
    boss, editor = person("administrator"), person("editor")
    desk, lost = signed_in(boss), signed_in(editor)
    set_up(desk)
    set_up(lost)
    page = f"/admin/entrance/activationcode/{editor.pk}/factor/"
    assert "清除第二因素" in desk.get(f"/admin/accounts/user/{editor.pk}/change/").content.decode()
    assert desk.get(page).status_code == 200
    assert Authenticator.objects.filter(user=editor).exists()
    assert desk.post(page).status_code == 200
    assert not Authenticator.objects.filter(user=editor).exists()
    assert lost.get("/admin/").status_code == 302
    assert (
        signed_in(editor).get("/admin/", follow=True).redirect_chain[-1][0] == "/accounts/2fa/totp/activate/"
    )
    assert AuditEvent.objects.get(step="user.second_factor_taken").actor_id == boss.pk


def test_nobody_takes_the_own_factor_away_or_that_of_a_superuser(client):
    boss = person("administrator")
    client.force_login(boss)
    for target in (boss, person(is_superuser=True)):
        assert client.post(f"/admin/entrance/activationcode/{target.pk}/factor/").status_code == 403


def test_a_stranger_next_page_is_not_followed_on_the_way_out():
    client = signed_in(person())
    assert (
        client.post("/accounts/logout/", {"next": "https://evil.example/"})["Location"] == "/accounts/login/"
    )


def test_the_command_does_the_same_for_the_only_administrator(settings, capsys):
    settings.STAFF_NEEDS_SECOND_FACTOR = True
    boss = person("administrator")
    client = signed_in(boss)
    set_up(client)
    call_command("take_factor", boss.username)
    assert not Authenticator.objects.filter(user=boss).exists()
    assert client.get("/accounts/").status_code == 302
    with pytest.raises(SystemExit):
        call_command("take_factor", "niemand")
    assert "没有「niemand」这个账号" in capsys.readouterr().out
