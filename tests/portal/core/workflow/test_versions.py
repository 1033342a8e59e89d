"""The steps of a version, tried on notices: nothing is public before a second person said so."""

import datetime

import pytest
import time_machine

from events.notices.models import Notice, NoticeVersion
from portal.core.audit.models import AuditEvent
from portal.core.editions import clock
from portal.core.editions.digest import row_digest
from portal.core.editions.models import Edition
from portal.core.editions.verify import chain_faults
from portal.core.workflow import NoPermission, NotAllowed, versions
from tests.make import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(db):
    return make_user("editor")


def draft(editor, notice=None, **changes):
    notice = notice or Notice.objects.create()
    version = versions.new_version(NoticeVersion, notice, by=editor)
    values = {
        "kind": "news",
        "title": "示例动态",
        "dated_on": clock.today(),
        "source": "推进组",
        "body": "正文",
    } | changes
    for name, value in values.items():
        setattr(version, name, value)
    version.save()
    return version


def visible(day=None):
    return NoticeVersion.objects.visible(Edition.objects.current_number(), day or clock.today())


def published(editor, notice=None, **changes):
    version = versions.submit(draft(editor, notice, **changes), by=editor)
    return versions.publish(version, by=make_user("reviewer"))


def test_a_draft_changes_no_edition_and_a_second_person_publishes_it(editor):
    version = draft(editor)
    version.title = "改了又改"
    version.save()
    version = versions.submit(version, by=editor)
    assert (Edition.objects.count(), visible().count()) == (0, 0)
    with pytest.raises(NoPermission):
        versions.publish(version, by=_both(editor))
    version = versions.publish(version, by=make_user("reviewer"))
    assert visible().get().title == "改了又改"
    assert Edition.objects.count() == 1
    assert AuditEvent.objects.filter(step="noticeversion.published", is_success=True).count() == 1
    assert list(chain_faults()) == []


def _both(editor):
    """The writer herself, holding the reviewer's role as well."""
    editor.grants.create(role="reviewer")
    del editor.__dict__["granted"]
    return editor


def test_a_new_version_replaces_the_old_one_which_stays_readable_as_of_then(editor):
    first = published(editor)
    second = published(editor, first.notice, title="更正后的标题", change_note="更正标题")
    assert visible().get() == second
    assert NoticeVersion.objects.visible(1, clock.today()).get() == first
    assert list(chain_faults()) == []


def test_one_record_has_one_open_draft(editor):
    version = draft(editor)
    with pytest.raises(NotAllowed) as refused:
        versions.new_version(NoticeVersion, version.notice, by=editor)
    assert refused.value.rule == "version.open"


def test_a_new_draft_starts_from_what_is_public(editor):
    first = published(editor, title="公开的标题")
    assert versions.new_version(NoticeVersion, first.notice, by=editor).title == "公开的标题"


def test_a_first_publication_can_wait_for_a_day(editor):
    tomorrow = clock.today() + datetime.timedelta(days=1)
    published(editor, publish_on=tomorrow)
    assert visible().count() == 0
    assert visible(tomorrow).count() == 1
    with time_machine.travel(clock.end_of(clock.today()), tick=False):
        assert visible().count() == 1


def test_a_correction_cannot_wait(editor):
    first = published(editor)
    later = draft(editor, first.notice, publish_on=clock.today() + datetime.timedelta(days=1))
    later = versions.submit(later, by=editor)
    with pytest.raises(NotAllowed) as refused:
        versions.publish(later, by=make_user("reviewer"))
    assert refused.value.rule == "version.scheduled"
    assert visible().get() == first


def test_checks_refuse_a_submission_with_their_sentences(editor):
    with pytest.raises(NotAllowed) as refused:
        versions.submit(draft(editor), by=editor, checks=lambda version: ["缺少来源"])
    assert "缺少来源" in refused.value.sentence


def test_sending_back_needs_a_reason(editor):
    version = versions.submit(draft(editor), by=editor)
    with pytest.raises(NotAllowed):
        versions.send_back(version, by=make_user("reviewer"), reason="")
    version = versions.send_back(version, by=make_user("reviewer"), reason="错字")
    assert version.state == NoticeVersion.State.DRAFT


def test_a_withdrawn_record_stays_readable_with_its_reason(editor):
    version = published(editor)
    with pytest.raises(NotAllowed):
        versions.withdraw(NoticeVersion, version.notice, by=make_user("publisher"), reason=" ")
    versions.withdraw(NoticeVersion, version.notice, by=make_user("publisher"), reason="内容有误")
    row = visible().get()
    assert (row.is_withdrawn, row.change_note, row.title) == (True, "内容有误", "示例动态")
    assert visible().standing().count() == 0
    assert list(chain_faults()) == []
    with pytest.raises(NotAllowed):
        versions.withdraw(NoticeVersion, version.notice, by=make_user("publisher"), reason="再撤一次")


def test_an_auditor_takes_no_step(editor):
    auditor = make_user("auditor")
    version = draft(editor)
    with pytest.raises(NoPermission):
        versions.new_version(NoticeVersion, Notice.objects.create(), by=auditor)
    with pytest.raises(NoPermission):
        versions.submit(version, by=auditor)
    with pytest.raises(NoPermission):
        versions.publish(versions.submit(version, by=editor), by=auditor)


def test_a_reason_given_at_submission_is_kept(editor):
    version = versions.submit(draft(editor), by=editor, reason="引用原文")
    assert AuditEvent.objects.get(step="noticeversion.submitted").reason == "引用原文"
    with pytest.raises(NotAllowed) as refused:
        versions.publish(version, by=make_user("reviewer"), checks=lambda row: ["链接失效"])
    assert refused.value.rule == "version.incomplete"


def test_what_was_submitted_anew_has_to_be_read_anew(editor):
    version = versions.submit(draft(editor), by=editor)
    read_at = version.submitted_at
    version = versions.send_back(version, by=make_user("reviewer"), reason="错字")
    version = versions.submit(version, by=editor)
    with pytest.raises(NotAllowed) as refused:
        versions.publish(version, by=make_user("reviewer"), read_at=read_at)
    assert refused.value.rule == "version.reread"
    versions.publish(version, by=make_user("reviewer"), read_at=version.submitted_at)
    assert visible().count() == 1


def test_what_nobody_has_read_yet_is_corrected_or_withdrawn_for_its_day(editor):
    tomorrow = clock.today() + datetime.timedelta(days=1)
    first = published(editor, publish_on=tomorrow)
    corrected = versions.new_version(NoticeVersion, first.notice, by=editor)
    assert corrected.publish_on == tomorrow
    corrected.title = "改正的标题"
    corrected.save()
    versions.publish(versions.submit(corrected, by=editor), by=make_user("reviewer"))
    assert visible().count() == 0
    assert visible(tomorrow).get().title == "改正的标题"
    versions.withdraw(NoticeVersion, first.notice, by=make_user("reviewer"), reason="活动取消")
    assert visible().count() == 0
    assert visible(tomorrow).get().is_withdrawn


def test_a_column_that_came_later_does_not_break_an_older_seal(editor):
    version = published(editor)
    salts, hashes = version.proof()
    del hashes["contact"]
    version.salts, version.hashes, version.digest = salts, hashes, row_digest(version.key, hashes)
    assert version.broken_fields() == []
    version.contact = "悄悄加上"
    assert version.broken_fields() == ["contact"]
