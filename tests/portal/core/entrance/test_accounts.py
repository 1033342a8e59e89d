"""The door of the back end, accounts and roles."""

import datetime

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from portal.core.accounts.capability_admin import CapabilityAdmin
from portal.core.accounts.models import User
from portal.core.accounts.roles import CAPABILITIES, CAPABILITY_WORDS, ROLES
from portal.core.audit.models import AuditEvent
from tests.make import make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/accounts/user/"


def grants_form(**fields):
    return {
        "grants-TOTAL_FORMS": "1",
        "grants-INITIAL_FORMS": "0",
        "grants-MIN_NUM_FORMS": "0",
        "grants-MAX_NUM_FORMS": "1000",
        **fields,
    }


def account_form(user, **fields):
    return grants_form(username=user.username, is_active="on", _save="1", **fields)


def test_a_visitor_is_sent_to_the_chinese_sign_in_page(client):
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0] == "/accounts/login/?next=%2Fadmin%2F"
    assert "账号或邮箱" in response.content.decode()


@pytest.mark.parametrize("role", [*ROLES])
def test_whoever_has_a_role_at_the_desk_comes_in(client, role):
    client.force_login(make_user(f"{role}:350000" if ROLES[role].is_scoped else role))
    assert client.get("/admin/").status_code == 200


def test_staff_without_a_role_and_closed_accounts_stay_outside(client):
    for user in (make_user(is_active=True), make_user("editor", is_active=False)):
        user.is_staff = True
        user.save()
        client.force_login(user)
        assert client.get("/admin/").status_code == 302


def test_every_registered_page_names_a_capability_that_exists():
    for page in admin.site._registry.values():
        assert isinstance(page, CapabilityAdmin)
        assert page.read in CAPABILITIES
        assert page.edit in CAPABILITIES | {""}


def test_every_capability_has_its_words():
    assert set(CAPABILITY_WORDS) == CAPABILITIES


def test_the_role_table_is_read_from_the_code(client):
    client.force_login(make_user("editor"))
    page = client.get(reverse("admin:accounts_role_table")).content.decode()
    assert all(role.label in page for role in ROLES.values())


@pytest.mark.parametrize(
    ("role", "reads", "adds"), [("administrator", 200, 200), ("auditor", 200, 403), ("editor", 403, 403)]
)
def test_accounts_are_for_administrators_and_read_by_auditors(client, role, reads, adds):
    client.force_login(make_user(role))
    assert client.get(LIST).status_code == reads
    assert client.get(f"{LIST}add/").status_code == adds
    assert client.post(f"{LIST}add/", {"username": "new"}).status_code == adds


def test_a_new_account_shows_its_generated_password_once(client):
    client.force_login(make_user("administrator"))
    page = client.post(f"{LIST}add/", grants_form(username="xinren", last_name="新", first_name="人"))
    made = User.objects.get(username="xinren")
    assert made.check_password(page.context["password"])
    assert page.context["password"] in page.content.decode()
    assert made.is_staff
    assert not made.is_superuser
    assert AuditEvent.objects.filter(step="user.created", target_id=str(made.pk)).count() == 1


def test_a_role_is_given_and_taken_and_both_are_in_the_audit_trail(client):
    client.force_login(make_user("administrator"))
    user = make_user()
    user.is_staff = True
    user.save()
    change = f"{LIST}{user.pk}/change/"
    given = {"grants-0-role": "editor", "grants-0-division": "", "grants-0-user": user.pk}
    client.post(change, account_form(user, **given))
    grant = user.grants.get()
    taken = {"grants-INITIAL_FORMS": "1", "grants-0-id": grant.pk, "grants-0-DELETE": "on"}
    client.post(change, account_form(user, **{**given, **taken}))
    assert not user.grants.exists()
    steps = AuditEvent.objects.filter(target_id=str(user.pk)).values_list("step", flat=True)
    assert {"grant.given", "grant.taken"} <= set(steps)


@pytest.mark.parametrize(("role", "division"), [("pilot_officer", ""), ("editor", "350000")])
def test_a_role_and_its_division_must_fit(client, role, division):
    client.force_login(make_user("administrator"))
    user = make_user()
    fields = {"grants-0-role": role, "grants-0-division": division, "grants-0-user": user.pk}
    assert client.post(f"{LIST}{user.pk}/change/", account_form(user, **fields)).status_code == 200
    assert not user.grants.exists()


def test_nobody_gives_a_role_to_themselves(client):
    administrator = make_user("administrator")
    client.force_login(administrator)
    fields = {"grants-0-role": "editor", "grants-0-division": "", "grants-0-user": administrator.pk}
    client.post(f"{LIST}{administrator.pk}/change/", account_form(administrator, **fields))
    assert [grant.role for grant in administrator.grants.all()] == ["administrator"]


def test_an_administrator_does_not_touch_a_superuser(client):
    client.force_login(make_user("administrator"))
    root = make_user(is_superuser=True)
    assert client.post(f"{LIST}{root.pk}/change/", account_form(root)).status_code == 403
    assert client.post(reverse("admin:accounts_user_password", args=[root.pk])).status_code == 403


