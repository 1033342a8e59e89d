"""Every personal column has a line in the inventory, and every line says what the law asks for."""

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist

from portal.core.holdings import Outcome, all_holdings

# Named one by one, since no model's PERSONAL says so.
ALSO = {
    *(f"accounts.User.{name}" for name in ("username", "first_name", "last_name", "email", "person")),
    "audit.AuditEvent.actor_name",
    "audit.Change.personal",
    "audit.Change.before",
    "enquiries.Enquiry.text",
    "enquiries.Photo.picture",
    "files.StoredFile.name",
    "account.EmailAddress.email",
    *(f"mail.Message.{name}" for name in ("recipient", "address", "subject", "text", "sealed")),
    "desk.Submission.personal",
    "desk.Document.file",
}


def declared() -> set[str]:
    return {name for holding in all_holdings() for name in holding.fields}


def personal() -> set[str]:
    return {
        f"{model._meta.label}.{name}"
        for model in apps.get_models()
        for name in getattr(model, "PERSONAL", ())
    }


def test_every_personal_column_has_its_line():
    assert not (personal() | ALSO) - declared()


@pytest.mark.parametrize("name", sorted(declared()))
def test_every_column_of_a_line_exists(name):
    model, _, field = name.rpartition(".")
    try:
        apps.get_model(model)._meta.get_field(field)
    except (LookupError, FieldDoesNotExist):
        pytest.fail(name)


@pytest.mark.parametrize("holding", all_holdings(), ids=lambda holding: holding.code)
def test_every_line_says_what_of_whom_why_on_what_basis_who_sees_it_and_how_long(holding):
    said = (holding.label, holding.of_whom, holding.what, holding.purpose, holding.seen_by, holding.keep)
    assert all(said)
    assert holding.basis.startswith("《个人信息保护法》")
    assert holding.outcome != Outcome.KEPT or holding.stays.endswith("。")


def test_no_two_lines_share_a_code():
    codes = [holding.code for holding in all_holdings()]
    assert len(set(codes)) == len(codes)
