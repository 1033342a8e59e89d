"""The pages of the batch desk beside its steps: list, draft, public lines, first page."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.publication.models import Batch, ProductLine
from portal.core.audit.models import AuditEvent
from portal.core.editions import clock
from tests.make import (
    enter,
    make_batch,
    make_campaign,
    make_division,
    make_product,
    make_user,
    publish_products,
)

from .desk import at, page_of

pytestmark = pytest.mark.django_db


LIST = "/admin/publication/batch/"


def head(**changes):
    return {"title": "标题", "basis": "", "notice_days": "7", "notice_waiver": ""} | changes


# -- list and draft --


def test_the_list_shows_state_publisher_kind_and_counts_with_a_constant_number_of_questions(client, editor):
    publish_products(make_product())
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        page = client.get(LIST).content.decode()
    assert "已公布" in page
    assert "产品 1，企业 1，证书 1" in page
    for ordinal in range(2, 6):
        publish_products(make_product(), ordinal=ordinal)
    enter(make_batch(kind="adjustment"), make_product())
    with CaptureQueriesContext(connection) as many:
        page = client.get(LIST).content.decode()
    assert "2 项条目" in page
    assert len(many) == len(one)


def test_filters_of_the_list_leave_others_out(client, editor):
    publish_products(make_product())
    make_batch(kind="adjustment", ordinal=7)
    page = client.get(LIST, {"state__exact": "draft", "kind__exact": "", "publisher": "national"})
    assert f"{clock.today().year}-t7" in page.content.decode()
    assert f"{clock.today().year}-1<" not in page.content.decode()


def test_the_list_of_batches_is_filtered_by_what_they_wait_for_and_tells_what_it_does_not_know(
    client, editor
):
    make_division("350000", "福建省")
    draft, local = make_batch(ordinal=7), make_batch(ordinal=8, publisher="350000")
    over, running = make_batch(ordinal=9, kind="adjustment"), make_batch(ordinal=9, kind="erratum")
    Batch.objects.filter(pk=over.pk).update(
        state="in_notice", notice_until=clock.today() - datetime.timedelta(1)
    )
    Batch.objects.filter(pk=running.pk).update(state="in_notice", notice_until=clock.today())
    for query, inside in (
        ({"waits": "publication"}, {over}),
        ({"waits": "running"}, {running}),
        ({"publisher": "350000"}, {local}),
        ({"campaign": draft.campaign.slug, "state__exact": "draft"}, {draft, local}),
    ):
        page = client.get(LIST, query).content.decode()
        assert {one for one in (draft, local, over, running) if f">{one.slug}<" in page} == inside
    answer = client.get(LIST, {"publisher": "999999"})
    assert (answer.status_code, "没有「999999」这个值" in answer.content.decode()) == (400, True)
    assert client.get("/admin/export/publication/batch/", {"waits": "publication"}).status_code == 200


def test_a_batch_opens_from_a_list_that_was_filtered(client, editor):
    make_batch(editor)
    page = client.get(LIST, {"state__exact": "draft"}).content.decode()
    href = re.search(rf'href="({LIST}\d+/change/[^"]*)"', page)
    assert href is not None
    assert client.get(href[1]).status_code == 200


def test_a_draft_is_opened_with_the_next_number_and_its_head_written(client, editor):
    campaign = make_campaign()
    make_batch(ordinal=3, by=editor, kind="erratum")
    answer = client.post(f"{LIST}add/", {"publisher": "national", "kind": "batch", "campaign": campaign.pk})
    batch = Batch.objects.get(kind="batch")
    assert answer["Location"] == at("head", batch.pk)
    assert batch.slug == f"{clock.today().year}-1"
    client.post(at("head", batch.pk), head(title="第一批　清单", basis="示例文"))
    batch.refresh_from_db()
    assert (batch.title, batch.basis) == ("第一批 清单", "示例文")
    assert AuditEvent.objects.get(step="batch.head_changed").details["before"]["basis"] == ""


def test_a_second_draft_of_one_kind_is_refused_in_words(client, editor):
    batch = make_batch(by=editor)
    answer = client.post(
        f"{LIST}add/", {"publisher": "national", "kind": "batch", "campaign": batch.campaign_id}
    )
    assert answer.status_code == 409
    assert batch.slug in answer.content.decode()


def test_no_notice_needs_its_written_basis(client, editor):
    batch = make_batch(by=editor)
    page = client.post(at("head", batch.pk), head(notice_days="0")).content.decode()
    assert "请写明文件和理由" in page
    client.post(at("head", batch.pk), head(notice_days="0", notice_waiver="推进组〔示例〕2号"))
    batch.refresh_from_db()
    assert (batch.notice_days, batch.notice_waiver) == (0, "推进组〔示例〕2号")


def test_the_head_of_a_submitted_batch_stays(client, editor):
    from catalog.publication.publishing import workflow

    batch = workflow.submit(enter(make_batch(by=editor), make_product()), by=editor)
    answer = client.post(at("head", batch.pk), head(title="偷改的标题"))
    assert answer.status_code == 409
    batch.refresh_from_db()
    assert batch.title != "偷改的标题"


@pytest.mark.parametrize(
    ("role", "reads", "compiles"),
    [("editor", 200, 200), ("reviewer", 200, 403), ("auditor", 200, 403), ("administrator", 403, 403)],
)
def test_who_reads_and_who_compiles(client, role, reads, compiles):
    batch = make_batch()
    product = make_product()
    client.force_login(make_user(role))
    assert client.get(LIST).status_code == reads
    assert client.get(page_of(batch)).status_code == reads
    for address in (
        f"{LIST}add/",
        at("head", batch.pk),
        at("entries", batch.pk),
        at("act", "product", product.pk),
    ):
        assert client.get(address).status_code == compiles, address
    if compiles == 403:
        for address in (at("entries", batch.pk), at("missing", batch.pk), at("act", "product", product.pk)):
            assert client.post(address, {"all": "1", "sure": "1"}).status_code == 403, address


def test_a_pilot_officer_sees_only_the_own_batches(client):
    make_division()
    own, strange = make_batch(publisher="350000"), make_batch(publisher="370000")
    client.force_login(make_user("pilot_officer:350000"))
    page = client.get(LIST).content.decode()
    assert own.slug in page
    assert strange.slug not in page
    for name in ("change", "head", "entries"):
        assert client.get(at(name, own.pk)).status_code == 200
        assert client.get(at(name, strange.pk)).status_code == 404
    assert client.post(at("missing", strange.pk)).status_code == 404


def test_the_page_of_a_product_links_to_what_the_person_may_do(client, editor):
    product = make_product()
    address = reverse("admin:products_product_change", args=[product.pk])
    page = client.get(address).content.decode()
    assert at("act", "product", product.pk) in page
    assert at("hold", "product", product.pk) not in page
    client.force_login(make_user("publisher"))
    page = client.get(address).content.decode()
    assert at("act", "product", product.pk) not in page
    assert at("hold", "product", product.pk) in page


# -- public lines --


@pytest.mark.parametrize("register", ["productline", "enterpriseline", "certificateline", "hold"])
def test_public_lines_are_read_and_have_no_button(client, register):
    publish_products(make_product())
    client.force_login(make_user("auditor", is_superuser=True))
    address = f"/admin/publication/{register}/"
    assert client.get(address).status_code == 200
    assert client.get(f"{address}add/").status_code == 403
    assert client.post(f"{address}add/", {}).status_code == 403


def test_a_public_line_opens_and_is_neither_edited_nor_deleted(client):
    publish_products(make_product())
    line = ProductLine.objects.get()
    client.force_login(make_user("auditor", is_superuser=True))
    address = f"/admin/publication/productline/{line.pk}/"
    page = client.get(f"{address}change/").content.decode()
    assert line.digest in page
    assert "保存" not in page
    assert client.post(f"{address}change/", {"name": "改写"}).status_code == 403
    assert client.post(f"{address}delete/", {"post": "yes"}).status_code == 403
    assert ProductLine.objects.get().name == line.name


def test_frozen_lines_of_elsewhere_stay_hidden_until_they_are_public(client):
    from catalog.publication.publishing import workflow

    make_division()
    batch = workflow.submit(enter(make_batch(), make_product()), by=make_user("editor"))
    line = ProductLine.objects.get()
    client.force_login(make_user("pilot_officer:350000"))
    assert line.name not in client.get("/admin/publication/productline/").content.decode()
    batch = workflow.approve(batch, by=make_user("reviewer"))
    workflow.publish(batch, by=make_user("publisher"))
    assert line.name in client.get("/admin/publication/productline/").content.decode()


# -- the first page --


def test_the_first_page_says_what_waits_for_whom(client):
    from catalog.publication.publishing import workflow

    editor, reviewer = make_user("editor"), make_user("reviewer")
    batch = enter(make_batch(by=editor), make_product())
    client.force_login(editor)
    assert "编制中" in client.get("/admin/").content.decode()
    client.force_login(reviewer)
    assert "没有等您处理的事" in client.get("/admin/").content.decode()
    workflow.submit(batch, by=editor)
    page = client.get("/admin/").content.decode()
    assert "待您批准" in page
    assert page_of(batch) in page
    client.force_login(editor)
    assert "待您批准" not in client.get("/admin/").content.decode()


@pytest.mark.parametrize(("notice_days", "words"), [(7, "可以开始公示"), (0, "可以公布")])
def test_a_publisher_sees_what_comes_next_and_when_a_notice_ends(client, notice_days, words):
    from catalog.publication.publishing import workflow

    waiver = "" if notice_days else "推进组〔示例〕1号"
    batch = enter(make_batch(notice_days=notice_days, notice_waiver=waiver), make_product())
    batch = workflow.submit(batch, by=batch.created_by)
    batch = workflow.approve(batch, by=make_user("reviewer"))
    client.force_login(make_user("publisher"))
    assert words in client.get("/admin/").content.decode()
    if notice_days:
        workflow.open_notice(batch, by=make_user("publisher"))
        page = client.get("/admin/").content.decode()
        assert "公示中" in page
        assert "最早 7 天后截止" in page
        assert words not in page
