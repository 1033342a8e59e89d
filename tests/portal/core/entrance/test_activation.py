"""Where no letter can be sent: sign-up says so, and staff give a code that is good once."""

import re
import time

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from portal.core.accounts.models import User
from portal.core.audit.models import AuditEvent
from portal.core.entrance.models import ActivationCode
from portal.core.mail.models import Message

from .people import SIGN_UP, knock, person, said, sign_up

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("letters_leave")]
PAGE = "/accounts/activate/"
ADDRESS = "chen@example.com"


@pytest.fixture(autouse=True)
def _no_server(settings):
    settings.HAS_MAIL_SERVER = False
    settings.OBJECTION_CONTACT = "推进组办公室 010-00000000"


@pytest.fixture
def administrator(client):
    user = person("administrator")
    client.force_login(user)
    return user


@pytest.fixture
def account():
    sign_up(Client())
    return User.objects.get(email=ADDRESS)


def issue(client, account) -> str:
    page = f"/admin/entrance/activationcode/{account.pk}/issue/"
    assert client.get(page).status_code == 200
    assert not ActivationCode.objects.filter(user=account, used_at=None).exists()
    return code_on(client.post(page))


def code_on(answer) -> str:
    assert "no-store" in answer["Cache-Control"]
    found = re.search(r"\b([2-9a-z]{5}-[2-9a-z]{5})\b", answer.content.decode())
    assert found is not None
    return found[1]


def activate(code: str, email: str = ADDRESS):
    return Client().post(PAGE, {"email": email, "code": code})


def test_sign_up_says_that_no_letter_comes_and_shows_the_offices_phone(client):
    for page in (SIGN_UP, "/accounts/confirm-email/", "/accounts/password/reset/"):
        words = client.get(page).content.decode()
        assert "现在不能发邮件" in words, page
        assert "010-00000000" in words, page


def test_with_a_server_nothing_of_it_is_said(client, settings):
    settings.HAS_MAIL_SERVER = True
    assert "现在不能发邮件" not in client.get(SIGN_UP).content.decode()


def test_the_letter_is_kept_with_its_reason_and_without_its_link(account):
    message = Message.objects.get(recipient=account)
    assert (message.state, message.failure, message.sealed) == ("kept", "未设置邮件服务器", "")
    assert "/confirm-email/" not in message.text
    assert not mail.outbox


def test_a_code_lets_the_person_in_once(client, administrator, account):
    assert knock(Client(), ADDRESS)["Location"] == "/accounts/confirm-email/"
    code = issue(client, account)
    answer = activate(code.upper().replace("-", " "), "Chen@Example.com")
    assert answer["Location"] == "/accounts/login/"
    assert EmailAddress.objects.get(user=account).verified
    assert knock(Client(), ADDRESS)["Location"] == "/desk/"
    assert activate(code).status_code == 400
    steps = AuditEvent.objects.filter(step__startswith="activationcode.").order_by("id")
    assert [(one.step, one.actor_id) for one in steps] == [
        ("activationcode.issued", administrator.pk),
        ("activationcode.used", account.pk),
    ]


def test_the_code_is_kept_as_a_hash_and_shown_once(client, administrator, account):
    code = issue(client, account)
    plain = code.replace("-", "")
    assert plain not in str(list(ActivationCode.objects.values()))
    assert plain not in str(list(AuditEvent.objects.values()))
    listed = client.get("/admin/entrance/activationcode/").content.decode()
    assert plain not in listed
    assert code not in listed


def test_a_code_ends_after_72_hours(client, administrator, account):
    code = issue(client, account)
    with time_machine.travel(time.time() + 72 * 3600 + 1):
        assert activate(code).status_code == 400
    assert not EmailAddress.objects.get(user=account).verified


def test_five_wrong_tries_make_it_void(client, administrator, account):
    code = issue(client, account)
    for _ in range(5):
        assert activate("wrong-wrong").status_code == 400
    assert activate(code).status_code == 400
    assert ActivationCode.objects.get().wrong_tries == 5
    again = code_on(client.post(f"/admin/entrance/activationcode/{account.pk}/issue/"))
    assert activate(again).status_code == 302


def test_a_new_code_takes_the_place_of_the_old_one(client, administrator, account):
    first = issue(client, account)
    second = code_on(client.post(f"/admin/entrance/activationcode/{account.pk}/issue/"))
    assert activate(first).status_code == 400
    assert activate(second).status_code == 302


def test_unknown_addresses_and_wrong_codes_are_answered_alike(client, administrator, account):
    issue(client, account)
    known, unknown = activate("wrong-wrong"), activate("wrong-wrong", "niemand@example.com")
    assert (known.status_code, said(known)) == (unknown.status_code, said(unknown))


