"""The audit trail in the back end."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.publication.models import Batch
from catalog.publication.publishing import workflow
from portal.core.audit.changes import save_working
from portal.core.workflow import NotAllowed
from tests.make import enter, make_batch, make_enterprise, make_product, make_user

pytestmark = pytest.mark.django_db
EVENTS = "/admin/audit/auditevent/"
CHANGES = "/admin/audit/change/"


@pytest.fixture
def trail():
    """A batch submitted, and once refused."""
    batch = workflow.submit(enter(make_batch(), make_product()), by=make_user("editor", username="bianji"))
    with pytest.raises(NotAllowed):
        workflow.submit(batch, by=make_user("editor", username="linjia"))
    return batch


@pytest.mark.parametrize(
    ("role", "status"), [("auditor", 200), ("editor", 403), ("publisher", 403), ("administrator", 403)]
)
@pytest.mark.parametrize("address", [EVENTS, CHANGES])
def test_only_auditors_read_it(client, address, role, status):
    client.force_login(make_user(role))
    assert client.get(address).status_code == status


def test_filters_keep_one_and_leave_another_out(client, trail):
    client.force_login(make_user("auditor"))
    refused = client.get(EVENTS, {"result": "refused", "step": "", "by": ""}).context["cl"]
    assert [event.is_success for event in refused.result_list] == [False]
    by = client.get(EVENTS, {"by": "bianji"}).context["cl"].result_list
    assert {event.actor_name for event in by} == {"bianji"}
    opened = client.get(EVENTS, {"step": "batch.opened"}).context["cl"].result_list
    assert {event.step for event in opened} == {"batch.opened"}


def test_an_event_opens_with_its_details_and_without_a_button(client, trail):
    client.force_login(make_user("auditor", is_superuser=True))
    event = client.get(EVENTS, {"step": "batch.submitted", "result": "done"}).context["cl"].result_list[0]
    page = client.get(f"{EVENTS}{event.pk}/change/").content.decode()
    assert Batch.objects.get(pk=trail.pk).digest in page
    assert "保存" not in page
    for verb in ("change", "delete"):
        assert client.post(f"{EVENTS}{event.pk}/{verb}/", {"reason": "改写"}).status_code == 403
    assert client.get(f"{EVENTS}add/").status_code == 403


def test_before_images_show_no_personal_data(client):
    enterprise = make_enterprise(contact_person="陈大明", phone="0591-1")
    enterprise.contact_person, enterprise.phone = "李小红", "0591-2"
    save_working(enterprise, by=make_user("editor"))
    client.force_login(make_user("auditor"))
    change = client.get(CHANGES).context["cl"].result_list[0]
    page = client.get(f"{CHANGES}{change.pk}/change/").content.decode()
    assert "0591-1" in page
    assert "陈大明" not in page


def test_the_list_asks_as_much_for_many_events_as_for_few(client, trail):
    client.force_login(make_user("auditor"))
    client.get(EVENTS)
    with CaptureQueriesContext(connection) as few:
        client.get(EVENTS)
    for ordinal in range(2, 12):
        make_batch(kind="erratum", ordinal=ordinal) if ordinal == 2 else make_enterprise()
    with CaptureQueriesContext(connection) as many:
        client.get(EVENTS)
    assert len(many) == len(few)


def test_every_act_that_the_code_names_has_its_words():
    from catalog.publication.publishing.workflow import STEPS
    from portal.core.audit.words import NOUNS, PARTICIPLES

    named = {step.code for step in STEPS} | {"hold.set", "hold.lifted", "grant.given", "grant.taken"}
    for code in named:
        noun, _, participle = code.partition(".")
        assert noun in NOUNS, code
        assert participle in PARTICIPLES, code


def test_the_list_speaks_chinese(client, trail):
    client.force_login(make_user("auditor"))
    page = client.get(EVENTS).content.decode()
    assert "批次：提交" in page
    assert "batch.submitted</td>" not in page


def test_the_days_of_the_filter_are_days_in_shanghai(client):
    import datetime

    import time_machine

    def moment(day, hour):
        return datetime.datetime(2026, 11, day, hour, tzinfo=datetime.UTC)

    with time_machine.travel(moment(22, 15), tick=False):  # 23:00 of the 22nd in Shanghai
        make_batch(kind="erratum", ordinal=1)
    with time_machine.travel(moment(22, 17), tick=False):  # 1:00 of the 23rd
        make_batch(kind="adjustment", ordinal=2)
    with time_machine.travel(moment(23, 2), tick=False):
        client.force_login(make_user("auditor"))
        today = client.get(EVENTS, {"days": "1"}).context["cl"].result_list
        week = client.get(EVENTS, {"days": "7"}).context["cl"].result_list
    assert [event.target_name for event in today if event.step == "batch.opened"] == [
        "2026年第二次动态调整（2026-t2）"
    ]
    assert len([event for event in week if event.step == "batch.opened"]) == 2
