"""What the page of a batch shows: what was frozen, or what a draft would change."""

import io

import openpyxl
import pypdf
import pytest

from catalog.publication.compiling import compile
from catalog.publication.desk import sheets
from catalog.publication.models import LINE_MODELS, Batch, EnterpriseLine
from catalog.publication.publishing import workflow
from tests.make import enter, make_batch, make_enterprise, make_product, make_user, publish, publish_products

from .desk import at, page_of

pytestmark = pytest.mark.django_db


def test_what_is_shown_after_submission_is_what_was_frozen(client):
    product = make_product(name="提交时的名称")
    batch = workflow.submit(enter(make_batch(), product), by=make_user("editor"))
    product.name = "后来的名称"
    product.save()
    client.force_login(make_user("reviewer"))
    page = client.get(page_of(batch)).content.decode()
    assert "提交时的名称" in page
    assert "后来的名称" not in page


def test_a_draft_is_shown_as_a_difference_against_what_is_public(client):
    enterprise = make_enterprise(phone="0591-1")
    publish_products(make_product(enterprise=enterprise))
    enterprise.phone = "0591-2"
    enterprise.save()
    batch = make_batch(kind="adjustment")
    compile.enter_enterprises(batch, [enterprise], by=batch.created_by)
    client.force_login(batch.created_by)
    page = client.get(page_of(batch), {"register": "enterprises"}).content.decode()
    assert "<del>0591-1</del>" in page
    assert "<ins>0591-2</ins>" in page
    assert EnterpriseLine.objects.get().phone == "0591-1"


def test_entries_stand_one_a_row_in_groups_of_what_they_do(client):
    products = [make_product(brand=f"第{place}牌") for place in range(3)]
    publish_products(*products)
    changed, removed = products[:2]
    changed.brand = "新牌"
    changed.save()
    batch = enter(make_batch(kind="adjustment"), changed, make_product(name="示例新来的板"))
    act(batch, removed, "抽查不合格。")
    client.force_login(batch.created_by)
    page = client.get(page_of(batch)).content.decode()
    heads = ["变更 1 项", "列入 2 项", "移出 1 项"]  # listed: a product and its enterprise
    assert [page.index(head) for head in heads] == sorted(page.index(head) for head in heads)
    assert "<del>第0牌</del><ins>新牌</ins>" in page
    assert "质量问题，抽查不合格<" in page
    assert page.count('<tr role="row">') == 1 + 4
    only = client.get(page_of(batch), {"action": "remove"}).content.decode()
    assert removed.name in only
    assert "示例新来的板" not in only
    kinds = client.get(page_of(batch), {"register": "enterprises"}).content.decode()
    assert "示例新来的板</a>" not in kinds


def act(batch, target, reason):
    given = compile.Reason(reason_code="quality", reason=reason)
    compile.act_on(batch, target, "remove", by=batch.created_by, reason=given)


def test_a_row_is_taken_out_on_the_page_of_the_batch(client):
    stays, goes = make_product(name="示例留下的板"), make_product(name="示例拿出的板")
    batch = enter(make_batch(), stays, goes)
    client.force_login(batch.created_by)
    entry = batch.entries.get(product=goes)
    other = batch.entries.get(product=stays)
    sent = {"from": "batch", "only": entry.pk, "entry": [other.pk]}
    answer = client.post(at("entries", batch.pk), sent, follow=True)
    assert answer.redirect_chain == [(page_of(batch), 302)]
    page = answer.content.decode()
    assert "已拿出 1 项" in page
    assert "示例拿出的板" not in page
    assert "示例留下的板" in page


