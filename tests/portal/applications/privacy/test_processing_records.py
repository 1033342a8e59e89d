"""Every personal column has a line in the inventory, and every line says what the law asks for."""

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist

from portal.core.processing import Outcome, all_records

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
    return {name for record_kind in all_records() for name in record_kind.fields}


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


@pytest.mark.parametrize("record_kind", all_records(), ids=lambda record_kind: record_kind.code)
def test_every_line_says_what_of_whom_why_on_what_basis_who_sees_it_and_how_long(record_kind):
    said = (
        record_kind.label,
        record_kind.of_whom,
        record_kind.what,
        record_kind.purpose,
        record_kind.seen_by,
        record_kind.keep,
    )
    assert all(said)
    assert record_kind.basis.startswith("《个人信息保护法》")
    assert record_kind.outcome != Outcome.KEPT or record_kind.stays.endswith("。")


def test_no_two_lines_share_a_code():
    codes = [record_kind.code for record_kind in all_records()]
    assert len(set(codes)) == len(codes)
