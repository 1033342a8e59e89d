"""Enquiries at the desk: who sees and does what, what is recorded, and what is late."""

import datetime
import io
import re

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.enquiries import workflow
from events.enquiries.models import Act, Enquiry
from portal.core.audit.models import AuditEvent
from portal.core.workdays.models import CalendarDay
from tests.catalog.publication.stories import on
from tests.make import make_division
from tests.portal.core.files.uploads import photo

from .desk import LIST, page_of, read, sign_in, three
from .letters import make_enquiry, received, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def places():
    make_division("330000", "浙江省")
    make_division("350000", "福建省")


# -- who sees what --

SEES = {
    "editor": (200, 200, 200),
    "reviewer": (200, 200, 200),
    "auditor": (200, 200, 200),
    "pilot_officer:330000": (404, 200, 404),
    "pilot_officer:350000": (404, 404, 404),
    "support": (404, 404, 200),
    "administrator": (404, 404, 404),
}
WORKS = {
    "editor": (200, 200, 200),
    "reviewer": (403, 403, 403),
    "auditor": (403, 403, 403),
    "pilot_officer:330000": (404, 200, 404),
    "pilot_officer:350000": (404, 404, 404),
    "support": (404, 404, 200),
    "administrator": (404, 404, 404),
}


@pytest.mark.parametrize("who", [*SEES])
def test_the_table_of_who_sees_and_who_works_is_true(client, who):
    enquiries = three()
    sign_in(client, who)
    assert tuple(client.get(page_of(one)).status_code for one in enquiries) == SEES[who]
    assert tuple(client.get(page_of(one, "answer")).status_code for one in enquiries) == WORKS[who]
    posted = tuple(client.post(page_of(one, "answer"), {"text": "好"}).status_code for one in enquiries)
    assert posted == tuple(302 if status == 200 else status for status in WORKS[who])


def test_a_visitor_is_sent_to_the_sign_in(client):
    enquiry = make_enquiry()
    for part in ("change", "answer", "contact", "publish", "photo/1/480"):
        assert client.get(page_of(enquiry, part)).status_code == 302


def test_the_list_shows_what_is_in_scope_and_each_filter_leaves_something_out(client):
    first, second, third = three()
    held = make_enquiry(is_proven=False)
    sign_in(client, "editor")
    shown = client.get(LIST).content.decode()
    assert all(one.number in shown for one in (first, second, third, held))
    for query, inside, outside in (
        ("office=support", third, first),
        ("kind=question", third, first),
        ("state=held", held, first),
    ):
        name, value = query.split("=")
        page = client.get(LIST, {f"{name}__exact": value}).content.decode()
        assert inside.number in page
        assert outside.number not in page
    assert first.text not in shown
    sign_in(client, "support")
    shown = client.get(LIST).content.decode()
    assert third.number in shown
    assert first.number not in shown


def test_the_list_is_filtered_by_matter_place_and_age_and_sorted_by_its_deadline(client):
    with on(-30):
        old = make_enquiry(place="350000", topic="fake")
    fresh = make_enquiry(place="330000", topic="product")
    sign_in(client, "editor")
    for query in ({"topic": "fake"}, {"region": "350000"}, {"age": "10"}):
        page = client.get(LIST, query).content.decode()
        assert old.number in page
        assert fresh.number not in page
    heads = re.findall(r'<a href="(\?o=[^"]*)">答复期限', client.get(LIST).content.decode())
    page = client.get(LIST + heads[0].replace("&amp;", "&")).content.decode()
    assert page.index(old.number) < page.index(fresh.number)


