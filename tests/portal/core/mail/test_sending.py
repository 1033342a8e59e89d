"""Messages to persons: kept at once, sent after the commit, tried three times, and never with a secret left behind."""

import smtplib

import pytest
from django.core import mail as outgoing
from django.core.mail.backends.locmem import EmailBackend
from django_tasks_db.models import DBTaskResult

from portal.core import mail
from portal.core.audit.models import AuditEvent
from portal.core.jobs import queue
from portal.core.mail.models import Message
from portal.core.mail.sending import deliver
from tests.make import make_user

pytestmark = pytest.mark.django_db
LINK = "https://portal.example.cn/accounts/password/reset/key/1-abc/"


def write(to, **secrets):
    values = {"name": "陈大明", "email": "chen@example.com"}
    return mail.send("password_reset_key", to=to, context=values, **secrets)


@pytest.fixture
def at_once(monkeypatch):
    monkeypatch.setattr("django.db.transaction.on_commit", lambda call, *more, **named: call())


@pytest.fixture
def refusing(monkeypatch, at_once):
    tries = []

    def refuse(self, letters):
        tries.append(letters)
        raise smtplib.SMTPRecipientsRefused({"chen@example.com": (550, b"chen@example.com unknown")})

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    return tries


def test_a_letter_leaves_once_and_only_after_the_commit(django_capture_on_commit_callbacks):
    user = make_user(email="chen@example.com")
    with django_capture_on_commit_callbacks() as waiting:
        message = write(user, password_reset_url=LINK)
    assert not outgoing.outbox
    assert len(waiting) == 1
    waiting[0]()
    assert [letter.to for letter in outgoing.outbox] == [["chen@example.com"]]
    assert LINK in outgoing.outbox[0].body
    message.refresh_from_db()
    assert (message.state, message.tries, message.sealed) == ("sent", 1, "")
    assert message.sent_at is not None
    deliver.call(message.pk)
    assert len(outgoing.outbox) == 1


def test_while_it_waits_the_secret_is_sealed_and_afterwards_gone(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as waiting:
        message = write("chen@example.com", password_reset_url=LINK)
    assert LINK not in str(list(Message.objects.values()))
    assert message.sealed
    assert "只写在邮件里" in message.text
    waiting[0]()
    assert not Message.objects.get().sealed


def test_without_a_server_it_is_kept_and_says_why(settings, at_once):
    settings.HAS_MAIL_SERVER = False
    message = write(make_user(email="chen@example.com"), password_reset_url=LINK)
    assert (message.state, message.failure, message.sealed) == ("kept", "未设置邮件服务器", "")
    assert not outgoing.outbox


def test_an_account_without_an_address_reads_it_here(at_once):
    message = write(make_user(), password_reset_url=LINK)
    assert (message.state, message.failure) == ("kept", "账号没有邮箱")


def test_a_refusing_server_is_asked_three_times_and_its_words_are_not_kept(refusing):
    write("chen@example.com", password_reset_url=LINK)
    message = Message.objects.get()
    assert len(refusing) == 3
    assert (message.state, message.tries, message.sealed, message.sent_at) == ("failed", 3, "", None)
    assert "邮件服务器没有接收" in message.failure
    assert "chen@" not in message.failure


def test_staff_see_what_failed_without_words_or_whole_addresses(client, refusing):
    write("chen@example.com", password_reset_url=LINK)
    client.force_login(make_user("administrator"))
    page = client.get("/admin/mail/message/").content.decode()
    assert "发送失败" in page
    assert "c***@example.com" in page
    assert "chen@example.com" not in page
    assert "陈大明" not in page
    assert "发送失败的邮件" in client.get("/admin/").content.decode()
    assert client.get(f"/admin/mail/message/{Message.objects.get().pk}/change/").status_code == 403


def test_a_failed_letter_without_a_secret_can_be_sent_again(client, refusing, monkeypatch):
    user = make_user(email="chen@example.com")
    plain = mail.send("password_changed", to=user, context={"at": None, "ip": ""})
    secret = write(user, password_reset_url=LINK)
    monkeypatch.undo()
    monkeypatch.setattr("django.db.transaction.on_commit", lambda call, *more, **named: call())
    press = {"action": "send_failed_again", "_selected_action": [plain.pk, secret.pk]}
    client.force_login(make_user("auditor"))
    client.post("/admin/mail/message/", press)
    assert not outgoing.outbox
    client.force_login(make_user("administrator"))
    answer = client.post("/admin/mail/message/", press, follow=True).content.decode()
    assert len(outgoing.outbox) == 1
    assert Message.objects.get(pk=plain.pk).state == "sent"
    assert Message.objects.get(pk=secret.pk).state == "failed"
    assert "请本人重新申请" in answer
    assert AuditEvent.objects.filter(step="message.sent_again").count() == 1


def test_a_subject_is_one_line():
    message = mail.send("account_already_exists", to="chen@example.com", context={"name": "a\nBcc: x"})
    assert "\n" not in message.subject


def test_a_letter_is_plain_text_and_escapes_nothing():
    values = {"name": "A & <B>", "email": "chen@example.com"}
    message = mail.send("account_already_exists", to="chen@example.com", context=values)
    assert "A & <B>，您好" in message.text


def test_a_letter_on_which_the_job_breaks_fails_alone_and_says_so(settings, monkeypatch):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    settings.JOB_PAUSE_SECONDS = (0, 0)
    write("chen@example.com", password_reset_url=LINK)
    other = write("li@example.com", password_reset_url=LINK)
    for _ in range(3):
        row = queue.claim("w")
        queue.fail(row.pk, "w", queue.crashed(-11))
    row = queue.claim("w")
    row.task.call(*row.args_kwargs["args"])
    broken, sent = Message.objects.order_by("pk")
    assert sent == other
    assert (broken.state, broken.sealed) == ("failed", "")
    assert "信号 11" in broken.failure
    assert sent.state == "sent"


def test_a_letter_whose_transaction_failed_is_never_ordered(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    write("chen@example.com", password_reset_url=LINK)
    assert DBTaskResult.objects.count() == 1  # in the same transaction, not after it
