"""The retention command says what it would take away, and takes it away only when told to."""

import datetime
import io

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.utils import timezone

from events.commitments.models import Signatory
from portal.applications.cases.models import Application, Invitation
from portal.applications.cases.workflow import drafting, handing_in
from portal.applications.privacy import retention
from portal.applications.privacy.retention import overdue
from portal.core.accounts.models import User
from portal.core.audit.changes import save_working
from portal.core.audit.models import AuditEvent, Change
from portal.core.mail.models import Message
from portal.core.processing import all_records
from tests.events.commitments.make import publish_letter
from tests.make import make_enterprise, make_user
from tests.portal.applications.making import draft_register, hand_in

pytestmark = pytest.mark.django_db


def ago(days: int) -> time_machine.travel:
    return time_machine.travel(timezone.now() - datetime.timedelta(days=days), tick=False)


def said(*arguments: str) -> str:
    out = io.StringIO()
    call_command("retention", *arguments, stdout=out)
    return out.getvalue()


def edited(days: int) -> Change:
    with ago(days):
        enterprise = make_enterprise(contact_person="陈大明")
        enterprise.contact_person = "李四光"
        save_working(enterprise, by=make_user("editor"))
    return Change.objects.latest("pk")


def test_it_tells_counts_and_the_oldest_and_takes_nothing_away(settings):
    settings.BEFORE_IMAGE_KEEP_DAYS = 100
    old, _fresh = edited(120), edited(80)
    words = said()
    day = timezone.localtime(old.at).date()
    (line,) = (line for line in words.splitlines() if line.startswith("改动前的个人信息（期限："))
    assert line.endswith(f"到期 1 条，最早 {day}")
    assert "没有删除任何内容" in words
    old.refresh_from_db()
    assert old.personal
    assert not AuditEvent.objects.filter(step="retention.applied").exists()


def test_with_apply_what_is_due_goes_what_is_not_stays_and_the_trail_says_so(settings):
    settings.BEFORE_IMAGE_KEEP_DAYS = 100
    old, fresh = edited(120), edited(80)
    assert "已清除 1 条" in said("--apply")
    old.refresh_from_db()
    fresh.refresh_from_db()
    assert old.personal is None
    assert fresh.personal == {"contact_person": "陈大明"}
    event = AuditEvent.objects.get(step="retention.applied")
    assert (event.details["holding"], event.details["count"]) == ("audit.before_images", 1)
    assert "已清除 0 条" in said("--apply")
    assert AuditEvent.objects.filter(step="retention.applied").count() == 1


def test_messages_go_after_their_time(settings):
    settings.MESSAGE_KEEP_DAYS = 100
    for days in (120, 80):
        with ago(days):
            Message.objects.create(recipient=make_user(), subject=f"{days}", text="…", state="kept")
    said("--apply")
    assert [message.subject for message in Message.objects.all()] == ["80"]


def test_drafts_that_nobody_handed_in_go_with_their_papers(settings):
    settings.CASE_DRAFT_KEEP_DAYS = 100
    with ago(120):
        old = draft_register()
    fresh = draft_register()
    said("--apply")
    assert not Application.objects.filter(pk=old.pk).exists()
    assert Application.objects.filter(pk=fresh.pk).exists()


def test_what_was_given_up_or_taken_back_goes_in_its_time(settings):
    settings.CASE_DRAFT_KEEP_DAYS, settings.CASE_KEEP_DAYS = 100, 200
    with ago(120):
        given_up = drafting.discard(case := draft_register(), by=case.created_by)
    with ago(220):
        taken_back = hand_in(draft_register())
        handing_in.withdraw(taken_back, by=taken_back.created_by)
    with ago(180):
        younger = hand_in(draft_register())
        handing_in.withdraw(younger, by=younger.created_by)
    said("--apply")
    assert not Application.objects.filter(pk=given_up.pk).exists()
    taken_back.refresh_from_db()
    younger.refresh_from_db()
    assert (taken_back.personal, taken_back.submissions.get().personal) == ({}, None)
    assert younger.personal


def test_a_draft_that_an_invitation_and_a_return_kept_alive_stays(settings):
    """What was handed in once is no draft any more, however long it lies with the enterprise."""
    settings.CASE_DRAFT_KEEP_DAYS = 100
    with ago(120):
        case = draft_register()
    Application.objects.filter(pk=case.pk).update(
        state="returned",
        submitted_at=timezone.now(),
        submitted_by=case.created_by,
        clock_on=timezone.localdate(),
    )
    said("--apply")
    assert Application.objects.get(pk=case.pk).personal


def test_addresses_of_invitations_go_a_month_after_they_ended():
    enterprise, owner = make_enterprise(), make_user()
    for days in (40, 20):
        Invitation.objects.create(
            enterprise=enterprise,
            email=f"{days}@example.com",
            role="editor",
            token_hash=str(days),
            invited_by=owner,
            expires_at=timezone.now() - datetime.timedelta(days=days),
        )
    said("--apply")
    assert sorted(Invitation.objects.values_list("email", flat=True)) == ["", "20@example.com"]


def test_whoever_signed_up_and_never_came_in_is_forgotten_and_nobody_else():
    with ago(40):
        unused, used, staff = make_user(), make_user(last_login=timezone.now()), make_user("editor")
        confirmed = make_user()
    for user in (unused, used, staff, confirmed):
        EmailAddress.objects.create(user=user, email=f"{user.pk}@example.com", verified=user == confirmed)
    said("--apply")
    kept = set(User.objects.values_list("pk", flat=True))
    assert unused.pk not in kept
    assert {used.pk, staff.pk, confirmed.pk} <= kept


def test_every_line_with_a_limit_can_be_asked_and_names_its_oldest_row():
    limited = [due.record_kind.code for due in overdue()]
    assert {"enquiries.senders", "mail.messages", "desk.cases", "accounts.sessions"} <= set(limited)
    assert len(limited) < len(all_records())


def test_a_signatory_is_forgotten_years_after_the_letter_ended_and_stays_while_it_stands():
    day = timezone.localdate()
    ends = {"old": day - datetime.timedelta(days=1200), "new": day - datetime.timedelta(days=900)}
    signatories = {}
    for name, until in ends.items():
        letter = publish_letter(valid_until=until, signed_on=until - datetime.timedelta(days=400)).letter
        signatories[name] = Signatory.objects.create(letter=letter, name="陈大明", title="总经理")
        signatories[name].name = "李四光"
        save_working(signatories[name], by=make_user("editor"))
    said("--apply")
    assert Signatory.objects.get(pk=signatories["old"].pk).name == ""
    assert Signatory.objects.get(pk=signatories["new"].pk).name == "李四光"
    kept = Change.objects.filter(target="commitments.signatory", personal__isnull=False)
    assert [change.target_id for change in kept] == [str(signatories["new"].pk)]


def test_one_line_in_trouble_is_told_and_the_others_are_done_by_night(monkeypatch):
    edited(days=2000)
    with ago(100):
        EmailAddress.objects.create(user=make_user(), email="a@b.cn", verified=False)
    records = [due.record_kind for due in overdue() if due.count]
    assert len(records) > 1
    monkeypatch.setattr(type(records[0]), "expire", broken)
    report = retention.by_itself()
    assert not report.is_good
    assert records[0].label in report.sentence
    assert [due.record_kind for due in overdue() if due.count] == records[:1]


def broken(record_kind, row):
    raise ValueError("boom")
