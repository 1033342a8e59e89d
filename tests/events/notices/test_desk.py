"""A notice on the desk: written with pictures and attachments, reviewed by another, corrected, withdrawn."""

import datetime
import re

import pytest
import time_machine

from events.notices import workflow
from events.notices.forms import fingerprint
from events.notices.models import Notice, NoticeVersion
from portal.core.audit.models import AuditEvent
from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.editions.verify import chain_faults
from portal.core.files.models import StoredFile
from portal.core.files.store import path_of
from portal.core.files.verify import file_faults
from portal.core.pages import cache
from tests.make import make_division, make_user
from tests.portal.core.files.uploads import drawing, office, pdf, photo

from .make import draft, form_of, published, upload

pytestmark = pytest.mark.django_db
LIST = "/admin/notices/noticeversion/"


def page(client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def send(client, version: NoticeVersion | None = None, status: int = 302, **fields):
    address = f"{LIST}{version.pk}/change/" if version else f"{LIST}add/"
    response = client.post(address, form_of(version, **fields))
    assert response.status_code == status, re.findall(
        r'class="err".*?<span>(.*?)</span>', response.content.decode()
    )
    return NoticeVersion.objects.order_by("-pk").first(), response.content.decode()


def step(client, version: NoticeVersion, code: str, status: int = 302, **fields):
    response = client.post(f"{LIST}{version.pk}/{code}/", fields)
    assert response.status_code == status
    return response.content.decode()


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, name
    return found[1]


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


def test_a_picture_is_stripped_stored_and_shown_at_its_place(client, editor, reviewer):
    client.force_login(editor)
    version, _ = send(
        client,
        body="前文\n\n[图1]\n\n后文",
        **{
            "pictures-0-file": upload(photo(), "IMG_1234.JPG"),
            "pictures-0-alt": "三座村屋",
            "pictures-0-caption": "启动会会场",
        },
    )
    (picture,) = version.shown_pictures
    assert [size.width for size in picture.sizes] == [480, 960, 1200]
    assert b"SECRET" not in path_of("private", picture.largest.sha256).read_bytes()
    client.logout()
    assert client.get(picture.largest.href).status_code == 404
    version = workflow.submit(version, by=editor)
    version = workflow.publish(version, by=reviewer)
    public = page(client, f"/notices/{version.notice_id}/")
    assert public.index("前文") < public.index('alt="三座村屋"') < public.index("后文")
    assert 'width="1200" height="800"' in public
    assert client.get(picture.largest.href).status_code == 200


def test_a_picture_without_words_is_refused_and_the_upload_is_not_lost(client, editor):
    client.force_login(editor)
    _, html = send(client, status=200, **{"pictures-0-file": upload(photo(), "a.jpg")})
    assert "替代文字" in html
    assert NoticeVersion.objects.count() == 0
    kept = hidden(html, "pictures-0-kept")
    version, _ = send(
        client, **{"pictures-0-kept": kept, "pictures-0-alt": "会场", "pictures-0-caption": "会"}
    )
    assert version.shown_pictures[0].alt == "会场"


def test_a_value_that_somebody_made_up_is_no_picture(client, editor):
    client.force_login(editor)
    version, _ = send(client, **{"pictures-0-kept": "made:up:value", "pictures-0-alt": "x"})
    assert version.pictures == []


def test_pictures_are_put_in_order_described_anew_and_taken_out(client, editor):
    client.force_login(editor)
    version, _ = send(
        client,
        **{
            "pictures-0-file": upload(photo(), "a.jpg"),
            "pictures-0-alt": "甲",
            "pictures-0-place": "2",
            "pictures-1-file": upload(drawing(), "b.png"),
            "pictures-1-alt": "乙",
            "pictures-1-place": "1",
        },
    )
    assert [picture.alt for picture in version.shown_pictures] == ["乙", "甲"]
    html = page(client, f"{LIST}{version.pk}/change/")
    rows = {f"pictures-{at}-kept": hidden(html, f"pictures-{at}-kept") for at in (0, 1)}
    version, _ = send(
        client,
        version,
        **rows,
        **{
            "pictures-INITIAL_FORMS": 2,
            "pictures-TOTAL_FORMS": 4,
            "pictures-0-alt": "乙",
            "pictures-0-DELETE": "on",
            "pictures-1-alt": "甲，重写",
        },
    )
    assert [picture.alt for picture in version.shown_pictures] == ["甲，重写"]


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"<svg onload=alert(1)></svg>", "a.png", "打不开这张图片"),
        (b"", "a.png", "空"),
    ],
)
def test_what_is_no_picture_is_refused_in_its_row(client, editor, content, name, sentence):
    client.force_login(editor)
    _, html = send(client, status=200, **{"pictures-0-file": upload(content, name), "pictures-0-alt": "x"})
    assert sentence in html


