"""The role table: who may do what with the cases of enterprises, and what an administrator stays out of."""

import pytest

from portal.core.accounts.models import User
from portal.core.accounts.roles import ROLES

CASES = {
    "cases.read": {"editor", "reviewer", "publisher", "pilot_officer", "auditor"},
    "cases.decide": {"reviewer", "publisher", "pilot_officer"},
    "cases.handle": {"editor", "reviewer", "publisher", "pilot_officer"},
    "cases.support": {"support"},
}


@pytest.mark.parametrize(("capability", "holders"), CASES.items())
def test_a_capability_of_the_cases_is_held_by_exactly_these_roles(capability, holders):
    assert {code for code, role in ROLES.items() if capability in role.capabilities} == holders


def test_an_administrator_handles_accounts_and_no_content():
    assert ROLES["administrator"].capabilities == {
        "desk.enter",
        "accounts.read",
        "accounts.manage",
        "index.rebuild",
        "schedule.read",
    }


def test_an_auditor_changes_nothing():
    acts = {name.split(".")[1] for name in ROLES["auditor"].capabilities}
    assert acts == {"read", "enter"}


def test_an_account_belongs_to_no_certification_body_unless_it_is_said():
    assert User().certification_body == ""
