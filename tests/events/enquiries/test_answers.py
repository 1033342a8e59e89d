"""Published answers, figures up to yesterday, and the erasure of what is kept no longer."""

import re

import pytest
from django.core.management import call_command

from events.enquiries import workflow
from events.enquiries.figures import figures
from events.enquiries.models import AnswerVersion, Enquiry
from portal.core.audit.models import AuditEvent
from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.files.folder import path_of
from portal.core.files.models import StoredFile
from portal.core.pages.cache import clear
from tests.catalog.publication.stories import on
from tests.make import make_division, make_user
from tests.portal.core.files.uploads import photo

from .letters import followed, make_enquiry, received, upload

pytestmark = pytest.mark.django_db
ANSWERS = "/admin/enquiries/answerversion/"


@pytest.fixture(autouse=True)
def place():
    make_division("330000", "浙江省")


def text_of(response) -> str:
    return response.content.decode()


def sign_in(client, *roles):
    user = make_user(*roles)
    client.force_login(user)
    return user


def answered(**changes) -> Enquiry:
    enquiry = make_enquiry("question", contact_name="陈大明", contact_phone="13812345678", **changes)
    return workflow.answer(enquiry, by=make_user("editor"), text="一般需要三个月。")


def drafted(client, enquiry) -> AnswerVersion:
    sign_in(client, "editor")
    response = client.post(f"/admin/enquiries/enquiry/{enquiry.pk}/publish/")
    assert response.status_code == 302, text_of(response)
    return AnswerVersion.objects.latest("pk")


def written(client, version, **changes):
    words = {
        "kind": "question",
        "topic": "certification",
        "question": "企业办理认证一般需要多久？",
        "reply": "一般需要三个月。",
        "office": "support",
        "answered_on": clock.today().isoformat(),
        "publish_on": "",
        "change_note": "",
        "_save": "1",
    }
    response = client.post(f"{ANSWERS}{version.pk}/change/", words | changes)
    assert response.status_code == 302, re.findall(r'class="errors.*?</div>', text_of(response), re.DOTALL)


def step(client, version, code, **words):
    return client.post(f"{ANSWERS}{version.pk}/{code}/", words)


def test_an_answer_is_published_without_the_person_by_a_second_one(client):
    version = drafted(client, answered())
    before = Edition.objects.count()
    written(client, version)
    assert step(client, version, "submit").status_code == 302
    assert step(client, version, "publish").status_code == 403
    assert Edition.objects.count() == before
    assert client.get(f"/enquiries/answers/{version.answer_id}/").status_code == 404
    sign_in(client, "reviewer")
    assert step(client, version, "publish").status_code == 302
    assert Edition.objects.count() == before + 1
    client.logout()
    for address in ("/enquiries/answers/", f"/enquiries/answers/{version.answer_id}/", "/enquiries/"):
        page = text_of(client.get(address))
        assert "企业办理认证一般需要多久？" in page
        assert "陈大明" not in page
    detail = text_of(client.get(f"/enquiries/answers/{version.answer_id}/"))
    assert "技术支持机构" in detail
    assert version.answer.enquiry.number not in detail


def test_what_names_the_sender_stops_it_and_what_looks_like_a_number_asks_for_a_reason(client):
    version = drafted(client, answered())
    written(client, version, question="陈大明问：办理要多久？")
    page = text_of(step(client, version, "submit"))
    assert "问答里还有来信人的称呼" in page
    written(client, version, reply="请拨 13912345678 咨询。")
    page = text_of(step(client, version, "submit"))
    assert "13912345678" in page
    assert step(client, version, "submit", reason="这是单位公开的电话").status_code == 302


def test_the_words_of_the_letter_themselves_are_warned_of(client):
    version = drafted(client, answered())
    page = text_of(client.get(f"{ANSWERS}{version.pk}/submit/"))
    assert "还是来信的原话" in page


def test_one_enquiry_has_one_published_answer(client):
    enquiry = answered()
    drafted(client, enquiry)
    response = client.post(f"/admin/enquiries/enquiry/{enquiry.pk}/publish/")
    assert response.status_code == 409
    assert "已有公开答复或草稿" in text_of(response)
    assert client.post(f"/admin/enquiries/enquiry/{make_enquiry().pk}/publish/").status_code == 409


def test_only_who_may_write_begins_one(client):
    enquiry = answered()
    sign_in(client, "support")
    assert client.post(f"/admin/enquiries/enquiry/{enquiry.pk}/publish/").status_code == 403


def test_a_withdrawn_answer_stays_readable_with_its_reason_and_leaves_the_list(client):
    version = drafted(client, answered())
    written(client, version)
    step(client, version, "submit")
    sign_in(client, "reviewer")
    step(client, version, "publish")
    step(client, version, "withdraw", reason="规定已改")
    client.logout()
    page = text_of(client.get(f"/enquiries/answers/{version.answer_id}/"))
    assert "规定已改" in page
    assert "一般需要三个月" in page
    assert "企业办理认证" not in text_of(client.get("/enquiries/answers/"))


