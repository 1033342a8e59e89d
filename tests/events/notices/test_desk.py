"""A notice on the desk: written, previewed, seen by whom."""

import re

import pytest

from events.notices import workflow
from events.notices.models import Notice, NoticeVersion
from portal.core.desk.version_files import fingerprint
from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.files.models import StoredFile
from portal.core.pages import cache
from tests.make import make_division, make_user
from tests.portal.core.files.uploads import pdf, photo

from .desk import LIST, page, send, step
from .make import draft, form_of, published, upload

pytestmark = pytest.mark.django_db


# -- writing ----------------------------------------------------------------------------------------------------
def test_a_draft_is_saved_with_what_it_has_and_nobody_outside_sees_it(client, editor):
    client.force_login(editor)
    version, _ = send(client, title="一篇新闻", kind="", dated_on="", source="", body="第一段\n\n第二段")
    assert version.body == "<p>第一段</p><p>第二段</p>"
    assert (version.state, version.created_by, version.key) == (
        "draft",
        editor,
        f"notice/{version.notice_id}",
    )
    assert Edition.objects.count() == 0
    client.logout()
    page(client, f"/notices/{version.notice_id}/", 404)


@pytest.mark.parametrize(
    ("role", "reads", "adds"),
    [("editor", 200, 200), ("reviewer", 200, 403), ("administrator", 403, 403), ("support", 403, 403)],
)
def test_who_may_read_and_who_may_write(client, role, reads, adds):
    client.force_login(make_user(role))
    assert client.get(LIST).status_code == reads
    assert client.get(f"{LIST}add/").status_code == adds
    assert client.post(f"{LIST}add/", form_of()).status_code == (302 if adds == 200 else 403)


def test_two_who_write_at_once_do_not_overwrite_each_other(client, editor):
    version = draft(editor)
    seen = fingerprint(version)
    client.force_login(editor)
    send(client, version, title="先存的", seen=seen)
    version.refresh_from_db()
    _, html = send(client, version, status=200, title="后存的", seen=seen)
    assert "被别人改过" in html
    assert NoticeVersion.objects.get().title == "先存的"


def test_whoever_reviews_reads_words_and_no_markup(client, editor):
    version = workflow.submit(
        draft(editor, body="<p>第一段</p><ul><li>一项</li></ul>"), by=editor, reason="测试"
    )
    client.force_login(make_user("reviewer"))
    html = page(client, f"{LIST}{version.pk}/change/")
    assert "<li>一项</li>" in html.partition("公众会读到的页面")[2]
    assert "&lt;p&gt;" not in html


def test_a_region_is_typed_by_name_and_an_unknown_one_is_told(client, editor):
    make_division("350000", "福建省")
    client.force_login(editor)
    version, _ = send(client, regions="福建省、350000")
    assert version.regions == ["350000"]
    _, html = send(client, status=200, regions="福建县")
    assert "没有「福建县」这个行政区划" in html


def test_the_preview_shows_what_the_public_will_read_with_its_files(client, editor):
    client.force_login(editor)
    version, _ = send(
        client, title="预览的标题", **{"pictures-0-file": upload(photo(), "a.jpg"), "pictures-0-alt": "会场"}
    )
    html = page(client, f"{LIST}{version.pk}/preview/")
    assert "公众看不到这一页" in html
    assert "<h1>预览的标题</h1>" in html
    address = re.search(r'<img src="([^"]+)"', html)[1]
    assert address.startswith("/admin/draft-file/")
    assert client.get(address)["Content-Type"] == "image/webp"
    client.force_login(make_user("administrator"))
    assert client.get(address).status_code == 403
    page(client, f"{LIST}{version.pk}/preview/", 404)
    client.logout()
    assert client.get(address).status_code == 302


def test_an_address_of_a_draft_file_that_was_made_up_is_not_found(client, editor):
    client.force_login(editor)
    page(client, "/admin/draft-file/made:up/", 404)


# -- regions ---------------------------------------------------------------------------------------------------------
def test_a_pilot_officer_works_on_the_own_region_and_no_other(client, editor):
    make_division("350000", "福建省")
    officer = make_user("pilot_officer:350000")
    client.force_login(officer)
    version, _ = send(client, title="福建的通知")
    assert version.notice.division == "350000"
    national = draft(editor, title="全国的通知")
    elsewhere = draft(editor, Notice.objects.create(division="360000"))
    listed = page(client, LIST)
    assert "福建的通知" in listed
    assert "全国的通知" not in listed
    for other in (national, elsewhere):
        page(client, f"{LIST}{other.pk}/change/", 404)
        assert client.post(f"{LIST}{other.pk}/submit/").status_code == 404
    second = make_user("pilot_officer:350000")
    workflow.publish(workflow.submit(version, by=officer), by=second)
    assert "福建的通知" in page(client, "/notices/")


# -- saving changes nothing outside ------------------------------------------------------------------------------------
PUBLIC = (
    "/",
    "/notices/",
    "/notices/?q=消息",
    "/notices/?kind=news",
    "/notices/feed.atom",
    "/notices/feed/news.atom",
)


def test_saving_a_draft_changes_no_public_byte(client, editor, reviewer):
    first = published(editor, title="公开的消息", dated_on=clock.today())
    addresses = [*PUBLIC, f"/notices/{first.notice_id}/"]
    before = {address: client.get(address).content for address in addresses}
    client.force_login(editor)
    step(client, first, "correct")
    second = NoticeVersion.objects.order_by("-pk").first()
    files = {
        "pictures-0-file": upload(photo(), "a.jpg"),
        "pictures-0-alt": "消息",
        "pictures-0-caption": "消息",
    }
    send(client, second, title="改过的消息", body="<p>消息</p>", change_note="改", **files)
    send(client, title="另一条消息", **{"attachments-0-file": upload(pdf(), "消息.pdf")})
    for version in NoticeVersion.objects.open():
        step(client, version, "submit", reason="x")
    client.logout()
    cache.clear()
    assert {address: client.get(address).content for address in addresses} == before
    assert Edition.objects.count() == 1
    assert not StoredFile.objects.filter(root="public").exists()
