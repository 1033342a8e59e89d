"""The page of a record of the registers at the desk: its whole picture, for who may see it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.publication.publishing import workflow
from portal.core.audit.changes import save_working
from tests.make import (
    enter,
    make_batch,
    make_certificate,
    make_division,
    make_enterprise,
    make_product,
    make_user,
    publish_products,
)

from .desk_registers import CERTIFICATES, ENTERPRISES, PRODUCTS

pytestmark = pytest.mark.django_db


def test_a_record_shows_its_whole_picture(client, editor, public):
    page = client.get(f"{ENTERPRISES}{public.enterprise_id}/change/").content.decode()
    assert f'href="/enterprises/{public.enterprise.uscc}/"' in page
    assert "已列入" in page
    assert public.name in page
    assert public.certificate.number in page
    assert str(public.lines.get().batch) in page
    assert re.search(r"第\d+版公布：列入", page)
    product = client.get(f"{PRODUCTS}{public.pk}/change/").content.decode()
    assert public.enterprise.name in product
    certificate = client.get(f"{CERTIFICATES}{public.certificate_id}/change/").content.decode()
    assert f"{PRODUCTS}{public.pk}/change/" in certificate


def test_a_record_is_put_into_a_batch_from_its_page(client, editor, public):
    enterprise = public.enterprise
    enterprise.phone = "0591-12345678"
    save_working(enterprise, by=editor)
    page = client.get(f"{ENTERPRISES}{enterprise.pk}/change/").content.decode()
    choice = re.search(r'name="draft"[^>]*><option value="([^"]+)"', page)[1]
    posted = {
        "action": "put_into_batch",
        "index": "0",
        "_selected_action": str(enterprise.pk),
        "draft": choice,
    }
    assert client.post(ENTERPRISES, posted).status_code == 302
    after = client.get(f"{ENTERPRISES}{enterprise.pk}/change/").content.decode()
    assert "编制中" in after.partition('id="differing"')[2].partition("</section>")[0]


def test_a_record_asks_as_much_with_many_products_as_with_one(client, public):
    def asked() -> int:
        client.get(f"{ENTERPRISES}{public.enterprise_id}/change/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{ENTERPRISES}{public.enterprise_id}/change/")
        return len(queries)

    few = asked()
    publish_products(*(make_product(enterprise=public.enterprise) for _ in range(12)))
    assert asked() == few <= 50


def test_a_record_tells_nothing_of_what_another_office_has_not_published(client):
    guangdong = make_division("440000", "广东省")
    certificate = make_certificate()
    own = make_product(certificate=certificate, name="福建的卷材")
    make_product(certificate=certificate, name="广东的卷材", enterprise=make_enterprise(division=guangdong))
    batch = enter(make_batch(title="示例未公布的国家批次"), own)
    batch = workflow.submit(batch, by=batch.created_by)
    pages = (f"{CERTIFICATES}{certificate.pk}/", f"{PRODUCTS}{own.pk}/", f"{ENTERPRISES}{own.enterprise_id}/")

    def shown() -> list[str]:
        return [client.get(f"{address}change/").content.decode() for address in pages]

    client.force_login(make_user("pilot_officer:350000"))
    for page in shown():
        assert "福建的卷材" in page
        assert "示例未公布的国家批次" not in page
        assert "广东的卷材" not in page
    client.force_login(make_user("editor"))
    assert all("示例未公布的国家批次" in page for page in shown())
    batch = workflow.approve(batch, by=make_user("reviewer"), digest=batch.digest)
    workflow.publish(batch, by=make_user("publisher"))
    client.force_login(make_user("pilot_officer:350000"))
    for page in shown():
        assert f'<a href="/batches/{batch.slug}/">示例未公布的国家批次' in page
        assert f"/admin/publication/batch/{batch.pk}/" not in page


@pytest.mark.parametrize(("role", "is_told"), [("editor", False), ("auditor", True)])
def test_who_looked_at_a_contact_is_told_to_readers_of_the_trail_alone(client, editor, public, role, is_told):
    enterprise = public.enterprise
    enterprise.contact_phone = "13800001234"
    save_working(enterprise, by=editor)
    assert client.post(f"{ENTERPRISES}{enterprise.pk}/reveal/").status_code == 200
    client.force_login(make_user(role))
    page = client.get(f"{ENTERPRISES}{enterprise.pk}/change/").content.decode()
    assert ("查看联系方式" in page.partition('id="log"')[2]) is is_told
