"""What a record answers about itself: its key, its division, its own columns, and who works with it."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from events.activities.models import Activity, ActivityVersion
from events.commitments.models import Letter, LetterVersion
from events.notices.models import Notice, NoticeVersion
from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.workflow.records import Identity, Version
from tests.events.activities.make import make_activity
from tests.make import make_user

DAY = datetime.date(2028, 2, 29)


def test_a_record_of_a_region_says_its_division_and_a_national_one_none():
    assert ActivityVersion(activity=Activity(scope="350000")).scope_division == "350000"
    assert ActivityVersion(activity=Activity(scope="")).scope_division == ""
    assert NoticeVersion(notice=Notice()).scope_division == ""
    assert LetterVersion(letter=Letter()).scope_division == ""
    assert (ActivityVersion.scope_column(), LetterVersion.scope_column()) == ("activity__scope", "")
    assert (ActivityVersion.identity_model(), NoticeVersion.identity_model()) == (Activity, Notice)


def test_what_declares_nothing_has_empty_words():
    assert (Identity.KIND, Identity.SCOPE, Version.IDENTITY) == ("", "", "")
    assert (Version.EDIT, Version.REVIEW) == ("content.edit", "content.review")


def test_a_record_is_called_by_kind_and_number():
    notice = Notice(pk=7)
    assert notice.key == str(notice) == "notice/7"
    assert NoticeVersion(notice=notice).identity is notice


def test_own_columns_are_the_sealed_ones_without_the_record_and_what_a_step_sets():
    for model, identity in ((NoticeVersion, "notice_id"), (ActivityVersion, "activity_id")):
        assert set(model.SEALED) - set(model.own_fields()) == {identity, *Version.SAID}
        assert model.own_fields() == [name for name in model.SEALED if name in model.own_fields()]


@pytest.mark.django_db
def test_an_officer_works_with_records_of_the_region_and_an_editor_with_all():
    here, there, national = (make_activity(scope=scope) for scope in ("350000", "330000", ""))
    for version in (here, there, national):
        version.save()
    rows = ActivityVersion.objects
    assert set(rows.in_scope(make_user("pilot_officer:350000"))) == {here}
    assert set(rows.in_scope(make_user("pilot_officer:350000", "pilot_officer:330000"))) == {here, there}
    assert set(rows.in_scope(make_user("editor"))) == {here, there, national}
    assert not rows.in_scope(make_user()).exists()
    notice = NoticeVersion(notice=Notice.objects.create(), kind="news", title="动态", source="测试")
    notice.save()
    assert not NoticeVersion.objects.in_scope(make_user("pilot_officer:350000")).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["draft", "in_review"])
def test_the_database_keeps_one_open_version_of_a_record(state):
    first = make_activity(state=state)
    first.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_activity(first.activity, state="draft").save()


@pytest.mark.parametrize(("publish_on", "days"), [(None, 0), (-1, 0), (0, 0), (1, 1)])
def test_a_version_is_read_from_its_edition_or_its_day_whichever_is_later(publish_on, days):
    noon = datetime.datetime.combine(DAY, datetime.time(12), clock.SHANGHAI)
    set_to = None if publish_on is None else DAY + datetime.timedelta(days=publish_on)
    version = NoticeVersion(from_edition=Edition(number=1, at=noon), publish_on=set_to)
    assert version.read_from == DAY + datetime.timedelta(days=days)
