"""What a draft takes in: what is unchanged is told as such, and two who begin at once get one draft."""

import pytest

from catalog.publication.compiling import numbering
from catalog.publication.compiling.compose import compose
from catalog.publication.models import Batch
from tests.make import enter, make_batch, make_product, make_user, publish_products
from tests.module_rows import laid_for_all

pytestmark = pytest.mark.django_db


def _laid():
    products = [make_product() for _ in range(3)]
    publish_products(*products)
    return products


products, products_of_the_module = laid_for_all("products", _laid)


def test_what_says_what_is_public_already_is_told_and_makes_no_line(products):
    products[0].brand = "新示例牌"
    products[0].save()
    composed = compose(enter(make_batch(kind="adjustment"), *products))
    entries = Batch.objects.get(kind="adjustment").entries.filter(product__in=products[1:])
    assert composed.unchanged == set(entries.values_list("pk", flat=True))
    assert [line.product_id for line in composed.products] == [products[0].pk]
    assert composed.problems == []


def test_who_comes_second_gets_the_draft_of_the_first(products, monkeypatch):
    opened, first, second = numbering.open_draft, make_user("editor"), make_user("editor")

    def after_another(number, *, by, under):
        opened(number, by=first)
        return opened(number, by=by, under=under)

    monkeypatch.setattr(numbering, "open_draft", after_another)
    draft = numbering.current_draft("national", "adjustment", by=second)
    assert draft == Batch.objects.get(kind="adjustment")
    assert draft.created_by == first
