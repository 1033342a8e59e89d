"""Who acts for an enterprise: invitations that are good once, roles, and the last owner who stays."""

import datetime
import re

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.utils import timezone

from catalog.enterprises.models import Membership
from portal.applications.cases.models import Invitation
from portal.applications.counter.enterprise import people
from portal.core.mail.models import Message
from portal.core.proof.limits import DAY, Limit
from portal.core.workflow import NotAllowed
from tests.make import make_enterprise, make_user
from tests.portal.applications.making import make_owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def enterprise():
    return make_enterprise()


@pytest.fixture
def owner(enterprise):
    return make_owner(enterprise, email="owner@example.cn")


def proven(email: str):
    user = make_user(email=email)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def invite(client, enterprise, email="colleague@example.cn", role="editor"):
    return client.post(f"/desk/enterprises/{enterprise.uscc}/people/", {"email": email, "role": role})


def path_in_the_letter(mailoutbox) -> str:
    return re.findall(r"/desk/invitations/\S+", mailoutbox[-1].body)[0]


@pytest.fixture(autouse=True)
def _a_mail_server(settings):
    settings.HAS_MAIL_SERVER = True


def test_a_colleague_is_invited_by_letter_and_accepts_once(
    client, enterprise, owner, mailoutbox, django_capture_on_commit_callbacks
):
    client.force_login(owner)
    with django_capture_on_commit_callbacks(execute=True):
        assert invite(client, enterprise, " Colleague@example.cn ").status_code == 302
    path = path_in_the_letter(mailoutbox)
    assert path.split("/")[3] not in Message.objects.get().text
    assert not Invitation.objects.filter(token_hash__in=path.split("/")).exists()

    colleague = proven("colleague@example.cn")
    client.force_login(colleague)
    assert enterprise.name in client.get(path).content.decode()
    assert not Membership.objects.filter(user=colleague).exists()
    assert client.post(path).status_code == 302
    assert Membership.objects.get(user=colleague).role == "editor"
    assert client.post(path).status_code == 410


def test_without_a_mail_server_the_address_is_shown_once_to_be_passed_on(
    client, enterprise, owner, settings, mailoutbox
):
    settings.HAS_MAIL_SERVER = False
    client.force_login(owner)
    people = f"/desk/enterprises/{enterprise.uscc}/people/"
    assert "邀请发到这个邮箱" not in client.get(people).content.decode()
    invite(client, enterprise, "colleague@example.cn")
    page = client.get(people).content.decode()
    path = re.search(r"http://testserver(/desk/invitations/[^/\s]+/)", page)[1]
    assert "邀请已发到" not in page
    assert path not in client.get(people).content.decode()
    client.force_login(proven("stranger@example.cn"))
    assert client.post(path).status_code == 403
    client.force_login(proven("colleague@example.cn"))
    assert client.post(path).status_code == 302
    assert mailoutbox == []


def test_somebody_else_with_the_letter_does_not_get_in(
    client, enterprise, owner, mailoutbox, django_capture_on_commit_callbacks
):
    client.force_login(owner)
    with django_capture_on_commit_callbacks(execute=True):
        invite(client, enterprise)
    path = path_in_the_letter(mailoutbox)
    for other in (proven("other@example.cn"), make_user(email="colleague@example.cn")):
        client.force_login(other)
        assert "发给另一个邮箱" in client.get(path).content.decode()
        assert client.post(path).status_code == 403
    assert Membership.objects.count() == 1


def test_an_invitation_ends_after_seven_days_and_when_it_is_cancelled(client, enterprise, owner):
    client.force_login(owner)
    first = people.invite(enterprise, by=owner, email="a@example.cn", role="reader")
    second = people.invite(enterprise, by=owner, email="b@example.cn", role="reader")
    path = f"/desk/enterprises/{enterprise.uscc}/invitations/{second.pk}/cancel/"
    assert client.post(path).status_code == 302
    with pytest.raises(NotAllowed):
        people.accept(second, by=proven("b@example.cn"))
    with (
        time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=8)),
        pytest.raises(NotAllowed),
    ):
        people.accept(first, by=proven("a@example.cn"))


