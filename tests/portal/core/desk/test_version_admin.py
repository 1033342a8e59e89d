"""The desk's pages for versions: a draft is a form, everything after it a step that is taken by pressing."""

import pytest

from events.notices.models import Notice, NoticeVersion
from portal.core.audit.models import AuditEvent
from portal.core.editions.models import Edition
from tests.make import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.portal.core.desk.version_urls")]
ROOT = "/admin/notices/noticeversion/"
WORDS = {
    "kind": "news",
    "title": "示例动态",
    "dated_on": "2026-01-01",
    "dated_precision": "day",
    "body": "正文",
    "source": "推进组",
    "_save": "1",
}


def sign_in(client, *roles):
    user = make_user(*roles)
    client.force_login(user)
    return user


def write(client, **changes) -> NoticeVersion:
    response = client.post(f"{ROOT}add/", WORDS | changes)
    assert response.status_code == 302, response.content.decode()
    return NoticeVersion.objects.latest("pk")


def step(client, version, code, status=302, **values):
    response = client.post(f"{ROOT}{version.pk}/{code}/", values)
    assert response.status_code == status
    version.refresh_from_db()
    return "" if status == 302 else response.content.decode()


def published(client, **changes) -> NoticeVersion:
    sign_in(client, "editor")
    version = write(client, **changes)
    step(client, version, "submit")
    sign_in(client, "reviewer")
    step(client, version, "publish")
    return version


def test_a_draft_is_written_submitted_and_published_by_somebody_else(client):
    editor = sign_in(client, "editor")
    version = write(client)
    assert (version.key, version.created_by, Edition.objects.count()) == (version.notice.key, editor, 0)
    client.post(f"{ROOT}{version.pk}/change/", WORDS | {"title": "改过的标题"})
    step(client, version, "submit")
    assert (version.state, version.title) == ("in_review", "改过的标题")
    assert Edition.objects.count() == 0
    sign_in(client, "reviewer")
    step(client, version, "publish")
    assert version.from_edition_id == 1
    assert "看公众读到的页面" in client.get(f"{ROOT}{version.pk}/change/").content.decode()


def test_what_waits_for_review_or_is_public_is_not_a_form(client):
    version = published(client)
    sign_in(client, "editor")
    assert client.post(f"{ROOT}{version.pk}/change/", WORDS | {"title": "偷改"}).status_code == 403
    version.refresh_from_db()
    assert version.title == "示例动态"
    draft = write(client)
    step(client, draft, "submit")
    assert client.post(f"{ROOT}{draft.pk}/change/", WORDS | {"title": "偷改"}).status_code == 403


def test_the_last_writer_cannot_publish_though_the_first_was_another(client):
    first = sign_in(client, "editor")
    version = write(client)
    second = sign_in(client, "editor", "reviewer")
    client.post(f"{ROOT}{version.pk}/change/", WORDS)
    client.force_login(first)
    step(client, version, "submit")
    client.force_login(second)
    page = client.get(f"{ROOT}{version.pk}/change/").content.decode()
    assert "须由另一人发布" in page
    assert "须由另一人发布" in step(client, version, "publish", 403)
    assert Edition.objects.count() == 0


def test_a_page_of_a_step_changes_nothing_by_being_read(client):
    sign_in(client, "editor")
    version = write(client)
    for code in ("submit", "discard"):
        assert client.get(f"{ROOT}{version.pk}/{code}/").status_code == 200
    version.refresh_from_db()
    assert version.state == "draft"


def test_faults_stop_a_submission_and_a_warning_asks_for_a_reason(client):
    sign_in(client, "editor")
    faulty = write(client, body="")
    assert "缺少正文" in step(client, faulty, "submit", 409)
    praising = write(client, body="最佳产品")
    assert "广告用语" in step(client, praising, "submit", 409)
    step(client, praising, "submit", reason="引用原文")
    assert praising.state == "in_review"
    assert AuditEvent.objects.filter(step="noticeversion.submitted", reason="引用原文").exists()


def test_a_correction_starts_from_what_is_public_and_says_what_it_corrects(client):
    version = published(client)
    sign_in(client, "editor")
    step(client, version, "correct")
    draft = NoticeVersion.objects.latest("pk")
    assert (draft.title, draft.state) == ("示例动态", "draft")
    client.post(f"{ROOT}{draft.pk}/change/", WORDS | {"title": "新标题"})
    assert "请填写更正说明" in step(client, draft, "submit", 409)
    client.post(f"{ROOT}{draft.pk}/change/", WORDS | {"title": "新标题", "change_note": "标题有误"})
    step(client, draft, "submit")
    sign_in(client, "reviewer")
    page = client.get(f"{ROOT}{draft.pk}/publish/").content.decode()
    assert "示例动态" in page
    assert "新标题" in page
    step(client, draft, "publish")
    assert NoticeVersion.objects.current().get().title == "新标题"


def test_one_record_is_corrected_by_one_draft_at_a_time(client):
    version = published(client)
    sign_in(client, "editor")
    step(client, version, "correct")
    step(client, version, "correct", 409)
    assert NoticeVersion.objects.count() == 2


def test_sending_back_and_withdrawing_say_why(client):
    version = published(client)
    step(client, version, "withdraw", 409)
    step(client, version, "withdraw", reason="重复发布")
    assert NoticeVersion.objects.current().get().is_withdrawn
    sign_in(client, "editor")
    draft = write(client)
    step(client, draft, "submit")
    sign_in(client, "reviewer")
    step(client, draft, "send_back", 409)
    step(client, draft, "send_back", reason="错字")
    assert draft.state == "draft"


def test_a_discarded_draft_leaves_its_trace(client):
    sign_in(client, "editor")
    version = write(client)
    step(client, version, "discard", 409)
    client.post(f"{ROOT}{version.pk}/discard/", {"reason": "写错了栏目"})
    assert not NoticeVersion.objects.exists()
    assert AuditEvent.objects.filter(step="noticeversion.discarded", reason="写错了栏目").exists()


def test_a_reason_that_no_database_keeps_is_told_on_the_page(client):
    sign_in(client, "editor")
    version = write(client)
    assert 'id="reason_error"' in step(client, version, "submit", 400, reason="错\x00字")
    assert version.state == "draft"


def test_steps_are_for_those_who_hold_them(client):
    sign_in(client, "editor")
    version = write(client)
    step(client, version, "submit")
    assert client.post(f"{ROOT}{version.pk}/publish/").status_code == 403
    sign_in(client, "auditor")
    assert client.post(f"{ROOT}{version.pk}/publish/").status_code == 403
    assert client.get(f"{ROOT}{version.pk}/change/").status_code == 200
    sign_in(client, "pilot_officer:350000")
    assert client.get(f"{ROOT}{version.pk}/change/").status_code in (403, 404)
    assert client.get(f"{ROOT}{version.pk}/publish/").status_code == 404


def test_the_list_shows_drafts_and_what_is_public_now(client):
    version = published(client)
    sign_in(client, "editor")
    step(client, version, "correct")
    draft = NoticeVersion.objects.latest("pk")
    client.post(f"{ROOT}{draft.pk}/change/", WORDS | {"title": "新标题", "change_note": "标题有误"})
    step(client, draft, "submit")
    sign_in(client, "reviewer")
    assert "待审核" in client.get("/admin/").content.decode()
    step(client, draft, "publish")
    page = client.get(ROOT).content.decode()
    assert "新标题" in page
    assert "示例动态" not in page
    assert Notice.objects.count() == 1
