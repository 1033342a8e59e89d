"""A step on a row: what it keeps, what its refusal leaves behind, and what each step of a version makes of it."""

import datetime
from dataclasses import FrozenInstanceError

import pytest

from events.notices.models import Notice, NoticeVersion
from portal.core.audit.models import AuditEvent
from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.facts import Tally
from portal.core.workflow import NotAllowed, take, versions
from portal.core.workflow.facts import Prepared, publish_facts
from portal.core.workflow.records import Version
from tests.make import make_user

DAY = datetime.date(2028, 2, 29)


@pytest.fixture
def editor(db):
    return make_user("editor")


def draft(by, notice: Notice | None = None, **changes) -> NoticeVersion:
    version = versions.new_version(NoticeVersion, notice or Notice.objects.create(), by=by)
    said = {
        "kind": "news",
        "title": "示例动态",
        "dated_on": clock.today(),
        "source": "推进组",
        "body": "正文",
    }
    for name, value in (said | changes).items():
        setattr(version, name, value)
    version.save()
    return version


def published(by, notice: Notice | None = None, **changes) -> NoticeVersion:
    version = versions.submit(draft(by, notice, **changes), by=by)
    return versions.publish(version, by=make_user("reviewer"))


def refused(work) -> NotAllowed:
    with pytest.raises(NotAllowed) as found:
        work()
    return found.value


def test_taking_a_step_keeps_what_its_effects_tell(editor):
    version = draft(editor)
    step = versions.submit_step(NoticeVersion)
    taken = take(
        step,
        version,
        by=editor,
        reason="因为",
        effect=lambda row: {"first": row.state},
        then=lambda row: {"then": row.state},
    )
    assert taken.state == NoticeVersion.objects.get(pk=version.pk).state == "in_review"
    event = AuditEvent.objects.get(step=step.code)
    assert (event.reason, event.is_success, event.actor_id) == ("因为", True, editor.pk)
    assert (event.details["first"], event.details["then"]) == ("draft", "in_review")


def test_a_refused_step_leaves_the_attempt_and_nothing_else(editor):
    version = draft(editor)
    step = versions.submit_step(NoticeVersion)

    def fail(row):
        row.title = "改了"
        row.save()
        raise NotAllowed("my.rule", "不行")

    assert refused(lambda: take(step, version, by=editor, reason="试", effect=fail)).rule == "my.rule"
    row = NoticeVersion.objects.get(pk=version.pk)
    assert (row.state, row.title) == ("draft", "示例动态")
    event = AuditEvent.objects.get(step=step.code)
    assert (event.is_success, event.reason, event.details["rule"]) == (False, "试", "my.rule")


def test_a_step_reads_the_row_again(editor):
    version = draft(editor)
    stale = NoticeVersion.objects.get(pk=version.pk)
    versions.submit(version, by=editor)
    assert refused(lambda: versions.submit(stale, by=editor)).rule == "step.state"


def test_a_row_that_is_gone_is_told_and_the_attempt_kept(editor):
    version = draft(editor)
    NoticeVersion.objects.filter(pk=version.pk).delete()
    assert refused(lambda: versions.submit(version, by=editor)).rule == "step.gone"
    assert AuditEvent.objects.get(step="noticeversion.submitted").details["rule"] == "step.gone"


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_blank_reason_is_none(editor, reason):
    version = versions.submit(draft(editor), by=editor)
    reviewer = make_user("reviewer")
    assert refused(lambda: versions.send_back(version, by=reviewer, reason=reason)).rule == "step.reason"
    assert refused(lambda: versions.discard(draft(editor), by=editor, reason=reason)).rule == "step.reason"


def test_submission_is_signed_and_sending_back_takes_the_signature_off(editor):
    version = versions.submit(draft(editor), by=editor)
    assert version.submitted_by == editor
    assert version.submitted_at is not None
    version = versions.send_back(version, by=make_user("reviewer"), reason="错字")
    assert (version.submitted_by, version.submitted_at) == (None, None)


def test_the_day_the_reviewer_sets_is_the_day_it_is_read(editor):
    tomorrow = clock.today() + datetime.timedelta(days=1)
    for writers, reviewers, expected in (
        (tomorrow, ..., tomorrow),
        (tomorrow, None, None),
        (None, tomorrow, tomorrow),
        (clock.today(), ..., clock.today()),
    ):
        version = versions.submit(draft(editor, publish_on=writers), by=editor)
        version = versions.publish(version, by=make_user("reviewer"), publish_on=reviewers)
        assert version.publish_on == expected
        assert version.reviewed_by is not None
        assert version.key == version.notice.key


