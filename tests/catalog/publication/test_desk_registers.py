"""The lists of the registers at the desk: filters by what is public, kept filters, export."""

import datetime
import io
import re

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.publication.models import Action, BatchEntry
from portal.core.accounts.models import KeptView
from portal.core.audit.changes import save_working
from portal.core.audit.models import AuditEvent
from portal.core.editions import clock
from tests.catalog.publication.stories import act
from tests.make import (
    make_batch,
    make_category,
    make_certificate,
    make_division,
    make_enterprise,
    make_product,
    make_requirement,
    make_user,
    publish_products,
)

from .desk_registers import CERTIFICATES, ENTERPRISES, PRODUCTS

pytestmark = pytest.mark.django_db


def names(client, address: str, **chosen: str) -> set[str]:
    page = client.get(address, chosen)
    assert page.status_code == 200, page
    return set(re.findall(r'<th role="rowheader"[^>]*><a[^>]*>([^<]+)', page.content.decode()))


# -- what is public, and what differs --
def test_lists_are_filtered_by_what_is_public(client, public):
    make_product(name="新卷材", enterprise=make_enterprise(name="示例新厂"))
    assert names(client, PRODUCTS, public="listed") == {"已公布卷材"}
    assert names(client, PRODUCTS, public="none") == {"新卷材"}
    assert names(client, PRODUCTS, public="removed") == set()
    assert names(client, ENTERPRISES, publisher="national") == {"示例已公布厂"}
    assert names(client, ENTERPRISES, publisher="350000") == set()
    assert names(client, ENTERPRISES, region="350000", public="listed") == {"示例已公布厂"}
    assert names(client, CERTIFICATES, public="public") == {public.certificate.number}


def test_of_two_lists_the_newest_line_says_how_a_row_stands(client, public):
    publish_products(public, publisher="350000", ordinal=1)
    act(public, Action.SUSPEND)
    page = client.get(PRODUCTS).content.decode()
    assert "暂停</" in page
    assert "已列入</" not in page


@pytest.mark.parametrize(
    ("address", "change"),
    [
        (ENTERPRISES, lambda product: (product.enterprise, {"phone": "0591-12345678"})),
        (ENTERPRISES, lambda product: (product.enterprise, {"division": make_division("330000", "浙江省")})),
        (ENTERPRISES, lambda product: (product.enterprise, {"division": None})),
        (PRODUCTS, lambda product: (product, {"brand": "新牌"})),
        (PRODUCTS, lambda product: (product, {"category": make_category("14", "涂料")})),
        (PRODUCTS, lambda product: (product, {"certificate": make_certificate()})),
        (PRODUCTS, lambda product: (product, {"certificate": None, "requirement": make_requirement()})),
        (CERTIFICATES, lambda product: (product.certificate, {"star": "1", "standard": "GB/T 1"})),
        (CERTIFICATES, lambda product: (product.certificate, {"issued_on": None})),
    ],
)
def test_a_row_that_says_something_else_than_the_public_reads_is_listed(
    client, editor, public, address, change
):
    assert names(client, address, pending="changed") == set()
    row, values = change(public)
    for name, value in values.items():
        setattr(row, name, value)
    save_working(row, by=editor)
    assert names(client, address, pending="changed") == {str(row)}
    page = client.get(f"{address}{row.pk}/change/").content.decode()
    assert "<del>" in page.partition('id="differing"')[2].partition("</section>")[0]
    assert f"{editor} 改" in page.partition('id="log"')[2]


def test_what_differs_is_reached_in_all_three_registers_from_each(client, editor):
    lists = [
        f"/admin/{one}/" for one in ("enterprises/enterprise", "products/product", "products/certificate")
    ]
    for own in lists:
        page = client.get(own).content.decode()
        for other in lists:
            href = "?pending=changed" if other == own else f"{other}?pending=changed"
            assert f'href="{href}"' in page


