"""A notice goes its way on the desk: reviewed by another, corrected, withdrawn."""

import datetime

import pytest
import time_machine

from events.notices import workflow
from events.notices.models import NoticeVersion
from portal.core.audit.models import AuditEvent
from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.editions.verify import chain_faults
from tests.portal.core.files.uploads import pdf

from .desk import LIST, hidden, page, send, step
from .make import draft, form_of, published, upload

pytestmark = pytest.mark.django_db


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


def test_the_reviewer_reads_the_drawn_page_with_its_changes_marked(client, editor, reviewer):
    first = published(editor, body="<h2>范围</h2><p>每户补贴 100 元。</p>")
    client.force_login(editor)
    step(client, first, "correct")
    second = NoticeVersion.objects.order_by("-pk").first()
    send(client, second, body="<h2>范围</h2><p>每户补贴 120 元。</p>", change_note="改金额")
    second.refresh_from_db()
    workflow.submit(second, by=editor)
    client.force_login(reviewer)
    for address in ("publish", "change"):
        read = page(client, f"{LIST}{second.pk}/{address}/")
        assert "<h2>范围</h2>" in read
        assert "每户补贴 <del>100</del><ins>120</ins> 元。" in read
        assert "&lt;p&gt;" not in read


def test_what_is_scheduled_says_its_day_and_leads_nowhere_before(client, editor, reviewer):
    version = workflow.submit(draft(editor), by=editor)
    day = clock.today() + datetime.timedelta(days=3)
    client.force_login(reviewer)
    answer = client.post(f"{LIST}{version.pk}/publish/", {"publish_on": day.isoformat()}, follow=True)
    told = answer.content.decode()
    words = f"定于 {'' if day.year == clock.today().year else f'{day.year}年'}{day.month}月{day.day}日 公开"
    assert f"：{words}。" in told
    assert "已办理" not in told
    assert "看公众读到的页面" not in told
    assert words in page(client, LIST)
    assert client.get(f"/notices/{version.notice_id}/").status_code == 404
    with time_machine.travel(datetime.datetime.combine(day, datetime.time(9), clock.SHANGHAI)):
        client.force_login(reviewer)
        assert "看公众读到的页面" in page(client, f"{LIST}{version.pk}/change/")
        assert client.get(f"/notices/{version.notice_id}/").status_code == 200


def test_a_step_says_afterwards_what_was_done(client, editor):
    version = draft(editor)
    client.force_login(editor)
    answer = client.post(f"{LIST}{version.pk}/submit/", {}, follow=True)
    assert f"「{version}」：已送审。" in answer.content.decode()