def test_attachments_show_type_size_and_checksum_whatever_their_name_says(client, editor, reviewer):
    client.force_login(editor)
    version, _ = send(client, **{"attachments-0-file": upload(office("xlsx"), "实施方案.pdf")})
    (file,) = version.shown_attachments
    assert (file.title, file.kind, file.name) == ("实施方案", "Excel 工作簿", "实施方案.xlsx")
    workflow.publish(workflow.submit(version, by=editor), by=reviewer)
    public = page(client, f"/notices/{version.notice_id}/")
    for words in ("实施方案", "Excel 工作簿", file.size, file.sha256[:8]):
        assert words in public
    response = client.get(file.href)
    assert response["Content-Disposition"].startswith("attachment")
    assert b"".join(response) == path_of("public", file.sha256).read_bytes()


def test_a_scan_needs_its_words_before_review_and_shows_them(client, editor, reviewer):
    client.force_login(editor)
    version, _ = send(client, **{"attachments-0-file": upload(pdf(scan=True), "批复.pdf")})
    html = step(client, version, "submit", 409)
    assert "附件「批复」是扫描件，须附文字稿。" in html
    kept = hidden(page(client, f"{LIST}{version.pk}/change/"), "attachments-0-kept")
    rows = {"attachments-INITIAL_FORMS": 1, "attachments-TOTAL_FORMS": 2, "attachments-0-kept": kept}
    version, _ = send(client, version, **rows, **{"attachments-0-transcript": "同意。［盖章］"})
    step(client, version, "submit")
    version.refresh_from_db()
    workflow.publish(version, by=reviewer)
    public = page(client, f"/notices/{version.notice_id}/")
    assert 'href="#t1"' in public
    assert "同意。［盖章］" in public


def test_a_pdf_that_acts_is_refused_with_a_sentence(client, editor):
    client.force_login(editor)
    _, html = send(client, status=200, **{"attachments-0-file": upload(pdf(script=True), "a.pdf")})
    assert "脚本" in html
    assert StoredFile.objects.count() == 0


def test_two_who_write_at_once_do_not_overwrite_each_other(client, editor):
    version = draft(editor)
    seen = fingerprint(version)
    client.force_login(editor)
    send(client, version, title="先存的", seen=seen)
    version.refresh_from_db()
    _, html = send(client, version, status=200, title="后存的", seen=seen)
    assert "被别人改过" in html
    assert NoticeVersion.objects.get().title == "先存的"


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


# -- the way to the public -----------------------------------------------------------------------------------------
def test_nobody_publishes_the_own_notice_and_another_does(client, editor, reviewer):
    client.force_login(editor)
    version, _ = send(client, title="待审的一篇")
    step(client, version, "submit")
    step(client, version, "publish", 403)
    editor.grants.create(role="reviewer")
    client.force_login(type(editor).objects.get(pk=editor.pk))
    assert "须由另一人发布" in step(client, version, "publish", 403)
    assert Edition.objects.count() == 0
    client.force_login(reviewer)
    step(client, version, "publish")
    assert "待审的一篇" in page(client, "/notices/")
    assert list(chain_faults()) == []


def test_a_step_is_never_a_get(client, editor, reviewer):
    version = workflow.submit(draft(editor), by=editor)
    client.force_login(reviewer)
    html = page(client, f"{LIST}{version.pk}/publish/")
    assert "按公众看到的样子读一遍" in html
    version.refresh_from_db()
    assert version.state == "in_review"


def test_a_word_of_advertising_goes_on_only_with_a_reason_that_is_kept_and_shown(client, editor, reviewer):
    client.force_login(editor)
    version, _ = send(client, body="<p>报道称其为国 家级产品</p>")
    assert "国家级" in step(client, version, "submit", 409)
    step(client, version, "submit", reason="引自某报2022年6月7日的报道")
    event = AuditEvent.objects.get(step="noticeversion.submitted", is_success=True)
    assert event.reason == "引自某报2022年6月7日的报道"
    client.force_login(reviewer)
    assert "引自某报2022年6月7日的报道" in page(client, f"{LIST}{version.pk}/publish/")


def test_what_is_in_review_is_not_written_on(client, editor):
    version = workflow.submit(draft(editor), by=editor)
    client.force_login(editor)
    assert client.post(f"{LIST}{version.pk}/change/", form_of(version, title="偷改")).status_code == 403
    version.refresh_from_db()
    assert version.title != "偷改"