def test_a_password_is_reset_after_asking_and_shown_once(client):
    client.force_login(make_user("administrator"))
    user = make_user("editor")
    address = reverse("admin:accounts_user_password", args=[user.pk])
    assert "重设密码" in client.get(address).content.decode()
    user.refresh_from_db()
    assert not user.password
    password = client.post(address).context["password"]
    user.refresh_from_db()
    assert user.check_password(password)
    assert AuditEvent.objects.filter(step="user.password_reset").count() == 1


def test_no_account_is_deleted(client):
    client.force_login(make_user("auditor", is_superuser=True))
    user = make_user("editor")
    assert client.post(f"{LIST}{user.pk}/delete/", {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=user.pk).exists()


def test_the_address_of_an_account_is_masked_until_an_administrator_asks(client):
    user = make_user(email="zhang.san@example.com")
    for role in ("administrator", "auditor"):
        client.force_login(make_user(role))
        page = client.get(f"{LIST}{user.pk}/change/").content.decode()
        assert "z***@example.com" in page
        assert "zhang.san" not in page
        shown = client.post(f"{LIST}{user.pk}/reveal/")
        assert shown.status_code == (200 if role == "administrator" else 403)
        assert ("zhang.san@example.com" in shown.content.decode()) == (role == "administrator")
    assert AuditEvent.objects.filter(step="user.revealed", target_id=str(user.pk)).count() == 1


def test_an_address_stays_while_its_box_is_empty_and_goes_with_the_tick(client):
    client.force_login(make_user("administrator"))
    user = make_user("editor", email="zhang.san@example.com")
    client.post(f"{LIST}{user.pk}/change/", account_form(user, email=""))
    user.refresh_from_db()
    assert user.email == "zhang.san@example.com"
    client.post(f"{LIST}{user.pk}/change/", account_form(user, email="", clear_email="on"))
    user.refresh_from_db()
    assert user.email == ""


def test_the_address_that_somebody_of_an_enterprise_signs_in_by_is_only_theirs_to_change(client):
    client.force_login(make_user("administrator"))
    user = make_user(email="zhang.san@example.com")
    client.post(f"{LIST}{user.pk}/change/", account_form(user, email="evil@example.com", clear_email="on"))
    user.refresh_from_db()
    assert user.email == "zhang.san@example.com"


def test_two_accounts_do_not_differ_only_in_case(client):
    client.force_login(make_user("administrator"))
    make_user("editor", username="Bianji")
    answer = client.post(f"{LIST}add/", grants_form(username="bianji", is_active="on"))
    assert "只有大小写不同" in answer.content.decode()
    assert User.objects.filter(username__iexact="bianji").count() == 1


def listed(client, **query) -> set[str]:
    rows = client.get(LIST, query).context["cl"].result_list
    return {account.username for account in rows}


def test_the_list_of_accounts_is_filtered_and_tells_what_it_does_not_know(client):
    administrator = make_user("administrator", username="own", last_login=timezone.now())
    gone = timezone.now() - datetime.timedelta(days=200)
    make_user("editor", username="gone", last_login=gone)
    make_user(username="maker")
    make_user("reviewer", username="closed", is_active=False, last_login=timezone.now())
    client.force_login(administrator)

    assert listed(client, is_active__exact="0") == {"closed"}
    assert listed(client, whose="enterprise") == {"maker"}
    assert listed(client, role="editor") == {"gone"}
    assert listed(client, seen="180") == {"gone"}
    assert listed(client, seen="never") == {"maker"}
    answer = client.get(LIST, {"role": "king"})
    assert (answer.status_code, "没有「king」这个值" in answer.content.decode()) == (400, True)
    assert client.get("/admin/export/accounts/user/", {"seen": "180"}).status_code == 200


def test_accounts_are_closed_together_after_they_were_counted_and_named(client):
    administrator = make_user("administrator")
    root, closed = make_user(is_superuser=True), make_user("editor", is_active=False)
    one, two = make_user("editor", last_name="甲"), make_user("reviewer")
    client.force_login(administrator)
    ticked = [account.pk for account in (administrator, root, closed, one, two)]
    chosen = {"action": "close_many", "index": "0", "_selected_action": ticked}

    asked = client.post(LIST, chosen).content.decode()

    assert "停用 2 个账号" in asked
    assert "另有 3 个不停用" in asked
    assert one.username in asked
    assert User.objects.filter(is_active=False).count() == 1
    assert "没有停用" in client.post(LIST, chosen | {"confirmed": "5"}).content.decode()
    assert "已停用 2 个账号" in client.post(LIST, chosen | {"confirmed": "2"}, follow=True).content.decode()
    assert set(User.objects.filter(is_active=True)) == {administrator, root}
    assert AuditEvent.objects.filter(step="user.changed").count() == 2


def test_who_only_reads_accounts_closes_none(client):
    user = make_user("editor")
    client.force_login(make_user("auditor"))

    client.post(LIST, {"action": "close_many", "index": "0", "_selected_action": user.pk, "confirmed": "1"})

    user.refresh_from_db()
    assert user.is_active
