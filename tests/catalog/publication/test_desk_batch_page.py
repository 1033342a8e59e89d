"""What the page of a batch shows: what was frozen, or what a draft would change."""

import pytest

from catalog.publication.compiling import compile
from catalog.publication.models import Batch, EnterpriseLine
from catalog.publication.publishing import workflow
from tests.make import enter, make_batch, make_enterprise, make_product, make_user, publish, publish_products

from .desk import page_of

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
