"""Before-images are written when something changed, and only then."""

import pytest

from catalog.enterprises.models import FormerName
from portal.core.audit.changes import change_of, record_changes, remove_working, save_working
from portal.core.audit.models import AuditEvent, Change
from tests.make import make_enterprise, make_user

pytestmark = pytest.mark.django_db


def test_no_change_writes_nothing():
    enterprise = make_enterprise()
    before = type(enterprise).objects.values().get(pk=enterprise.pk)
    assert save_working(enterprise, by=make_user("editor")) is False
    assert Change.objects.count() == 0
    assert (
        type(enterprise).objects.values().get(pk=enterprise.pk) == before
    )  # not even the day of its last edit


def test_a_change_writes_what_was_there_before_and_who_made_it():
    enterprise, editor = make_enterprise(phone="0591-1"), make_user("editor")
    enterprise.phone = "0591-2"
    assert save_working(enterprise, by=editor, source="import:7") is True
    change = Change.objects.get()
    assert (change.before, change.personal, change.is_created) == ({"phone": "0591-1"}, None, False)
    assert (change.actor_id, change.source, change.target_id) == (editor.pk, "import:7", str(enterprise.pk))
    assert change.actor_name
    assert change.target == "enterprises.enterprise"


def test_a_new_row_is_told_as_new():
    enterprise = type(make_enterprise())(uscc="91350000000000000X", name="新企业", division_id="350000")
    assert save_working(enterprise) is True
    change = Change.objects.get()
    assert (change.is_created, change.before, change.personal) == (True, {}, None)
    assert (change.actor_id, change.source) == (None, "")


def test_personal_columns_are_kept_apart():
    enterprise = make_enterprise(contact_person="陈大明", phone="0591-1")
    enterprise.contact_person, enterprise.phone = "李小红", "0591-2"
    save_working(enterprise)
    change = Change.objects.get()
    assert (change.before, change.personal) == ({"phone": "0591-1"}, {"contact_person": "陈大明"})


def test_a_removed_row_leaves_its_whole_image_and_an_act():
    enterprise, editor = make_enterprise(contact_person="陈大明"), make_user("editor")
    pk, image = enterprise.pk, enterprise.image()
    remove_working(enterprise, by=editor, source="desk")
    change = Change.objects.get()
    assert change.personal == {name: image[name] for name in enterprise.PERSONAL}
    assert set(change.before) == set(image) - set(enterprise.PERSONAL)
    assert (change.source, change.actor_id, change.target_id) == ("desk", editor.pk, str(pk))
    assert change.target == "enterprises.enterprise"
    assert change.actor_name
    event = AuditEvent.objects.get(step="enterprise.removed")
    assert (event.target_id, event.actor_id) == (str(pk), editor.pk)
    assert not type(enterprise).objects.filter(pk=pk).exists()


def test_what_names_no_personal_columns_keeps_none_apart():
    former = FormerName(enterprise=make_enterprise(), name="旧名有限公司", evidence="甲")
    save_working(former)
    former.evidence = "乙"
    save_working(former)
    assert Change.objects.get(is_created=False).before == {"evidence": "甲"}
    assert (FormerName.PERSONAL, Change.objects.get(is_created=False).personal) == ((), None)


def test_a_name_longer_than_its_column_is_cut_whatever_was_done():
    """SQLite would take it: PostgreSQL would refuse the whole act."""
    editor, enterprise = make_user("editor", last_name="陈" * 150, first_name="明" * 150), make_enterprise()
    enterprise.phone = "0591-2"
    save_working(enterprise, by=editor)
    remove_working(enterprise, by=editor)
    names = [change.actor_name for change in Change.objects.all()]
    assert [len(name) for name in names] == [150, 150]
    assert set(names) == {"陈" * 150}


def test_columns_are_named_by_the_class_as_by_a_row():
    assert type(make_enterprise()).tracked_fields() == make_enterprise().tracked_fields()


def test_many_rows_are_recorded_without_those_that_did_not_change():
    same, other = make_enterprise(), make_enterprise(phone="0591-1")
    images = {one.pk: one.image() for one in (same, other)}
    other.phone = "0591-2"
    record_changes(change_of(one, images[one.pk], source="import:1") for one in (same, other))
    assert [change.target_id for change in Change.objects.all()] == [str(other.pk)]


def test_days_of_entry_and_edit_are_no_changes():
    assert not {"id", "created_at", "updated_at"} & set(make_enterprise().image())
