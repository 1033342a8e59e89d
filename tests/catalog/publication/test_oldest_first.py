"""Editions count downwards by themselves: where the oldest comes first, the column is ordered by, not the relation."""

import pytest

from catalog.publication.compiling import compile
from catalog.publication.showing.enterprise_page import EnterprisePage
from catalog.publication.showing.product_page import ProductPage
from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.pages.reading import ReadAt
from tests.make import make_batch, make_product, publish, publish_products

pytestmark = pytest.mark.django_db


@pytest.fixture
def changed():
    """A product listed in edition 2 and changed in edition 3."""
    publish_products()
    product = make_product()
    publish_products(product)
    product.brand = "改过的牌子"
    product.save()
    batch = make_batch(ordinal=3)
    compile.enter_products(batch, [product], by=batch.created_by)
    publish(batch)
    product.refresh_from_db()
    return product.lines.latest("pk")


def test_the_lines_of_a_page_come_oldest_first(changed):
    reading = ReadAt(Edition.objects.current_number(), clock.today(), 3, clock.today())
    product = ProductPage.read(changed.number, reading)
    assert [line.from_edition_id for line in product.lines] == [2, 3]
    enterprise = EnterprisePage.read(changed.enterprise.uscc, reading)
    editions = [line.from_edition_id for line in enterprise.lines]
    assert editions == sorted(editions)


def test_a_page_that_came_later_names_its_first_edition(client, changed):
    for address in (
        f"/products/{changed.number}/?edition=1",
        f"/enterprises/{changed.enterprise.uscc}/?edition=1",
    ):
        page = client.get(address).content.decode()
        assert "（第2版）首次公布" in page