def test_tries_are_limited_by_network(client, settings):
    settings.SIGN_INS_AN_HOUR = 2
    for _ in range(2):
        assert activate("wrong-wrong").status_code == 400
    refused = activate("wrong-wrong")
    assert refused.status_code == 429
    assert "分钟后再试" in said(refused)


@pytest.mark.parametrize("typed", ["", "\0", "\u202ewrong", "x" * 10_000, "𠮷𠮷", "<b>", "=1+1"])
def test_whatever_is_typed_is_answered_with_a_sentence(typed):
    for given in ({"code": typed, "email": ADDRESS}, {"code": "wrong-wrong", "email": typed}):
        answer = Client().post(PAGE, given)
        assert answer.status_code == 400
        assert said(answer)


@pytest.mark.parametrize("role", ["editor", "reviewer", "publisher", "auditor", "support"])
def test_nobody_but_an_administrator_issues_codes(client, account, role):
    client.force_login(person(role))
    page = f"/admin/entrance/activationcode/{account.pk}/issue/"
    assert client.get(page).status_code == 403
    assert client.post(page).status_code == 403
    assert not ActivationCode.objects.exists()


def test_a_verified_account_and_staff_get_none(client, administrator):
    for somebody in (person(), person("editor", email="e@example.com")):
        answer = client.post(f"/admin/entrance/activationcode/{somebody.pk}/issue/")
        assert answer.status_code == 409
        assert "不用激活" in answer.content.decode()
    assert not ActivationCode.objects.exists()


def test_the_page_of_an_account_offers_what_it_needs(client, administrator, account):
    assert "发放激活码" in client.get(f"/admin/accounts/user/{account.pk}/change/").content.decode()
    assert "发放激活码" not in client.get(f"/admin/accounts/user/{person().pk}/change/").content.decode()


def test_the_desk_lists_who_waits_for_a_code_and_finds_them_by_address(
    client, administrator, account, settings
):
    person("editor")
    front = client.get("/admin/").content.decode()
    assert "等激活码的账号" in front
    assert "没有办公室的联系方式" not in front
    accounts = "/admin/accounts/user/"
    waiting = client.get(accounts, {"activation": "waiting"}).content.decode()
    assert f"{accounts}{account.pk}/change/" in waiting
    assert f"{accounts}{administrator.pk}/change/" not in waiting
    assert f"{accounts}{account.pk}/change/" in client.get(accounts, {"q": ADDRESS.upper()}).content.decode()
    assert f"{accounts}{account.pk}/change/" not in client.get(accounts, {"q": "chen@"}).content.decode()
    issued = client.post(f"/admin/entrance/activationcode/{account.pk}/issue/").content.decode()
    assert "打开 http://testserver/accounts/activate/，" in issued
    activate(re.search(r"\b([2-9a-z]{5}-[2-9a-z]{5})\b", issued)[1])
    settings.OBJECTION_CONTACT = ""
    front = client.get("/admin/").content.decode()
    assert "等激活码的账号" not in front
    assert "没有办公室的联系方式" in front


def test_a_change_of_the_address_has_a_way_too(client, administrator):
    owner = person()
    User.objects.filter(pk=owner.pk).update(email=f"{owner.username}@example.com")
    own = Client()
    knock(own, owner.username)
    page = own.get("/accounts/email/").content.decode()
    assert "凭它<a" in page
    assert "发送确认邮件" not in page
    own.post("/accounts/email/", {"email": "new@example.com", "action_add": "1"})
    page = own.get("/accounts/email/").content.decode()
    assert "发往它的邮件" not in page
    assert (
        f"/admin/accounts/user/{owner.pk}/change/"
        in client.get("/admin/accounts/user/", {"activation": "waiting"}).content.decode()
    )

    assert activate(issue(client, owner), "new@example.com").status_code == 302

    owner.refresh_from_db()
    assert owner.email == "new@example.com"
    assert [(one.email, one.verified) for one in EmailAddress.objects.filter(user=owner)] == [
        ("new@example.com", True)
    ]
    assert "发放激活码" not in client.get(f"/admin/accounts/user/{owner.pk}/change/").content.decode()


@pytest.mark.parametrize(
    "path", ["/accounts/password/reset/done/", "/accounts/confirm-email/", "/accounts/email/"]
)
def test_no_page_promises_a_letter(path):
    own = Client()
    own.force_login(person())
    page = own.get(path).content.decode()
    assert "请查收邮件" not in page
    assert "推进组办公室 010-00000000" in page


def test_a_code_is_good_for_the_address_that_the_office_looked_at(client, administrator, account):
    code = issue(client, account)
    other = "somebody.else@example.com"
    EmailAddress.objects.filter(user=account).update(email=other)  # what a person may change while it waits
    activate(code, other)
    assert not EmailAddress.objects.filter(verified=True).exists()