def test_the_list_of_answers_is_filtered_by_kind_region_and_year_and_tells_nonsense(client):
    version = drafted(client, answered(place="330000"))
    written(client, version)
    step(client, version, "submit")
    sign_in(client, "reviewer")
    step(client, version, "publish")
    client.logout()
    assert "企业办理认证" in text_of(client.get("/enquiries/answers/?kind=question"))
    assert "企业办理认证" not in text_of(client.get("/enquiries/answers/?kind=complaint"))
    year = version.answered_on.year
    for matching, other in (("region=330000", "region=350000"), (f"year={year}", f"year={year - 1}")):
        assert "企业办理认证" in text_of(client.get(f"/enquiries/answers/?{matching}"))
        assert "企业办理认证" not in text_of(client.get(f"/enquiries/answers/?{other}"))
    assert client.get("/enquiries/answers/?kind=praise").status_code == 400
    before = text_of(client.get("/enquiries/answers/?as_of=2020-01-01"))
    assert "企业办理认证" not in before
    later = client.get(f"/enquiries/answers/{version.answer_id}/?as_of=2020-01-01")
    assert "当时尚未公布" in text_of(later)


# -- figures --


def test_figures_count_accepted_and_answered_ones_up_to_yesterday(client):
    editor = make_user("editor")
    with on(-2):
        first = make_enquiry(place="330000")
        make_enquiry("question")
        make_enquiry(is_proven=False)
    with on(-1):
        workflow.answer(first, by=editor, text="好")
    make_enquiry(place="330000")
    found = figures(clock.today())
    assert [(row.name, row.counts, row.answered) for row in found.rows] == [
        ("浙江省", (0, 1, 0, 0), 1),
        ("未写明地区", (1, 0, 0, 0), 0),
    ]
    assert (found.whole.total, found.whole.answered) == (2, 1)


def test_the_public_figures_do_not_move_within_a_day(client):
    with on(-1):
        make_enquiry(place="330000")
    before = client.get("/enquiries/").content
    workflow.answer(make_enquiry(place="330000"), by=make_user("editor"), text="好")
    client.cookies.clear()
    clear()
    assert client.get("/enquiries/").content == before
    with on(1):
        assert client.get("/enquiries/").content != before


def test_an_answer_given_twice_counts_once():
    editor = make_user("editor")
    with on(-3):
        enquiry = workflow.answer(make_enquiry(), by=editor, text="一")
        enquiry = workflow.reopen(enquiry, by=editor, reason="再看")
        workflow.answer(enquiry, by=editor, text="二")
    assert figures(clock.today()).whole.answered == 1


# -- erasure --


def test_after_its_time_the_person_the_text_and_the_pictures_go_and_the_figures_stay(
    client, settings, django_capture_on_commit_callbacks
):
    settings.ENQUIRY_KEEP_DAYS = 90
    with on(-100):
        enquiry, word = received(client, pictures=[upload(photo())], place="330000")
        workflow.answer(enquiry, by=make_user("editor"), text="陈大明您好")
    files = [path_of("private", digest) for digest in enquiry.photos.get().shown.digests]
    assert all(path.exists() for path in files)
    fresh = workflow.answer(make_enquiry(), by=make_user("editor"), text="好")
    with django_capture_on_commit_callbacks(execute=True):
        call_command("retention", "--apply")
    enquiry.refresh_from_db()
    fresh.refresh_from_db()
    stored = str(Enquiry.objects.filter(pk=enquiry.pk).values()[0]) + str(list(enquiry.acts.values()))
    for words in ("陈大明", "13812345678", "chen@example.com", "卷材"):
        assert words not in stored
    assert fresh.contact_name == "陈大明"
    assert not any(path.exists() for path in files)
    assert StoredFile.objects.filter(erased_at__isnull=False).exists()
    assert figures(clock.today()).whole.answered == 1
    assert AuditEvent.objects.filter(step="enquiry.erased", target_name=enquiry.number).count() == 1
    assert "内容已按保存期限清除" in text_of(followed(client, enquiry.number, word))
    call_command("retention", "--apply")
    assert AuditEvent.objects.filter(step="enquiry.erased").count() == 1


def test_a_picture_that_another_enquiry_shows_too_is_kept(client, settings):
    settings.ENQUIRY_KEEP_DAYS = 90
    content = photo()
    with on(-100):
        old, _word = received(client, pictures=[upload(content)])
        workflow.answer(old, by=make_user("editor"), text="好")
    fresh, _word = received(client, pictures=[upload(content)])
    call_command("retention", "--apply")
    assert not old.photos.exists()
    assert all(path_of("private", digest).exists() for digest in fresh.photos.get().shown.digests)


def test_what_is_still_open_is_kept(client, settings):
    settings.ENQUIRY_KEEP_DAYS = 90
    with on(-400):
        enquiry = make_enquiry()
    call_command("retention", "--apply")
    enquiry.refresh_from_db()
    assert enquiry.contact_name == "陈大明"
