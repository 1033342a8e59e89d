"""What the approval of a withdrawal does: products leave the list with a reason."""

import pytest

from catalog.products.models import Product
from catalog.publication.models import Action, EnterpriseLine, ProductLine
from tests.make import make_campaign, make_product, publish_products
from tests.portal.applications.cases.test_drafting import refused
from tests.portal.applications.making import (
    approve,
    draft_product,
    draft_withdraw,
    hand_in,
    make_owner,
    publish_draft,
)

from .drafts import actions, entries, listed_owner

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _campaign():
    make_campaign()


# -- withdrawal ---------------------------------------------------------------------------------------------------------


def test_a_withdrawn_product_is_removed_with_the_reason_that_the_public_reads():
    product, by = listed_owner()
    kept = make_product(enterprise=product.enterprise)
    publish_products(kept)
    approve(hand_in(draft_withdraw(by, product, reason="停产")))
    entry = entries("adjustment")[0]
    assert (entry.action, entry.product, entry.reason_code, entry.reason) == (
        Action.REMOVE,
        product,
        "withdrawn",
        "企业申请退出：停产",
    )
    assert len(entries("adjustment")) == 1
    publish_draft("adjustment")
    assert {line.listing_status for line in ProductLine.objects.current().filter(product=product)} == {
        "removed"
    }
    assert {line.listing_status for line in ProductLine.objects.current().filter(product=kept)} == {"listed"}


def test_a_whole_enterprise_withdraws_with_all_its_products():
    product, by = listed_owner()
    approve(hand_in(draft_withdraw(by)))
    assert sorted(action for action, _name in actions("adjustment")) == [Action.REMOVE, Action.REMOVE]
    publish_draft("adjustment")
    assert EnterpriseLine.objects.current().get().listing_status == "removed"
    assert product.enterprise.name


def test_what_waits_in_a_draft_is_taken_out_of_it():
    by = make_owner()
    approve(hand_in(draft_product(by)))
    product = Product.objects.get()
    approve(hand_in(draft_withdraw(by, product)))
    assert [entry.product for entry in entries() if entry.product] == []


def test_what_is_nowhere_listed_cannot_leave():
    product = make_product()
    case = hand_in(draft_withdraw(make_owner(product.enterprise), product))
    assert refused(lambda: approve(case)).rule == "case.nothing_listed"