def test_what_a_batch_ended_is_told_of_the_list_before_it(client):
    products = [make_product() for _ in range(4)]
    publish_products(*products)
    batch = make_batch(kind="adjustment")
    act(batch, products[0], "抽查不合格")
    client.force_login(batch.created_by)
    assert (
        "会让 <b>1</b> 行不再在列：国家清单产品 1 行，占现有 4 行的 25.0%"
        in client.get(page_of(batch)).content.decode()
    )
    publish(batch)
    told = client.get(page_of(batch)).content.decode()
    assert "这一批公布时让 <b>1</b> 行不再在列：国家清单产品 1 行，占公布前 4 行的 25.0%" in told
    given_up = make_batch(kind="adjustment", ordinal=2)
    act(given_up, products[1], "抽查不合格")
    given_up = workflow.submit(given_up, by=given_up.created_by)
    workflow.cancel(given_up, by=given_up.created_by, reason="不办了")
    assert "不再在列" not in client.get(page_of(given_up)).content.decode()


def sheet_of(client, batch):
    answer = client.get(at("workbook", batch.pk))
    book = openpyxl.load_workbook(io.BytesIO(answer.getvalue()))
    return list(book["清单"].iter_rows(values_only=True)), dict(book["说明"].iter_rows(values_only=True))


def paper_of(client, batch):
    answer = client.get(at("paper", batch.pk))
    assert answer["Content-Type"] == "application/pdf"
    return [
        " ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages
    ]


def test_the_draft_and_the_frozen_lines_are_circulated(client):
    batch = enter(make_batch(), *(make_product(name=f"示例第{place}种板材") for place in range(60)))
    client.force_login(batch.created_by)
    rows, about = sheet_of(client, batch)
    assert rows[0][:4] == ("行", "动作", "名册", "名称")
    assert len(rows) == 1 + 180
    assert rows[1][1:4] == ("列入", "产品", "示例第0种板材")
    assert "草稿，未冻结" in about["摘要"]
    pages = paper_of(client, batch)
    assert len(pages) > 1
    digest = about["摘要"].rpartition("摘要 ")[2]
    assert all(digest in page for page in pages)
    assert "批准 签字" in pages[-1]
    workflow.submit(batch, by=batch.created_by)
    batch.refresh_from_db()
    rows, about = sheet_of(client, batch)
    grouped = " ".join(batch.digest[place : place + 8] for place in range(0, 64, 8))
    assert about["摘要"] == f"批次摘要 {grouped}"
    assert {row[-1] for row in rows[1:]} == {
        line.digest for model in LINE_MODELS for line in model.objects.all()
    }
    assert all(f"批次摘要 {grouped}" in page for page in paper_of(client, batch))


def test_two_papers_of_a_draft_that_was_changed_are_told_apart(client):
    product = make_product()
    batch = enter(make_batch(), product)
    client.force_login(batch.created_by)
    before = sheet_of(client, batch)[1]["摘要"]
    assert sheet_of(client, batch)[1]["摘要"] == before
    product.brand = "别的牌"
    product.save()
    assert sheet_of(client, batch)[1]["摘要"] != before


def test_what_is_too_long_for_paper_says_so(client, monkeypatch):
    monkeypatch.setattr(sheets, "MOST_ON_PAPER", 1)
    batch = enter(make_batch(), make_product())
    client.force_login(batch.created_by)
    answer = client.get(at("paper", batch.pk), follow=True)
    assert "请导出 XLSX" in answer.content.decode()


def test_an_unknown_register_or_parameter_is_told(client):
    batch = enter(make_batch(), make_product())
    client.force_login(batch.created_by)
    for asked in ({"register": "people"}, {"action": "burn"}, {"colour": "red"}, {"page": "99"}):
        assert client.get(page_of(batch), asked).status_code == 400


def test_a_page_of_lines_asks_as_much_for_many_as_for_one(client, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(make_user("reviewer"))
    small = publish(enter(make_batch(ordinal=1), make_product()))
    client.get(page_of(small))
    with CaptureQueriesContext(connection) as one:
        client.get(page_of(small))
    large = publish(enter(make_batch(ordinal=2), *[make_product() for _ in range(20)]))
    with django_assert_num_queries(len(one)):
        client.get(page_of(large))
    assert large.state == Batch.State.PUBLISHED