def test_the_list_is_exported_as_it_is_filtered_without_what_names_the_sender(client):
    first, second, third = three()
    user = sign_in(client, "editor")
    answer = client.get("/admin/export/enquiries/enquiry/", {"kind__exact": "question"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    cells = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
    assert third.number in cells
    assert not {first.number, second.number} & set(cells)
    assert not {third.contact_name, third.contact_phone, third.text} & set(cells)
    assert AuditEvent.objects.get(step="list.exported").actor_id == user.pk


def test_many_are_passed_on_after_their_number_was_told_and_each_by_itself(client):
    first, second, third = three()
    held = make_enquiry(is_proven=False)
    sign_in(client, "editor")
    ticked = {
        "action": "pass_many",
        "index": "0",
        "_selected_action": [one.pk for one in (first, second, held)],
    }
    asked = client.post(LIST, ticked).content.decode()
    assert "转办 3 件来信" in asked
    assert third.number not in asked
    given = ticked | {"desk": "support:", "reason": "属于技术问题。"}
    assert "件数和您看到的不同" in client.post(LIST, given | {"counted": "2"}).content.decode()
    assert client.post(LIST, given | {"counted": "3", "reason": ""}).status_code == 400
    assert not Act.objects.filter(kind="passed").exists()
    told = client.post(LIST, given | {"counted": "3"}, follow=True).content.decode()
    assert "已转办 2 件" in told
    assert f"没有转办 {held.number}：" in told
    assert set(Enquiry.objects.filter(office="support").values_list("pk", flat=True)) == {
        first.pk,
        second.pk,
        third.pk,
    }
    assert Act.objects.filter(kind="passed", text="属于技术问题。").count() == 2


def test_who_works_for_the_support_institution_passes_none_on(client):
    *_others, third = three()
    sign_in(client, "support")
    assert "转办" not in client.get(LIST).content.decode()
    client.post(
        LIST,
        {
            "action": "pass_many",
            "index": "0",
            "_selected_action": third.pk,
            "counted": "1",
            "desk": "working_group:",
            "reason": "不。",
        },
    )
    assert not Act.objects.filter(kind="passed").exists()


def test_a_filter_of_the_list_that_nobody_knows_is_told(client):
    sign_in(client, "editor")
    for query in ({"state__exact": "lost"}, {"colour": "red"}):
        response = client.get(LIST, query)
        assert response.status_code == 400
        assert "没有" in response.content.decode()


def test_the_list_asks_the_same_number_of_questions_however_long_it_is(client):
    make_enquiry(place="350000")
    sign_in(client, "editor")
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    for _more in range(6):
        make_enquiry(place="330000")
    with CaptureQueriesContext(connection) as many:
        client.get(LIST)
    assert len(many) == len(one)


# -- the clock --


def test_what_is_late_is_first_on_the_desk_and_filtered_in_the_list(client, settings):
    settings.ENQUIRY_ANSWER_DAYS = 5
    with on(-30):
        late = make_enquiry()
        answered = make_enquiry()
    fresh = make_enquiry()
    officer = sign_in(client, "editor")
    workflow.answer(answered, by=officer, text="好")
    home = client.get("/admin/").content.decode()
    assert "来信已逾期" in home
    assert "来信待答复" in home
    page = client.get(LIST, {"late": "yes"}).content.decode()
    assert late.number in page
    assert fresh.number not in page
    assert answered.number not in page
    assert "已逾期" in read(client, late)
    assert "已逾期" not in read(client, fresh)


def test_the_limit_is_a_setting_and_the_calendar_is_asked_when_it_is_read(client, settings):
    settings.ENQUIRY_ANSWER_DAYS = 3
    enquiry = make_enquiry()
    sign_in(client, "editor")
    before = read(client, enquiry)
    for number in range(1, 12):
        day = enquiry.received_on + datetime.timedelta(days=number)
        CalendarDay.objects.create(day=day, reason="放假")
    assert read(client, enquiry) != before


# -- personal data --


def test_the_contact_is_masked_until_asked_for_and_every_view_is_recorded(client):
    enquiry = make_enquiry()
    officer = sign_in(client, "editor")
    masked = read(client, enquiry)
    assert "陈**" in masked
    assert "138****5678" in masked
    assert "c***@example.com" in masked
    assert "13812345678" not in masked
    assert client.get(page_of(enquiry, "contact")).status_code == 405
    shown = client.post(page_of(enquiry, "contact"))
    assert "13812345678" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    steps = AuditEvent.objects.filter(actor_id=officer.pk).order_by("id").values_list("step", "target_name")
    assert list(steps) == [("enquiry.viewed", enquiry.number), ("enquiry.contact_viewed", enquiry.number)]


def test_whoever_only_reads_never_sees_the_contact(client):
    enquiry = make_enquiry()
    sign_in(client, "auditor")
    assert "显示完整联系方式" not in read(client, enquiry)
    assert client.post(page_of(enquiry, "contact")).status_code == 403


def test_pictures_are_shown_inside_to_those_in_scope_and_each_view_is_recorded(client):
    enquiry, _word = received(client, pictures=[upload(photo())])
    shot = enquiry.photos.get()
    address = page_of(enquiry, f"photo/{shot.pk}/480")
    sign_in(client, "editor")
    response = client.get(address)
    assert response["Content-Type"] == "image/webp"
    assert "no-store" in response["Cache-Control"]
    assert "sandbox" in response["Content-Security-Policy"]
    assert AuditEvent.objects.filter(step="enquiry.photo_viewed").count() == 1
    assert client.get(page_of(enquiry, f"photo/{shot.pk}/481")).status_code == 404
    other = make_enquiry()
    assert client.get(page_of(other, f"photo/{shot.pk}/480")).status_code == 404
    sign_in(client, "support")
    assert client.get(address).status_code == 404


def test_nobody_adds_edits_or_deletes_an_enquiry(client):
    enquiry = make_enquiry()
    sign_in(client, "editor")
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(page_of(enquiry), {"text": "别的"}).status_code == 403
    assert client.post(page_of(enquiry, "delete"), {"post": "yes"}).status_code == 403
    assert Enquiry.objects.get().text == enquiry.text
