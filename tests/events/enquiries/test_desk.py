"""Enquiries at the desk: who sees and does what, what is recorded, and what is late."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.enquiries import workflow
from events.enquiries.models import Enquiry
from portal.core.audit.models import AuditEvent
from portal.core.editions.models import Edition
from portal.core.workdays.models import CalendarDay
from portal.core.workflow import NotAllowed
from tests.catalog.publication.stories import on
from tests.make import make_division, make_user
from tests.portal.core.files.uploads import photo

from .letters import make_enquiry, received, upload

pytestmark = pytest.mark.django_db
LIST = "/admin/enquiries/enquiry/"


@pytest.fixture(autouse=True)
def places():
    make_division("330000", "浙江省")
    make_division("350000", "福建省")


def sign_in(client, *roles):
    user = make_user(*roles)
    client.force_login(user)
    return user


def page_of(enquiry, part: str = "change") -> str:
    return f"{LIST}{enquiry.pk}/{part}/"


def read(client, enquiry, part: str = "change") -> str:
    response = client.get(page_of(enquiry, part))
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def three():
    """One at each office; 浙江 has officers."""
    make_user("pilot_officer:330000")
    return make_enquiry(place="350000"), make_enquiry(place="330000"), make_enquiry("question")


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


# -- steps --


def test_every_step_is_recorded_and_changes_no_public_byte(client):
    enquiry = make_enquiry(is_proven=False)
    officer = sign_in(client, "editor")
    before = Edition.objects.count()
    for part, words, state in (
        ("accept", {}, "open"),
        ("pass", {"desk": "support:", "reason": "属于技术问题"}, "open"),
        ("answer", {"text": "答复"}, "answered"),
        ("reopen", {"reason": "有新情况"}, "open"),
        ("refuse", {"reason": "与前一件重复"}, "refused"),
    ):
        assert client.post(page_of(enquiry, part), words).status_code == 302, part
        enquiry.refresh_from_db()
        assert enquiry.state == state
    codes = (
        AuditEvent.objects.filter(step__startswith="enquiry.").order_by("id").values_list("step", "actor_id")
    )
    assert list(codes) == [
        ("enquiry.received", None),
        *(
            (f"enquiry.{code}", officer.pk)
            for code in ("accepted", "passed", "answered", "reopened", "refused")
        ),
    ]
    assert [act.kind for act in enquiry.acts.all()] == [
        "received",
        "accepted",
        "passed",
        "answered",
        "reopened",
        "refused",
    ]
    assert Edition.objects.count() == before
    assert enquiry.office == "support"


@pytest.mark.parametrize("part", ["accept", "answer", "pass", "refuse", "reopen", "publish", "contact"])
def test_no_step_is_a_get_and_a_wrong_state_is_refused_in_words(client, part):
    enquiry = make_enquiry()
    sign_in(client, "editor")
    client.get(page_of(enquiry, part))
    enquiry.refresh_from_db()
    assert enquiry.state == "open"
    if part in ("accept", "reopen"):
        response = client.post(page_of(enquiry, part), {"reason": "试"})
        assert response.status_code == 409
        assert "现在的状态是「待答复」" in response.content.decode()


@pytest.mark.parametrize(
    ("part", "words", "sentence"),
    [
        ("answer", {"text": " \u200b\x00"}, "请写下答复"),
        ("answer", {"text": "字" * 5001}, "5000"),
        ("pass", {"desk": "", "reason": "因"}, "请选择转给谁"),
        ("pass", {"desk": "support:", "reason": ""}, "请写明理由"),
        ("pass", {"desk": "working_group:", "reason": "因"}, "选择一个有效的选项"),
        ("pass", {"desk": "pilot:990000", "reason": "因"}, "选择一个有效的选项"),
        ("refuse", {"reason": ""}, "请写明理由"),
    ],
)
def test_a_step_asks_for_what_it_needs(client, part, words, sentence):
    enquiry = make_enquiry()
    sign_in(client, "editor")
    response = client.post(page_of(enquiry, part), words)
    assert response.status_code == 400
    assert sentence in response.content.decode()
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.acts.count()) == ("open", 2)


def test_an_officer_passes_on_what_is_not_his_and_sees_it_no_more(client):
    officer = make_user("pilot_officer:330000")
    enquiry = make_enquiry(place="330000")
    client.force_login(officer)
    words = {"desk": "working_group:", "reason": "属于全国清单"}
    response = client.post(page_of(enquiry, "pass"), words)
    assert response["Location"] == LIST
    assert client.get(page_of(enquiry)).status_code == 404
    enquiry.refresh_from_db()
    assert (enquiry.office, enquiry.office_division) == ("working_group", "")


def test_nothing_is_passed_to_a_region_where_nobody_could_open_it():
    editor, enquiry = make_user("editor"), make_enquiry()
    with pytest.raises(NotAllowed, match="还没有工作人员"):
        workflow.pass_on(enquiry, by=editor, office="pilot", division="350000", reason="试")
    make_user("pilot_officer:350000")
    assert (
        workflow.pass_on(enquiry, by=editor, office="pilot", division="350000", reason="试").office == "pilot"
    )


def test_a_second_answer_to_the_same_letter_is_refused():
    editor, enquiry = make_user("editor"), make_enquiry()
    workflow.answer(enquiry, by=editor, text="一")
    with pytest.raises(NotAllowed):
        workflow.answer(enquiry, by=editor, text="二")
    assert enquiry.acts.filter(kind="answered").count() == 1


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
