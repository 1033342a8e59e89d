"""A batch that the public reads finds a drafted notice; the desk says which batch still has none."""

import re
from html import unescape

import pytest
import time_machine

from catalog.publication.publishing import workflow as batch_workflow
from events.notices import batches, workflow
from events.notices.checks import faults
from events.notices.models import BatchWithoutNotice, NoticeVersion
from portal.core.audit.models import AppendOnlyError, AuditEvent
from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.workflow import NotAllowed
from tests.make import enter, make_batch, make_campaign_page, make_product, make_user, publish_products

from .make import draft, form_of, published

pytestmark = pytest.mark.django_db
PAGE = "/admin/notices/noticeversion/batches/"


def in_notice():
    batch = enter(make_batch(notice_days=7), make_product())
    batch = batch_workflow.submit(batch, by=batch.created_by)
    batch = batch_workflow.approve(batch, by=make_user("reviewer"), digest=batch.digest)
    return batch_workflow.open_notice(batch, by=make_user("publisher"))


def page(client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def test_a_batch_in_notice_finds_a_consultation_with_its_period_and_counts(client, editor):
    make_campaign_page()
    batch = in_notice()
    client.force_login(editor)
    html = page(client, f"/admin/notices/noticeversion/add/?batch={batch.slug}")
    body = unescape(re.search(r'<textarea name="body".*?>(.*?)</textarea>', html, re.DOTALL)[1])
    assert f'value="关于{batch.title}的公示"' in html
    assert f'value="{batch.notice_until}"' in html
    assert f'<a href="/batches/{batch.slug}/">' in body
    assert "产品 1 行" in body
    assert "工信厅联原〔2022〕7号" in body


def test_a_published_batch_finds_an_announcement_with_its_files_and_the_links_hold(client, editor):
    batch = publish_products()
    client.force_login(editor)
    values = batches.draft_for(batch)
    version = draft(editor, **values)
    assert f"/products/export.xlsx?batch={batch.slug}&amp;edition={batch.edition_id}" in version.body
    assert (version.kind, version.batches) == ("announcement", [batch.slug])
    assert faults(version) == []


def test_what_is_drafted_is_saved_as_it_was_offered(client, editor):
    batch = publish_products()
    client.force_login(editor)
    values = batches.draft_for(batch)
    sent = form_of(
        **{name: values[name] for name in ("title", "kind", "body", "source", "dated_on")}, batches=batch.slug
    )
    assert client.post("/admin/notices/noticeversion/add/", sent).status_code == 302
    version = NoticeVersion.objects.get()
    assert (version.batches, version.title) == ([batch.slug], values["title"])


def test_the_desk_says_so_until_a_notice_is_published(client, editor, reviewer):
    batch = publish_products()
    client.force_login(editor)
    assert "本批次尚无公告" in page(client, "/admin/")
    assert "起草本批次公告" in page(client, PAGE)
    version = draft(editor, **batches.draft_for(batch))
    assert version.title in page(client, PAGE)
    assert "起草本批次公告" not in page(client, PAGE)
    assert len(batches.unannounced(editor)) == 1
    workflow.publish(workflow.submit(version, by=editor), by=reviewer)
    assert batches.unannounced(editor) == []
    assert "每个公示或公布的批次都有公告" in page(client, PAGE)
    assert "本批次尚无公告</span>" not in page(client, "/admin/")


def test_the_page_of_the_batch_offers_the_draft_until_then(client, editor):
    batch = publish_products()
    client.force_login(editor)
    address = f"/admin/publication/batch/{batch.pk}/change/"
    assert f"/admin/notices/noticeversion/add/?batch={batch.slug}" in page(client, address)
    published(editor, **batches.draft_for(batch))
    assert "noticeversion/add" not in page(client, address)


def test_a_notice_of_another_kind_or_batch_does_not_announce_it(editor):
    batch = publish_products()
    published(editor, kind="news", batches=[batch.slug])
    published(editor, kind="announcement", batches=[])
    assert len(batches.unannounced(editor)) == 1


def test_a_withdrawn_notice_does_not_count_any_more(editor, reviewer):
    batch = publish_products()
    version = published(editor, **batches.draft_for(batch))
    workflow.withdraw(version.notice, by=reviewer, reason="有误")
    assert len(batches.unannounced(editor)) == 1


def test_each_phase_wants_its_own_notice(editor, settings):
    settings.OBJECTION_CONTACT = "010-00000000"
    batch = in_notice()
    published(editor, **batches.draft_for(batch))
    assert batches.unannounced(editor) == []
    with time_machine.travel(clock.end_of(batch.notice_until), tick=False):
        batch_workflow.publish(batch, by=make_user("publisher"))
        assert [row.phase for row in batches.unannounced(editor)] == [BatchWithoutNotice.Phase.PUBLISHED]


def test_none_is_needed_only_with_a_reason_which_is_kept_for_ever(client, editor):
    batch = publish_products()
    client.force_login(editor)
    address = f"/admin/notices/noticeversion/batches/{batch.slug}/dismiss/"
    assert client.get(address).status_code == 405
    for nothing in (" ", "\x00", "\x00 "):
        assert client.post(address, {"reason": nothing}).status_code == 409
    assert client.post(address, {"reason": "与上一批同文公布"}).status_code == 302
    assert batches.unannounced(editor) == []
    event = AuditEvent.objects.get(step="batch.notice_dismissed")
    assert (event.reason, event.actor_id) == ("与上一批同文公布", editor.pk)
    row = BatchWithoutNotice.objects.get()
    with pytest.raises(AppendOnlyError):
        row.delete()
    with pytest.raises(NotAllowed):
        batches.dismiss(batch, by=editor, reason="再来一次")
    assert Edition.objects.count() == 1


def test_only_editors_dismiss_and_only_what_is_public(client, reviewer, editor):
    batch = publish_products()
    client.force_login(reviewer)
    assert (
        client.post(
            f"/admin/notices/noticeversion/batches/{batch.slug}/dismiss/", {"reason": "x"}
        ).status_code
        == 403
    )
    with pytest.raises(NotAllowed):
        batches.dismiss(make_batch(ordinal=9), by=editor, reason="x")


def test_a_pilot_officer_sees_batches_of_the_own_region_alone():
    publish_products()
    assert batches.unannounced(make_user("pilot_officer:350000")) == []


def test_the_public_page_of_a_batch_names_its_notices(client, editor):
    batch = publish_products()
    published(editor, **batches.draft_for(batch))
    html = page(client, f"/batches/{batch.slug}/")
    assert "相关公告" in html
    assert f"关于公布{batch.title}的公告" in html
    assert "相关公告" not in page(client, f"/batches/{batch.slug}/?edition=1")


def test_asking_which_batch_has_none_costs_the_same_for_many(editor, django_assert_num_queries):
    publish_products()
    assert editor.may("content.edit")  # the grants are read once
    with django_assert_num_queries(3):
        assert len(batches.unannounced(editor)) == 1
    for _ in range(3):
        publish_products()
    with django_assert_num_queries(3):
        assert len(batches.unannounced(editor)) == 4