def test_a_correction_may_be_dated_today_and_one_of_what_nobody_has_read_may_wait(editor):
    today, tomorrow = clock.today(), clock.today() + datetime.timedelta(days=1)
    first = published(editor)
    assert published(editor, first.notice, publish_on=today).publish_on == today
    waiting = published(editor, publish_on=tomorrow)
    again = versions.new_version(NoticeVersion, waiting.notice, by=editor)
    assert again.publish_on == tomorrow
    assert versions.may_wait(again)
    later = draft(editor, first.notice)
    assert later.publish_on is None
    assert not versions.may_wait(later)


@pytest.mark.parametrize(("publish_on", "is_due"), [(None, True), (-1, True), (0, True), (1, False)])
def test_what_was_set_to_a_day_is_read_from_that_day_on(editor, publish_on, is_due):
    day = None if publish_on is None else DAY + datetime.timedelta(days=publish_on)
    version = published(editor)
    rows = NoticeVersion.objects.filter(pk=draft(editor, publish_on=day).pk)
    assert rows.due(DAY).exists() is is_due
    assert not rows.ever_visible(DAY).exists()
    assert NoticeVersion.objects.ever_visible(DAY).filter(pk=version.pk).exists()


def test_what_was_replaced_before_its_day_was_read_by_nobody_but_who_looks_as_of_then(editor):
    tomorrow = clock.today() + datetime.timedelta(days=1)
    first = published(editor, publish_on=tomorrow)
    draft_again = versions.new_version(NoticeVersion, first.notice, by=editor)
    draft_again.save()
    second = versions.publish(versions.submit(draft_again, by=editor), by=make_user("reviewer"))
    rows = NoticeVersion.objects
    assert set(rows.ever_visible(clock.today())) == set()
    assert set(rows.ever_visible(tomorrow)) == {second}
    assert set(rows.ever_visible(tomorrow, first.from_edition_id)) == {first, second}
    assert set(rows.ever_visible(tomorrow, second.from_edition_id)) == {second}
    third = published(editor, second.notice, title="更正", publish_on=None)
    assert set(rows.ever_visible(tomorrow)) == {third}


def test_who_was_overtaken_is_told_and_nothing_is_published(editor, monkeypatch):
    """Facts of the project are published without holding the record: they may come between the look and the release."""
    first = published(editor)
    version = versions.submit(draft(editor, first.notice, title="更正"), by=editor)
    monkeypatch.setattr(versions, "current_version", lambda model, identity: None)
    assert refused(lambda: versions.publish(version, by=make_user("reviewer"))).rule == "version.overtaken"
    assert NoticeVersion.objects.current().get() == first


def test_an_open_draft_is_discarded_by_an_editor_alone_and_remembered(editor):
    version, pk = draft(editor), Notice.objects.count()
    assert pk
    by = make_user("auditor")
    assert refused(lambda: versions.discard(version, by=by, reason="不要了")).rule == "step.permission"
    submitted = versions.submit(draft(editor), by=editor)
    assert refused(lambda: versions.discard(submitted, by=editor, reason="不要了")).rule == "step.state"
    number = version.pk
    versions.discard(version, by=editor, reason="不要了")
    assert not NoticeVersion.objects.filter(pk=number).exists()
    event = AuditEvent.objects.get(step="noticeversion.discarded")
    assert (event.reason, event.actor_id, event.target_id) == ("不要了", editor.pk, str(number))
    assert set(NoticeVersion.objects.open()) == {submitted}


