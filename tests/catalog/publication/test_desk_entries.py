"""What is put into a draft at the batch desk, and taken out of it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.publication.compiling import compile
from catalog.publication.models import Action, Batch, BatchEntry
from tests.make import enter, make_batch, make_campaign, make_division, make_product, make_user

from .desk import at, page_of

pytestmark = pytest.mark.django_db


# -- entries --


def put(client, address, *rows, **more):
    return client.post(
        address, {"action": "put_into_batch", "_selected_action": [row.pk for row in rows], **more}
    )


def test_products_are_put_into_a_batch_from_their_list_after_asking_which(client, editor):
    products = [make_product() for _ in range(3)]
    make_campaign()
    address = "/admin/products/product/"
    asked = put(client, address, *products[:2], index="0")
    assert "把 2 项产品放入批次" in asked.content.decode()
    assert not BatchEntry.objects.exists()
    put(client, address, *products[:2], draft="national:batch")
    batch = Batch.objects.get()
    assert set(batch.entries.values_list("product", "action")) == {
        (product.pk, Action.LIST) for product in products[:2]
    }
    put(client, address, draft="national:batch", select_across="1")
    assert batch.entries.count() == 3


def test_enterprises_and_certificates_are_put_in_from_their_lists(client, editor):
    product = make_product()
    make_batch(by=editor, kind="adjustment")
    put(client, "/admin/enterprises/enterprise/", product.enterprise, draft="national:adjustment")
    put(client, "/admin/products/certificate/", product.certificate, draft="national:adjustment")
    assert BatchEntry.objects.filter(enterprise=product.enterprise).count() == 1
    assert BatchEntry.objects.filter(certificate=product.certificate).count() == 1


def test_a_reader_has_no_action_to_put_anything_in(client):
    product = make_product()
    client.force_login(make_user("auditor"))
    assert "put_into_batch" not in client.get("/admin/products/product/").content.decode()
    put(client, "/admin/products/product/", product, draft="national:batch")
    assert not BatchEntry.objects.exists()


def test_a_pilot_officer_puts_into_the_own_batches_only(client):
    make_division(), make_campaign()
    product = make_product()
    client.force_login(make_user("pilot_officer:350000"))
    refused = put(client, "/admin/products/product/", product, draft="national:batch")
    assert "选择一个有效的选项" in refused.content.decode()
    put(client, "/admin/products/product/", product, draft="350000:batch")
    assert Batch.objects.get().publisher == "350000"


def test_ticked_entries_are_taken_out_and_all_only_when_sure(client, editor):
    batch = enter(make_batch(by=editor), *[make_product() for _ in range(3)])
    first = batch.entries.filter(product__isnull=False).first()
    client.post(at("entries", batch.pk), {"entry": [first.pk]})
    assert batch.entries.filter(product__isnull=False).count() == 2
    client.post(at("entries", batch.pk), {"all": "1"})
    assert batch.entries.filter(product__isnull=False).count() == 2
    client.post(at("entries", batch.pk), {"all": "1", "sure": "1"})
    assert not batch.entries.filter(product__isnull=False).exists()
    assert batch.entries.filter(enterprise__isnull=False).count() == 3


def test_entries_of_another_batch_are_not_taken_out(client, editor):
    batch, other = make_batch(by=editor), enter(make_batch(by=editor, kind="adjustment"), make_product())
    client.post(at("entries", batch.pk), {"entry": list(other.entries.values_list("pk", flat=True))})
    assert other.entries.count() == 2


def test_missing_enterprises_are_filled_in_by_a_post_only(client, editor):
    batch = make_batch(by=editor)
    product = make_product()
    compile.enter_products(batch, [product], by=editor)
    assert client.get(at("missing", batch.pk)).status_code == 405
    assert product.enterprise.name in client.get(page_of(batch)).content.decode()
    client.post(at("missing", batch.pk))
    assert batch.entries.get(enterprise__isnull=False).enterprise == product.enterprise


def test_the_entries_page_asks_as_much_for_twenty_as_for_one(client, editor):
    batch = enter(make_batch(by=editor), make_product())
    client.get(at("entries", batch.pk))
    with CaptureQueriesContext(connection) as one:
        client.get(at("entries", batch.pk))
    enter(batch, *[make_product() for _ in range(20)])
    with CaptureQueriesContext(connection) as many:
        client.get(at("entries", batch.pk))
    assert len(many) == len(one)