def test_a_new_row_waits_too(client, public):
    make_enterprise(name="示例新厂")
    assert names(client, ENTERPRISES, pending="new") == {"示例新厂"}


def test_an_unknown_value_is_refused(client, editor):
    assert client.get(PRODUCTS, {"pending": "perhaps"}).status_code == 400
    assert client.get(PRODUCTS, {"publisher": "999999"}).status_code == 400


def test_certificates_that_end_soon_are_a_view(client, editor):
    make_certificate(number="SOON-1", valid_until=make_day(10))
    make_certificate(number="LATER-1", valid_until=make_day(400))
    make_product(name="快到期", certificate=make_certificate(number="SOON-2", valid_until=make_day(20)))
    assert names(client, CERTIFICATES, standing="ending") == {"SOON-1", "SOON-2"}
    assert names(client, PRODUCTS, standing="ending") == {"快到期"}
    assert 'href="?standing=ending"' in client.get(CERTIFICATES).content.decode()


def make_day(days: int) -> datetime.date:
    return clock.today() + datetime.timedelta(days=days)


def test_a_list_asks_as_much_for_many_rows_as_for_one(client, public):
    def asked(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    few = [asked(address) for address in (ENTERPRISES, PRODUCTS, CERTIFICATES)]
    publish_products(*(make_product(enterprise=make_enterprise(division=make_division())) for _ in range(12)))
    assert [asked(address) for address in (ENTERPRISES, PRODUCTS, CERTIFICATES)] == few
    assert max(few) <= 24


# -- into a batch --
def test_only_drafts_that_can_take_the_rows_are_offered(client, public):
    make_batch(publisher="330000", title="浙江的批次", ordinal=7)
    make_batch(publisher="350000", title="福建的批次", ordinal=8)
    chosen = {"action": "put_into_batch", "index": "0", "_selected_action": [str(public.enterprise_id)]}
    page = client.post(ENTERPRISES, chosen).content.decode()
    assert "福建的批次" in page
    assert "浙江的批次" not in page
    far = make_enterprise(division=make_division("330000", "浙江省"))
    chosen["_selected_action"].append(str(far.pk))
    both = client.post(ENTERPRISES, chosen).content.decode()
    assert "把 2 项企业放入批次" in both
    assert "福建的批次" not in both
    assert "浙江的批次" not in both
    assert "national:batch" in both
    assert "national:erratum" not in both


def test_an_erratum_corrects_what_is_public_only(client, public):
    alone = make_certificate()
    chosen = {"action": "put_into_batch", "index": "0", "_selected_action": [str(alone.pk)]}
    page = client.post(CERTIFICATES, chosen).content.decode()
    assert "national:batch" in page
    assert "national:erratum" not in page
    chosen["_selected_action"] = [str(public.certificate_id)]
    assert "national:erratum" in client.post(CERTIFICATES, chosen).content.decode()


def test_rows_that_no_draft_can_take_together_are_told(client):
    rows = [make_enterprise(division=make_division()), make_enterprise(division=None)]
    client.force_login(make_user("pilot_officer:350000", "auditor"))
    chosen = {"action": "put_into_batch", "index": "0", "_selected_action": [str(row.pk) for row in rows]}
    page = client.post(ENTERPRISES, chosen).content.decode()
    assert "没有哪一批能收下全部 2 项" in page
    assert 'name="draft"' not in page


def test_a_draft_that_cannot_take_them_is_refused_where_it_is_posted_all_the_same(client, public):
    make_batch(publisher="330000", ordinal=7)
    chosen = {"action": "put_into_batch", "index": "0", "_selected_action": [str(public.enterprise_id)]}
    answer = client.post(ENTERPRISES, {**chosen, "draft": "330000:batch"})
    assert answer.status_code == 200  # asked again, with what can take them
    assert "不在可用的选项中" in answer.content.decode()
    assert not BatchEntry.objects.exclude(batch__state="published").exists()


# -- kept filters --
def keep(client, label: str, query: str = "pending=changed", page: str = "products.product"):
    return client.post("/admin/views/keep/", {"page": page, "query": query, "label": label})


def test_a_kept_filter_is_offered_to_its_owner_alone(client, editor):
    answer = keep(client, "我常看的", "public=listed&p=3")
    assert answer["Location"] == f"{PRODUCTS}?public=listed"
    page = client.get(PRODUCTS, {"public": "listed"}).content.decode()
    assert 'aria-current="true">我常看的' in page
    client.force_login(make_user("editor"))
    assert "我常看的" not in client.get(PRODUCTS).content.decode()
    assert client.post(f"/admin/views/{KeptView.objects.get().pk}/drop/").status_code == 404


def test_a_kept_filter_is_renewed_dropped_and_bounded(client, editor):
    for query in ("public=listed", "public=none"):
        keep(client, "常看", query)
    view = KeptView.objects.get()
    assert view.query == "public=none"
    for number in range(15):
        keep(client, f"第{number}个")
    assert KeptView.objects.count() == 12
    client.post(f"/admin/views/{view.pk}/drop/")
    assert not KeptView.objects.filter(pk=view.pk).exists()


@pytest.mark.parametrize(
    "posted",
    [
        {"page": "products.product", "query": "", "label": "  "},
        {"page": "products.product", "query": "", "label": "长" * 21},
        {"page": "nothing.atall", "query": "", "label": "a"},
        {"page": "x", "query": "", "label": "a"},
        {"page": "sessions.session", "query": "", "label": "a"},
        {},
    ],
)
def test_what_cannot_be_kept_is_refused(client, editor, posted):
    assert client.post("/admin/views/keep/", posted).status_code in (302, 404)
    assert not KeptView.objects.exists()


def test_a_filter_too_long_to_keep_is_told_by_its_right_name(client, editor):
    posted = {"page": "products.product", "query": f"q={'长' * 167}", "label": "视图"}
    answer = client.post("/admin/views/keep/", posted, follow=True)
    assert not KeptView.objects.exists()
    assert "选的条件太长" in answer.content.decode()
    assert "请给它起一个" not in answer.content.decode()


# -- export --
def workbook(answer) -> list[tuple]:
    content = io.BytesIO(b"".join(answer.streaming_content))
    return list(openpyxl.load_workbook(content).worksheets[0].iter_rows(values_only=True))


def test_the_list_is_exported_as_it_is_filtered(client, editor, public):
    make_product(name='=HYPERLINK("http://evil")', enterprise=make_enterprise(name="示例新厂"))
    rows = workbook(client.get("/admin/export/products/product/", {"public": "none"}))
    assert rows[0][:3] == ("产品名称", "清单编号", "企业")
    assert [row[0] for row in rows[1:]] == ['=HYPERLINK("http://evil")']
    cell = openpyxl.load_workbook(
        io.BytesIO(
            b"".join(client.get("/admin/export/products/product/", {"public": "none"}).streaming_content)
        )
    ).worksheets[0]["A2"]
    assert cell.data_type != "f"
    kept = AuditEvent.objects.filter(step="list.exported").first().details
    assert (kept["rows"], kept["filters"]) == (1, "public=none")
    client.get("/admin/export/products/product/", {"public": "none", "q": "张三", "pending": ""})
    kept = AuditEvent.objects.filter(step="list.exported").order_by("-pk").first().details
    assert kept["filters"] == "public=none&q=…", "a typed word may be a name, and the trail is never redacted"


def test_an_export_keeps_to_the_scope_and_the_role(client, public):
    client.force_login(make_user("pilot_officer:330000"))
    assert len(workbook(client.get("/admin/export/enterprises/enterprise/"))) == 1
    client.force_login(make_user("administrator"))
    assert client.get("/admin/export/enterprises/enterprise/").status_code == 403
    assert client.get("/admin/export/nothing/atall/").status_code == 404
    client.force_login(make_user("editor"))
    assert client.get("/admin/export/products/product/", {"pending": "perhaps"}).status_code == 400