def test_a_withdrawal_is_a_version_of_its_own(editor):
    first = published(editor)
    reviewer = make_user("reviewer")
    refusal = refused(lambda: versions.withdraw(NoticeVersion, first.notice, by=editor, reason="有误"))
    assert refusal.rule == "step.permission"
    assert (
        refused(lambda: versions.withdraw(NoticeVersion, first.notice, by=reviewer, reason=" ")).rule
        == "step.reason"
    )
    editions = Edition.objects.count()
    version = versions.withdraw(NoticeVersion, first.notice, by=reviewer, reason=f" {'长' * 400} ")
    version.refresh_from_db()
    assert (version.created_by, version.reviewed_by, version.replaces) == (reviewer, reviewer, first)
    assert (version.state, version.is_withdrawn, version.key) == ("published", True, first.notice.key)
    assert version.change_note == "长" * 300
    assert version.title == first.title
    assert Edition.objects.count() == editions + 1
    event = AuditEvent.objects.get(step="noticeversion.withdrawn")
    assert event.details["edition"] == version.from_edition_id
    assert event.target_id == str(first.notice_id)
    again = refused(lambda: versions.withdraw(NoticeVersion, first.notice, by=reviewer, reason="再撤"))
    never = refused(
        lambda: versions.withdraw(NoticeVersion, Notice.objects.create(), by=reviewer, reason="撤")
    )
    assert again.rule == never.rule == "version.not_public"


def test_several_faults_are_told_in_one_sentence(editor):
    refusal = refused(
        lambda: versions.submit(draft(editor), by=editor, checks=lambda _row: ["缺来源", "缺日期"])
    )
    assert (refusal.rule, refusal.sentence) == ("version.incomplete", "缺来源；缺日期")
    version = versions.submit(draft(editor), by=editor, checks=lambda _row: [])
    assert (
        refused(
            lambda: versions.publish(version, by=make_user("reviewer"), checks=lambda _row: ["坏了"])
        ).sentence
        == "坏了"
    )


def test_an_edition_names_the_record_and_the_event_the_edition(editor):
    version = published(editor)
    edition = Edition.objects.get(number=version.from_edition_id)
    assert (edition.cause, edition.subject) == (Edition.Cause.RECORD, version.key)
    event = AuditEvent.objects.get(step="noticeversion.published")
    assert event.details["edition"] == edition.number


def test_facts_become_public_in_one_edition_and_only_where_something_is_new(editor):
    rows = [draft(editor, title=title) for title in ("一", "二")]
    for row in rows:
        row.key, row.state = row.notice.key, Version.State.PUBLISHED
        row.seal()
        row.save()
    other = draft(editor, title="三")
    tallies = publish_facts(
        [lambda: Prepared([Tally("甲", 1, 1)], rows[:1]), lambda: Prepared([Tally("乙", 1, 1)], rows[1:])]
    )
    assert tallies == [Tally("甲", 1, 1), Tally("乙", 1, 1)]
    edition = Edition.objects.get()
    assert (edition.cause, edition.subject) == (Edition.Cause.RECORD, "facts")
    assert edition.header["records"] == sorted(row.key for row in rows)
    assert set(NoticeVersion.objects.public(edition.number)) == set(rows)
    other.refresh_from_db()
    assert other.from_edition_id is None
    publish_facts([lambda: Prepared([])])
    assert Edition.objects.count() == 1


def test_facts_that_fail_in_one_room_leave_no_other_half_public(editor):
    row = draft(editor)

    def broken() -> Prepared:
        NoticeVersion.objects.filter(pk=row.pk).delete()
        raise NotAllowed("facts.broken", "坏了")

    with pytest.raises(NotAllowed):
        publish_facts([broken])
    assert NoticeVersion.objects.filter(pk=row.pk).exists()


def test_a_step_without_a_reason_is_written_down_without_one(editor):
    version = published(editor)
    take(versions.submit_step(NoticeVersion), draft(editor, version.notice), by=editor)
    assert {event.reason for event in AuditEvent.objects.filter(step__startswith="noticeversion.")} == {""}


def test_a_begun_draft_is_saved_as_it_was_prepared(editor):
    def prepare(draft: NoticeVersion) -> None:
        draft.title, draft.kind, draft.source = "备好的标题", "news", "测试"

    assert (
        versions.new_version(NoticeVersion, Notice(), by=editor).key == ""
    )  # it has a key when it has a number
    first = published(editor)
    begun = versions.begin(NoticeVersion, first.notice, by=editor, prepare=prepare)
    assert NoticeVersion.objects.get(pk=begun.pk).title == "备好的标题"
    assert begun.body == first.body
    assert refused(lambda: versions.begin(NoticeVersion, first.notice, by=editor)).rule == "version.open"


def test_what_a_room_prepared_cannot_be_exchanged():
    with pytest.raises(FrozenInstanceError):
        Prepared([]).versions = [1]