def test_a_second_invitation_of_an_address_replaces_the_first(client, enterprise, owner):
    first = people.invite(enterprise, by=owner, email="a@example.cn", role="reader")
    people.invite(enterprise, by=owner, email="A@example.cn", role="editor")
    assert [one.role for one in people.open_invitations(enterprise)] == ["editor"]
    with pytest.raises(NotAllowed):
        people.accept(first, by=proven("a@example.cn"))


def test_a_member_is_not_invited_again_and_no_nonsense_is_invited(client, enterprise, owner):
    client.force_login(owner)
    assert "已经是成员" in invite(client, enterprise, "OWNER@example.cn").content.decode()
    assert "不是一个邮箱" in invite(client, enterprise, "示例").content.decode()
    assert invite(client, enterprise, role="king").status_code == 400
    assert not Invitation.objects.exists()


def test_the_last_owner_neither_leaves_nor_steps_down(client, enterprise, owner):
    client.force_login(owner)
    membership = Membership.objects.get(user=owner)
    front = f"/desk/enterprises/{enterprise.uscc}/people/{membership.pk}"
    assert "最后一位管理人" in client.post(f"{front}/end/").content.decode()
    assert client.post(f"{front}/role/", {"role": "reader"}).status_code == 409
    membership.refresh_from_db()
    assert (membership.role, membership.ended_at) == ("owner", None)

    make_owner(enterprise)
    assert client.post(f"{front}/end/").status_code == 302
    assert client.get(f"/desk/enterprises/{enterprise.uscc}/").status_code == 404


def test_whoever_was_taken_out_sees_nothing_any_more(client, enterprise, owner):
    editor = make_owner(enterprise, role="editor")
    membership = Membership.objects.get(user=editor)
    client.force_login(owner)
    client.post(f"/desk/enterprises/{enterprise.uscc}/people/{membership.pk}/end/")
    client.force_login(editor)
    assert client.get(f"/desk/enterprises/{enterprise.uscc}/").status_code == 404


def test_an_editor_manages_no_members(client, enterprise, owner):
    editor = make_owner(enterprise, role="editor")
    client.force_login(editor)
    membership = Membership.objects.get(user=owner)
    front = f"/desk/enterprises/{enterprise.uscc}/people"
    assert invite(client, enterprise).status_code == 403
    assert client.post(f"{front}/{membership.pk}/end/").status_code == 403
    assert client.post(f"{front}/{membership.pk}/role/", {"role": "reader"}).status_code == 403


def test_an_invitation_ends_with_the_ownership_of_who_sent_it(client, enterprise, owner):
    """Who lost a dispute does not come back by the link sent out before."""
    invitation = people.invite(enterprise, by=owner, email="friend@example.cn", role="owner")
    make_owner(enterprise)
    Membership.objects.filter(user=owner).update(ended_at=timezone.now())
    friend = proven("friend@example.cn")
    with pytest.raises(NotAllowed) as told:
        people.accept(invitation, by=friend)
    assert told.value.rule == "invitation.gone"
    assert not people.open_invitations(enterprise).exists()
    assert not Membership.objects.of(friend).exists()


def test_letters_to_one_address_have_an_end_though_each_cancels_the_one_before(
    enterprise, owner, monkeypatch
):
    monkeypatch.setattr(people, "A_DAY", Limit("invitations", 2, DAY))
    for _time in range(2):
        people.invite(enterprise, by=owner, email="friend@example.cn", role="reader")
    with pytest.raises(NotAllowed) as told:
        people.invite(enterprise, by=owner, email="friend@example.cn", role="reader")
    assert told.value.rule == "invitation.limit"
    assert Message.objects.filter(address="friend@example.cn").count() == 2
