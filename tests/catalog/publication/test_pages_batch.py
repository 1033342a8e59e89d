"""Batches as the public reads them: in notice at once, published for ever, and provable."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from django.core.management import call_command

from catalog.publication.models import Batch, ProductLine
from catalog.publication.publishing import workflow
from portal.core.editions.digest import canonical, chain_head, field_hash, row_digest, tree_root
from portal.core.editions.models import Edition
from tests.catalog.publication.stories import (
    act,
    announce,
    change,
    change_certificate,
    cost_of,
    newest,
    on,
    text_of,
)
from tests.make import enter, make_batch, make_product, make_user, publish_products

pytestmark = pytest.mark.django_db


def read(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return text_of(response)


def test_a_batch_in_notice_is_public_at_once_with_last_day_and_how_to_object(client, settings):
    settings.OBJECTION_CONTACT = "推进组办公室 000-00000000"
    batch = announce(make_product(name="公示中的卷材"), days=7)
    page = read(client, f"/batches/{batch.slug}/")
    for words in ("公示中", "公示中的卷材", "有异议，请提出", "还有 7 天", "推进组办公室 000-00000000"):
        assert words in page
    assert f"{batch.notice_until.month}月{batch.notice_until.day}日" in page
    assert batch.slug in read(client, "/batches/")


def test_the_lines_of_a_batch_in_notice_are_nowhere_else(client):
    product = make_product(name="公示中的卷材")
    announce(product)
    publish_products(make_product(name="别的"))
    line = ProductLine.objects.get(name="公示中的卷材")
    for address in ("/", "/products/?validity=all", "/enterprises/?validity=all"):
        assert "公示中的卷材" not in read(client, address)
    assert "公示中的卷材" not in b"".join(client.get("/products/export.csv?validity=all")).decode()
    assert client.get(f"/products/{line.number}/").status_code == 404
    assert client.get(f"/enterprises/{product.enterprise.uscc}/").status_code == 404


def test_the_last_day_of_notice_counts_and_then_it_is_over(client):
    batch = announce(make_product(), days=2)
    with on(2):
        assert "今天是最后一天" in read(client, f"/batches/{batch.slug}/")
    with on(3):
        page = read(client, f"/batches/{batch.slug}/")
        assert "公示期满，待公布" in page
        assert "有异议，请提出" not in page


def test_an_announced_batch_is_published_and_its_past_stays(client):
    batch = announce(make_product(name="先公示的"), days=2)
    then = newest()
    with on(3):
        workflow.publish(batch, by=make_user("publisher"))
        page = read(client, f"/batches/{batch.slug}/")
        assert "已公布" in page
        assert "先公示的" in read(client, "/products/")
        assert "公示中" in read(client, f"/batches/{batch.slug}/?edition={then}")


def test_a_stopped_notice_stays_readable_with_the_reason(client):
    batch = announce(make_product(name="被终止的"))
    workflow.stop_notice(batch, by=make_user("publisher"), reason="收到属实的异议")
    page = read(client, f"/batches/{batch.slug}/")
    for words in ("已取消", "收到属实的异议", "被终止的"):
        assert words in page


@pytest.mark.parametrize("state", ["draft", "submitted", "approved"])
def test_a_batch_that_nobody_outside_has_seen_is_not_public(client, state):
    batch = make_batch()
    if state != "draft":
        batch = workflow.submit(enter(batch, make_product()), by=batch.created_by)
    if state == "approved":
        batch = workflow.approve(batch, by=make_user("reviewer"))
    response = client.get(f"/batches/{batch.slug}/")
    assert response.status_code == 404
    assert "没有公布过" in text_of(response)
    assert batch.title not in read(client, "/batches/")


def test_before_it_was_announced_the_page_says_so(client):
    publish_products()
    first = newest()
    batch = publish_products()
    page = read(client, f"/batches/{batch.slug}/?edition={first}")
    assert "当时尚未公布" in page
    assert batch.slug not in read(client, f"/batches/?edition={first}")


def test_changes_removals_and_corrections_show_what_they_did(client):
    product = make_product(name="一个产品")
    publish_products(product)
    changed = change(product, brand="新牌子")
    page = read(client, f"/batches/{changed.slug}/")
    assert "<del>示例牌</del>" in page
    assert "<ins>新牌子</ins>" in page
    removed = act(product)
    page = read(client, f"/batches/{removed.slug}/")
    assert "移出" in page
    assert "监督检验不合格" in page


def test_registers_and_actions_are_opened_by_links(client):
    product = make_product()
    batch = publish_products(product)
    page = read(client, f"/batches/{batch.slug}/")
    assert product.name in page
    assert f"{product.enterprise.uscc}" in read(client, f"/batches/{batch.slug}/?register=enterprises")
    assert product.certificate.number in read(client, f"/batches/{batch.slug}/?register=certificates")
    assert "1 行" in read(client, f"/batches/{batch.slug}/?action=list")
    assert client.get(f"/batches/{batch.slug}/?action=explode").status_code == 400
    assert client.get(f"/batches/{batch.slug}/?register=nothing").status_code == 400


def test_a_batch_of_certificates_alone_opens_on_them(client):
    product = make_product()
    publish_products(product)
    batch = change_certificate(product.certificate, maker_name="改名后的制造商")
    assert "改名后的制造商" in read(client, f"/batches/{batch.slug}/")


def test_publishers_are_kept_apart_in_the_list(client):
    publish_products()
    local = publish_products(publisher="350000")
    page = read(client, "/batches/?publisher=350000")
    assert local.slug in page
    assert page.count('class="name"') == 1
    assert client.get("/batches/?publisher=nobody").status_code == 400


def test_anyone_can_compute_the_head_of_the_chain_from_what_the_page_gives(client):
    publish_products()
    batch = publish_products(*(make_product() for _ in range(3)))
    edition = Edition.objects.get(batch=batch)
    lines = [
        json.loads(line) for line in b"".join(client.get(f"/batches/{batch.slug}/lines.jsonl")).splitlines()
    ]
    for line in lines:
        for field, value in line["values"].items():
            assert field_hash(field, value, line["salts"][field]) == line["hashes"][field]
        assert row_digest(line["key"], line["hashes"]) == line["digest"]
    root = tree_root(line["digest"] for line in lines)
    page = read(client, f"/batches/{batch.slug}/")
    shown = [re.sub(r"\s", "", found) for found in re.findall(r'<code class="hash">([^<]+)</code>', page)]
    previous, shown_root, head, _fingerprint_of_the_key = shown
    assert (shown_root, head) == (root, edition.head)
    assert chain_head(previous, root, edition.header) == head
    header = re.search(r"本版的头信息：<code>(.*?)</code>", page)[1].replace("&quot;", '"')
    assert hashlib.sha256(bytes.fromhex(previous + root) + header.encode()).hexdigest() == head
    assert header.encode() == canonical(edition.header)


def test_the_page_says_by_number_who_did_what(client):
    batch = publish_products()
    acts = batch.edition.header["acts"][f"batch/{batch.slug}"]
    page = read(client, f"/batches/{batch.slug}/")
    assert all(acts[f"{done}_by"] in page for done in ("created", "submitted", "approved", "published"))
    assert acts["created_by"] != acts["approved_by"]
    assert batch.approved_by.username not in page


def test_a_batch_in_notice_says_who_opened_it_and_nothing_that_came_later(client):
    batch = announce(make_product(), days=2)
    then = newest()
    with on(3):
        batch = workflow.publish(batch, by=make_user("publisher"))
    opened = batch.notice_edition.header["acts"][f"batch/{batch.slug}"]["notice_opened_by"]
    past = read(client, f"/batches/{batch.slug}/?edition={then}")
    assert opened in past
    assert batch.edition.header["acts"][f"batch/{batch.slug}"]["published_by"] not in past


def test_a_batch_of_an_older_header_says_so(client):
    call_command("loaddata", Path(__file__).parent / "data" / "chain_schema_1.json", ignore=True, verbosity=0)
    slug = Batch.objects.filter(state="published").first().slug
    assert "头信息还不写办理人" in read(client, f"/batches/{slug}/")


def test_the_first_edition_is_chained_to_nothing(client):
    batch = publish_products()
    page = read(client, f"/batches/{batch.slug}/")
    assert "00000000 00000000" in page


def test_a_page_costs_the_same_for_one_line_and_for_many(client):
    one = publish_products()
    before = cost_of(client, f"/batches/{one.slug}/")
    many = publish_products(*(make_product() for _ in range(25)))
    # The first edition has none before it to be chained to.
    assert cost_of(client, f"/batches/{many.slug}/") <= before + 1 <= 20
    assert "第 1 至 20 行，共 25 行" in read(client, f"/batches/{many.slug}/")


def test_the_list_costs_the_same_for_one_batch_and_for_many(client):
    publish_products()
    before = cost_of(client, "/batches/")
    for _ in range(4):
        publish_products()
    assert cost_of(client, "/batches/") == before <= 15