def test_what_was_submitted_anew_is_read_anew(client, editor, reviewer):
    version = workflow.submit(draft(editor), by=editor)
    client.force_login(reviewer)
    read_at = hidden(page(client, f"{LIST}{version.pk}/publish/"), "read_at")
    version = workflow.send_back(version, by=reviewer, reason="错字")
    workflow.submit(version, by=editor)
    assert "重新阅读" in step(client, version, "publish", 409, read_at=read_at)
    assert Edition.objects.count() == 0


def test_a_correction_keeps_the_files_and_says_what_was_corrected(client, editor, reviewer):
    client.force_login(editor)
    version, _ = send(client, **{"attachments-0-file": upload(pdf(), "方案.pdf")})
    first = workflow.publish(workflow.submit(version, by=editor), by=reviewer)
    step(client, first, "correct")
    second = NoticeVersion.objects.order_by("-pk").first()
    assert second.attachments == first.attachments
    html = step(client, second, "submit", 409)
    assert "更正说明" in html
    kept = hidden(page(client, f"{LIST}{second.pk}/change/"), "attachments-0-kept")
    rows = {"attachments-INITIAL_FORMS": 1, "attachments-TOTAL_FORMS": 2, "attachments-0-kept": kept}
    send(client, second, title="更正后的标题", change_note="改标题", **rows)
    step(client, second, "submit")
    second.refresh_from_db()
    workflow.publish(second, by=reviewer)
    public = page(client, f"/notices/{first.notice_id}/")
    assert "更正后的标题" in public
    assert "方案" in public
    assert list(chain_faults()) == []


def test_a_withdrawal_says_beforehand_that_a_column_becomes_empty(client, editor, reviewer):
    version = published(editor)
    client.force_login(reviewer)
    assert "这个栏目就空了" in page(client, f"{LIST}{version.pk}/withdraw/")
    published(editor)
    assert "这个栏目就空了" not in page(client, f"{LIST}{version.pk}/withdraw/")
    step(client, version, "withdraw", reason="重复")
    assert "已撤下" in page(client, f"/notices/{version.notice_id}/")


def test_a_published_picture_cannot_be_swapped(client, editor, reviewer):
    client.force_login(editor)
    version, _ = send(
        client,
        **{"pictures-0-file": upload(photo(), "a.jpg"), "pictures-0-alt": "甲", "pictures-0-caption": "x"},
    )
    version = workflow.publish(workflow.submit(version, by=editor), by=reviewer)
    assert list(chain_faults()) == []
    stored = path_of("public", version.shown_pictures[0].largest.sha256)
    stored.write_bytes(photo(800, 600))
    (fault,) = file_faults()
    assert (fault.kind, fault.records) == ("damaged", (f"notices.noticeversion {version.pk} pictures",))
    stored.unlink()
    assert [fault.kind for fault in file_faults()] == ["missing"]
    version.pictures[0]["sizes"][0]["sha256"] = "0" * 64
    assert version.broken_fields() == ["pictures"]


def test_a_damaged_file_stops_the_publication(editor, reviewer, client):
    client.force_login(editor)
    version, _ = send(client, **{"attachments-0-file": upload(pdf(), "方案.pdf")})
    version = workflow.submit(version, by=editor)
    path_of("private", version.shown_attachments[0].sha256).unlink()
    client.force_login(reviewer)
    assert "已丢失" in page(client, f"{LIST}{version.pk}/publish/")
    step(client, version, "publish", 409)
    assert Edition.objects.count() == 0


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


def test_files_of_a_scheduled_notice_are_given_to_nobody_before_its_day(client, editor, reviewer):
    client.force_login(editor)
    tomorrow = clock.today() + datetime.timedelta(days=1)
    files = {
        "pictures-0-file": upload(photo(), "会场.jpg"),
        "pictures-0-alt": "会场",
        "pictures-0-caption": "会场",
    }
    version, _ = send(client, **files, **{"attachments-0-file": upload(pdf(), "方案.pdf")})
    step(client, version, "submit")
    client.force_login(reviewer)
    step(client, version, "publish", publish_on=str(tomorrow))
    client.logout()
    version.refresh_from_db()
    hrefs = [version.shown_attachments[0].href, *(size.href for size in version.shown_pictures[0].sizes)]
    assert [client.get(href).status_code for href in hrefs] == [404] * len(hrefs)
    with time_machine.travel(clock.end_of(clock.today()), tick=False):
        assert [client.get(href).status_code for href in hrefs] == [200] * len(hrefs)
