"""Dates of an enterprise: its calendar under a secret address, and reminders that go out once."""

import datetime
import re
import threading

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from catalog.enterprises.models import Membership
from portal.applications.cases import reminding
from portal.applications.cases.models import Application, SentReminder
from portal.applications.cases.workflow import handling
from portal.core.editions import clock
from portal.core.mail.models import Message
from tests.make import make_certificate, make_product, make_user
from tests.portal.applications.making import draft_product, enterprise_of, hand_in, make_owner

from .world import returned

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def certificate_of(owner, days: int, **changes):
    """A certificate with a product of the enterprise, ending in so many days."""
    certificate = make_certificate(valid_until=clock.today() + days * DAY, **changes)
    make_product(enterprise=enterprise_of(owner), certificate=certificate)
    return certificate


# -- the calendar -------------------------------------------------------------------------------------------------------


@pytest.fixture
def owner(client):
    owner = make_owner()
    client.force_login(owner)
    return owner


def make_link(client, owner) -> str:
    page = client.post(f"/desk/enterprises/{enterprise_of(owner).uscc}/calendar/").content.decode()
    return re.findall(r"/desk/calendar/[\w-]+\.ics", page)[0]


def test_a_calendar_reads_the_dates_without_signing_in(client, owner):
    certificate = certificate_of(owner, 40)
    application = returned(hand_in(draft_product(owner)))
    path = make_link(client, owner)
    client.logout()
    text = client.get(path).content.decode().replace("\r\n ", "")
    assert f"证书 {certificate.number} 到期" in text
    assert f"DTSTART;VALUE=DATE:{certificate.valid_until:%Y%m%d}" in text
    assert f"/desk/cases/{application.number}/" in text
    assert "张三" not in text
    assert all(len(line.encode()) <= 75 for line in client.get(path).content.decode().split("\r\n"))


def test_the_address_ends_when_it_is_revoked_replaced_or_the_member_leaves(client, owner):
    first = make_link(client, owner)
    second = make_link(client, owner)
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200
    client.post(f"/desk/enterprises/{enterprise_of(owner).uscc}/calendar/revoke/")
    assert client.get(second).status_code == 404
    third = make_link(client, owner)
    Membership.objects.filter(user=owner).update(ended_at=datetime.datetime.now(datetime.UTC))
    assert client.get(third).status_code == 404


def test_the_address_is_shown_once_and_kept_as_a_hash(client, owner):
    path = make_link(client, owner)
    page = client.get(f"/desk/enterprises/{enterprise_of(owner).uscc}/calendar/").content.decode()
    assert path not in page


# -- reminders ----------------------------------------------------------------------------------------------------------


def letters() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("subject", flat=True))


def test_a_certificate_is_reminded_of_at_90_30_and_7_days_and_when_it_ended_once_each():
    owner = make_owner()
    certificate = certificate_of(owner, 100)
    end = certificate.valid_until
    sent = {}
    for days in range(100, -40, -1):
        count = reminding.send_all(end - days * DAY)
        assert reminding.send_all(end - days * DAY) == 0
        if count:
            sent[days] = count
    assert sent == {90: 1, 30: 1, 7: 1, -1: 1}
    assert letters()[0] == f"证书 {certificate.number} 还有 90 天到期"
    assert letters()[-1] == f"证书 {certificate.number} 已经到期"


def test_after_missed_days_one_letter_is_sent_not_three():
    owner = make_owner()
    certificate_of(owner, 5)
    assert reminding.send_all(clock.today()) == 1
    assert letters()[0].endswith("还有 5 天到期")


def test_owners_and_editors_are_told_readers_and_strangers_not():
    owner = make_owner()
    make_owner(enterprise_of(owner), role="editor")
    make_owner(enterprise_of(owner), role="reader")
    make_owner()
    certificate_of(owner, 20)
    assert reminding.send_all(clock.today()) == 2


def test_a_replaced_or_revoked_certificate_is_reminded_of_no_more():
    owner = make_owner()
    old = certificate_of(owner, 20)
    make_certificate(renews=old)
    certificate_of(owner, 20, status="revoked", status_on=clock.today())
    certificate_of(owner, -100)
    assert reminding.send_all(clock.today()) == 0


def test_a_returned_case_is_reminded_of_after_14_and_30_days_untouched():
    application = returned(hand_in(draft_product(make_owner())))
    today = clock.today()
    sent = [day for day in range(60) if reminding.send_all(today + day * DAY)]
    assert sent == [14, 30]
    assert application.acts.filter(kind="reminded").count() == 2


def test_whoever_touched_the_case_is_not_reminded_so_soon():
    application = returned(hand_in(draft_product(make_owner())))
    Application.objects.filter(pk=application.pk).update(saved_at=application.saved_at + 10 * DAY)
    assert reminding.send_all(clock.today() + 15 * DAY) == 0
    assert reminding.send_all(clock.today() + 24 * DAY) == 1


def test_what_an_office_does_with_a_returned_case_puts_no_reminder_off():
    application = returned(hand_in(draft_product(make_owner())))
    later = timezone.now() + 10 * DAY
    with time_machine.travel(later, tick=False):
        officer = make_user("reviewer")
        handling.assign(Application.objects.get(pk=application.pk), by=officer, to=officer)
    assert reminding.send_all(clock.today() + 14 * DAY) == 1


def test_the_command_is_safe_twice_a_day(capsys):
    certificate_of(make_owner(), 20)
    call_command("remind", "--dry-run")
    assert not SentReminder.objects.exists()
    call_command("remind")
    call_command("remind")
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_commands_at_once_send_each_letter_once():
    certificate_of(make_owner(), 20)
    barrier = threading.Barrier(2)

    def run() -> None:
        barrier.wait()
        try:
            reminding.send_all(clock.today())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Message.objects.count() == 1
