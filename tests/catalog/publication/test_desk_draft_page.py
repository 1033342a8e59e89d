"""The page of a draft: its entries, each with the line that it would make, at a cost that does not know how many there are."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.publication.compiling import compile
from catalog.publication.compiling.compose import compose
from catalog.publication.compiling.endings import endings_of_draft, endings_of_frozen
from catalog.publication.compiling.line_making import content
from catalog.publication.compiling.part import compose_part
from catalog.publication.desk import batch_views, lines
from catalog.publication.models import Action
from tests.make import (
    enter,
    make_batch,
    make_certificate,
    make_enterprise,
    make_product,
    publish,
    publish_products,
)

from .desk import address, page_of

pytestmark = pytest.mark.django_db

GIVEN = compile.Reason(reason_code="quality", reason="抽查不合格")


def rows_of(page: str) -> list[str]:
    """What each row of the table says, without marks."""
    body = page.partition('<table role="table" class="d-rows d-two">')[2].partition("</table>")[0]
    return [
        " ".join(re.sub("<[^>]+>", " ", row).split()) for row in re.split('<tr role="row"[^>]*>', body)[2:]
    ]


def shown(client, batch, **asked) -> str:
    client.force_login(batch.created_by)
    return client.get(page_of(batch), asked).content.decode()


def renamed(enterprise):
    enterprise.name = "示例改名后的建材有限公司"
    enterprise.save()
    return enterprise


def a_draft_of_everything():
    """All that entries can come to: new, changed, unchanged, hindered, ended, and what others rest on."""
    maker, other = make_enterprise(), make_enterprise()
    kept, changed, removed = (make_product(enterprise=maker) for _ in range(3))
    local = make_product(enterprise=other)
    publish_products(kept, changed, removed)
    publish_products(local, publisher="350000")
    changed.brand = "新牌"
    changed.save()
    changed.certificate.valid_until = changed.certificate.valid_until.replace(month=1, day=15)
    changed.certificate.save()
    batch = make_batch(kind="adjustment")
    compile.enter_enterprises(batch, [renamed(maker), other], by=batch.created_by)
    enter(batch, kept, changed, make_product())
    compile.enter_certificates(batch, [kept.certificate, make_certificate()], by=batch.created_by)
    orphan = make_product()
    compile.enter_products(batch, [orphan], by=batch.created_by)
    for target, action in ((removed, Action.REMOVE), (local.enterprise, Action.SUSPEND)):
        compile.act_on(batch, target, action, by=batch.created_by, reason=GIVEN)
    return batch, orphan


def said(line):
    return type(line).__name__, line.action, content(line)


@pytest.mark.once
def test_a_part_of_a_draft_makes_the_lines_of_the_whole():
    batch, _orphan = a_draft_of_everything()
    whole = compose(batch)
    entries = list(batch.entries.order_by("id"))
    made, unchanged, hindered = [], set(), set()
    for start in range(0, len(entries), 2):
        part = compose_part(batch, entries[start : start + 2]).composition
        made += [said(line) for line in part.lines]
        unchanged |= part.unchanged
        hindered |= set(map(str, part.problems))
    followers = [said(line) for line in whole.lines if line.action == Action.FOLLOW]
    assert not followers  # all that would follow have entries of their own
    assert {str(one) for one in made} == {str(said(line)) for line in whole.lines}
    assert unchanged == whole.unchanged != set()
    assert hindered == set(map(str, whole.problems)) != set()


def test_a_row_tells_what_comes_along_with_it(client):
    maker = make_enterprise()
    goods = [make_product(enterprise=maker) for _ in range(3)]
    publish_products(*goods)
    batch = make_batch(kind="adjustment")
    compile.enter_enterprises(batch, [renamed(maker)], by=batch.created_by)
    new = make_product(name="示例新来的板")
    enter(batch, new)
    certificate = goods[0].certificate
    certificate.star = "2"
    certificate.save()
    compile.enter_certificates(batch, [certificate], by=batch.created_by)
    rows = rows_of(shown(client, batch))
    assert any("改名后" in row and "公开的 3 行随之更新" in row for row in rows)
    assert any("示例新来的板" in row and f"证书 {new.certificate.number} 一并列入" in row for row in rows)
    assert any(certificate.number in row and "公开的 1 行随之更新" in row for row in rows)


def test_an_entry_without_a_line_says_why(client):
    batch, orphan = a_draft_of_everything()
    page = shown(client, batch)
    rows = rows_of(page)
    maker = orphan.enterprise.name
    hindered = next(row for row in rows if orphan.name in row)
    assert f"{maker} 企业「{maker}」不在企业名录中，请把该企业一并放入本批次" in hindered
    assert any("与公开的相同，不会成行" in row for row in rows)
    assert "1 处拦着提交<" in page
    assert "补入缺少的企业" in page
    step = client.get(address(batch, "submit")).content.decode()
    assert "有 1 处要先解决" in step


def test_what_a_draft_ends_is_what_it_has_ended_when_it_is_public():
    batch, orphan = a_draft_of_everything()
    batch.entries.filter(product=orphan).delete()
    before = endings_of_draft(batch)
    assert {(one.publisher, one.register, one.count) for one in before.items} == {
        ("national", "产品", 1),
        ("350000", "产品", 1),
        ("350000", "企业", 1),
    }
    assert endings_of_frozen(publish(batch)).items == before.items


def test_a_page_of_a_draft_costs_the_same_whatever_it_is_a_page_of(client, monkeypatch):
    def whole(_batch):
        raise AssertionError("The page composed the whole draft.")

    monkeypatch.setattr(lines, "compose", whole)
    monkeypatch.setattr(batch_views, "LINES_A_PAGE", 3)
    composed = []

    def part(batch, entries):
        composed.append(len(entries))
        return compose_part(batch, entries)

    monkeypatch.setattr(lines, "compose_part", part)
    batch, costs = make_batch(), []
    for count, page in ((3, "1"), (30, "1"), (0, "9")):
        compile.enter_products(batch, [make_product() for _ in range(count)], by=batch.created_by)
        shown(client, batch, page=page)  # what a process remembers is read
        with CaptureQueriesContext(connection) as queries:
            assert "列入" in shown(client, batch, page=page)
        costs.append(len(queries))
    assert costs == [costs[0]] * 3
    assert composed == [3] * 6
