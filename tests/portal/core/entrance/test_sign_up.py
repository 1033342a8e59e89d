"""Signing up by address: verified by letter, answered alike whoever is known, kept from floods."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.test import Client

from portal.core.accounts.models import User
from portal.core.audit.models import AuditEvent
from portal.core.mail.models import Message

from .people import PASSWORD, SIGN_UP, knock, link_in, person, said, sign_up, sign_up_form

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("letters_leave")]
SENT = "/accounts/confirm-email/"
RESET = "/accounts/password/reset/"


def test_a_stranger_signs_up_confirms_the_address_and_signs_in(client):
    assert sign_up(client)["Location"] == SENT
    account = User.objects.get(email="chen@example.com")
    assert (account.last_name, account.is_staff, account.has_usable_password()) == ("陈大明", False, True)
    assert "chen" not in account.username
    assert AuditEvent.objects.filter(step="user.signed_up", actor_id=account.pk).count() == 1
    assert knock(client, "chen@example.com")["Location"] == SENT
    assert "_auth_user_id" not in client.session

    page = link_in(mail.outbox[0])
    assert "确认" in client.get(page).content.decode()
    assert not EmailAddress.objects.get().verified
    assert client.post(page).status_code == 302
    assert EmailAddress.objects.get().verified
    assert knock(client, "chen@example.com")["Location"] == "/desk/"
    assert client.get("/accounts/").status_code == 200


def test_the_link_is_in_the_letter_alone_and_not_in_what_is_kept(client):
    sign_up(client)
    key = link_in(mail.outbox[0])
    message = Message.objects.get()
    assert message.state == "sent"
    assert key not in str(list(Message.objects.values()))
    assert "只写在邮件里" in message.text


def test_a_known_address_is_answered_like_a_new_one_and_its_owner_is_told(client):
    owner = person(email="chen@example.com")
    EmailAddress.objects.filter(user=owner).update(email="chen@example.com")
    new, known = sign_up(Client(), "neu@example.com"), sign_up(Client(), "Chen@Example.com")
    assert (new.status_code, new["Location"]) == (known.status_code, known["Location"])
    pages = [answer.wsgi_request for answer in (new, known)]
    assert {page.path for page in pages} == {SIGN_UP}
    assert User.objects.filter(email="chen@example.com").count() == 1
    assert owner.check_password(PASSWORD)
    letters = {letter.to[0]: letter.subject for letter in mail.outbox}
    assert letters["neu@example.com"].startswith("请确认邮箱")
    assert letters["chen@example.com"].startswith("这个邮箱已经注册过")
    assert Message.objects.filter(recipient=owner).count() == 1


def test_the_page_after_it_is_the_same_too(client):
    person(email="known@example.com")
    pages = []
    for address in ("known@example.com", "neu@example.com"):
        one = Client()
        sign_up(one, address)
        pages.append(re.sub(r'value="[^"]{40,}"', "", one.get(SENT).content.decode()))
    assert pages[0] == pages[1]


def test_it_takes_one_hash_whether_or_not_the_address_is_known(client, monkeypatch):
    owner = person()
    EmailAddress.objects.filter(user=owner).update(email="chen@example.com")
    hashes = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda self, *a: hashes.append(1) or encode(self, *a))
    for address in ("chen@example.com", "neu@example.com"):
        hashes.clear()
        sign_up(Client(), address)
        assert len(hashes) == 1, address


def test_a_form_sent_twice_is_one_account_and_one_letter(client):
    form = sign_up_form(client)
    first, second = sign_up(client, form=form), sign_up(client, form=form)
    assert first["Location"] == second["Location"] == SENT
    assert User.objects.count() == 1
    assert len(mail.outbox) == 1


def test_who_fills_in_what_nobody_sees_is_told_yes_and_nothing_happens(client):
    answer = sign_up(client, homepage="https://spam.example/")
    assert answer["Location"] == SENT
    assert not User.objects.exists()
    assert not mail.outbox


def test_an_old_form_is_told_and_keeps_what_was_typed(client):
    answer = sign_up(client, form={"form": "x", "challenge": sign_up_form(client)["challenge"]})
    assert answer.status_code == 400
    assert "打开得太久" in said(answer)
    assert 'value="chen@example.com"' in answer.content.decode()
    assert PASSWORD not in answer.content.decode()


def test_the_limits_are_narrower_without_a_proof_and_say_when_to_come_back(client, settings):
    settings.SIGN_UPS_AN_HOUR, settings.UNPROVEN_SIGN_UPS_A_DAY = 3, 1
    assert sign_up(client, "a@example.com", is_proven=False).status_code == 302
    refused = sign_up(client, "b@example.com", is_proven=False)
    assert refused.status_code == 429
    assert re.search(r"请 \d+ (分钟|小时)后再试", said(refused))
    assert sign_up(client, "c@example.com").status_code == 302
    assert sign_up(client, "d@example.com").status_code == 302
    assert sign_up(client, "e@example.com").status_code == 429
    assert not User.objects.filter(email__in=["b@example.com", "e@example.com"]).exists()


BAD = {
    "NUL": ("ch\0en@example.com", "看不见的字符"),
    "right to left": ("\u202echen@example.com", "看不见的字符"),
    "zero width": ("ch\u200ben@example.com", "看不见的字符"),
    "cyrillic": ("chen@exаmple.com", "外形像英文字母"),
    "greek": ("chen@exαmple.com", "外形像英文字母"),
    "chinese": ("陈@example.com", "外形像英文字母"),
    "punycode": ("chen@xn--exmple-4nf.com", "xn--"),
    "long": ("c" * 10_000 + "@example.com", "最多 254"),
    "none": ("chen", "name@example.com"),
    "html": ("<b>@example.com", "name@example.com"),
    "formula": ("=1+1", "name@example.com"),
    "two": ("a@b@example.com", "name@example.com"),
    "empty": ("", "请填写邮箱"),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("page", ["sign-up", "reset"])
def test_an_unfit_address_is_refused_with_its_sentence(client, name, page):
    typed, sentence = BAD[name]
    answer = sign_up(client, typed) if page == "sign-up" else client.post(RESET, {"email": typed})
    assert answer.status_code == 400
    assert sentence in said(answer)
    assert not User.objects.exists()
    assert not mail.outbox


@pytest.mark.parametrize(
    ("name", "kept"),
    [("𠮷野", "𠮷野"), ("陈\0大\u202e明", "陈大明"), ("<b>=1+1", "<b>=1+1"), ("陈" * 41, None)],
)
def test_a_name_is_kept_as_it_can_be_seen(client, name, kept):
    answer = sign_up(client, name=name)
    if kept is None:
        assert "最多 40 个字符" in said(answer)
    else:
        assert User.objects.get().last_name == kept


@pytest.mark.parametrize(
    ("password", "sentence"),
    [("kurz", "8"), ("nurkleinbuchstaben", "三类"), ("Jinxiang-2026" * 20, "最多 128"), ("Aa1\0-xyzqw", "")],
)
def test_a_weak_or_odd_password_is_refused(client, password, sentence):
    answer = sign_up(client, password1=password, password2=password)
    assert answer.status_code == 400
    assert sentence in said(answer)
    assert said(answer)


def test_two_passwords_that_differ_are_told_once(client):
    assert "两次输入的密码不一样" in said(sign_up(client, password2="Anders-2027x"))


def test_a_reset_is_answered_alike_and_its_link_is_good_once(client):
    owner = person(email="chen@example.com")
    EmailAddress.objects.filter(user=owner).update(email="chen@example.com", primary=True)
    answers = [client.post(RESET, {"email": address}) for address in ("chen@example.com", "x@example.com")]
    assert [(one.status_code, one["Location"]) for one in answers] == [(302, f"{RESET}done/")] * 2
    to_owner, to_stranger = mail.outbox
    assert "重设密码" in to_owner.subject
    assert "没有注册过" in to_stranger.subject
    page = client.get(link_in(to_owner))["Location"]
    new = {"password1": "Anders-2027x", "password2": "Anders-2027x"}
    assert client.post(page, new).status_code == 302
    assert knock(Client(), "chen@example.com", "Anders-2027x").status_code == 302
    assert "链接已过期，或已经用过" in Client().get(link_in(to_owner), follow=True).content.decode()
    assert link_in(to_owner) not in str(list(Message.objects.values()))


def test_resets_are_limited_by_network_and_by_address(client, settings):
    settings.RESETS_AN_HOUR = 6
    for _ in range(3):
        assert client.post(RESET, {"email": "x@example.com"}).status_code == 302
    refused = client.post(RESET, {"email": "x@example.com"})
    assert refused.status_code == 429
    assert "分钟后再试" in said(refused)
    for number in range(3):
        assert client.post(RESET, {"email": f"y{number}@example.com"}).status_code == 302
    assert client.post(RESET, {"email": "z@example.com"}).status_code == 429


def test_a_new_address_takes_the_old_ones_place_when_it_is_confirmed(client):
    owner = person(email="alt@example.com")
    EmailAddress.objects.filter(user=owner).update(email="alt@example.com", primary=True)
    knock(client, "alt@example.com")
    assert client.post("/accounts/email/", {"email": "Neu@example.com", "action_add": "1"}).status_code == 302
    owner.refresh_from_db()
    assert owner.email == "alt@example.com"
    client.post(link_in(mail.outbox[-1]))
    owner.refresh_from_db()
    assert owner.email == "neu@example.com"
    assert any("alt@example.com" in letter.to for letter in mail.outbox)
    assert list(EmailAddress.objects.values_list("email", flat=True)) == ["neu@example.com"]


def test_the_form_works_without_scripts_and_names_what_is_wrong(client):
    answer = client.post(SIGN_UP, {"form": sign_up_form(client)["form"]})
    assert answer.status_code == 400
    for sentence in ("请填写姓名", "请填写邮箱", "请填写密码"):
        assert sentence in said(answer)
