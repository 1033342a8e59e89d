"""Pictures and attachments of a notice on the desk: taken in, put in order, refused, shown to whom."""

import datetime

import pytest
import time_machine

from events.notices import workflow
from events.notices.models import NoticeVersion
from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.editions.verify import chain_faults
from portal.core.files.folder import path_of
from portal.core.files.models import StoredFile
from portal.core.files.verify import file_faults
from tests.portal.core.files.uploads import drawing, office, pdf, photo

from .desk import LIST, hidden, page, send, step
from .make import upload

pytestmark = pytest.mark.django_db


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
