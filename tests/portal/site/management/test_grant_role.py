"""grant_role: who gets which role where, and what is refused."""

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command

from catalog.regions.models import Division
from portal.core.audit.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return get_user_model().objects.create_user("wang")


@pytest.fixture
def fujian():
    return Division.objects.create(code="350000", name="福建省", level=Division.Level.PROVINCE)


def again(user):
    return get_user_model().objects.get(pk=user.pk)


def test_a_granted_role_holds_lets_in_and_is_audited(user, capsys):
    call_command("grant_role", "wang", "reviewer")
    assert again(user).may("batches.approve")
    assert again(user).is_staff
    assert "已授权：wang 为「审核员」" in capsys.readouterr().out
    assert AuditEvent.objects.get(step="grant.given").details == {"role": "reviewer", "division": ""}


def test_a_pilot_officer_acts_in_the_own_division_only(user, fujian):
    call_command("grant_role", "wang", "pilot_officer", division="350000")
    assert again(user).may("imports.run", "350000")
    assert not again(user).may("imports.run", "330000")


def test_granting_twice_changes_nothing_and_says_so(user, capsys):
    call_command("grant_role", "wang", "editor")
    call_command("grant_role", "wang", "editor")
    assert "没有改动" in capsys.readouterr().out
    assert user.grants.count() == 1
    assert AuditEvent.objects.filter(step="grant.given").count() == 1


@pytest.mark.parametrize(
    ("arguments", "division", "rule"),
    [
        (("nobody", "editor"), "", "user.unknown"),
        (("wang", "king"), "", "role.unknown"),
        (("wang", "pilot_officer"), "", "role.division"),
        (("wang", "editor"), "350000", "role.division"),
        (("wang", "pilot_officer"), "990000", "division.unknown"),
    ],
)
def test_a_senseless_grant_is_refused_with_its_rule(user, fujian, capsys, arguments, division, rule):
    with pytest.raises(SystemExit) as refusal:
        call_command("grant_role", *arguments, division=division)
    assert refusal.value.code == 1
    assert capsys.readouterr().out.startswith(f"refused: {rule}\n")
    assert not user.grants.exists()
