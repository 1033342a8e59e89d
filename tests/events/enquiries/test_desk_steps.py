"""Steps of an enquiry at the desk: recorded, refused in words, never a GET."""

import pytest

from events.enquiries import workflow
from portal.core.audit.models import AuditEvent
from portal.core.editions.models import Edition
from portal.core.workflow import NotAllowed
from tests.make import make_division, make_user

from .desk import LIST, page_of, sign_in
from .letters import make_enquiry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def places():
    make_division("330000", "浙江省")
    make_division("350000", "福建省")


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
