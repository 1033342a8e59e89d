"""Who may put something into a draft: who compiles batches, and an office in what it decides, each in its own division."""

import pytest

from catalog.publication.compiling import compile
from catalog.publication.compiling.mandates import Mandate
from catalog.publication.compiling.numbering import current_draft
from catalog.publication.models import Batch, BatchEntry
from portal.core.workflow import NoPermission
from tests.make import make_batch, make_campaign, make_division, make_product, make_user, publish_products

pytestmark = pytest.mark.django_db

DECIDED = Mandate("cases.decide", "")
DECIDED_IN_FUJIAN = Mandate("cases.decide", "350000")


def test_a_reviewer_enters_what_was_decided_and_nothing_without_that_ground():
    batch, reviewer, product = make_batch(), make_user("reviewer"), make_product()
    with pytest.raises(NoPermission):
        compile.enter_products(batch, [product], by=reviewer)
    assert compile.enter_products(batch, [product], by=reviewer, under=DECIDED) == 1
    with pytest.raises(NoPermission):
        compile.take_out(batch, batch.entries.all(), by=reviewer)


@pytest.mark.parametrize("role", ["editor", "auditor", "administrator", "support", "pilot_officer:440000"])
def test_the_ground_must_be_held_where_it_was_taken(role):
    batch, by, product = make_batch(), make_user(role), make_product()
    for mandate in (DECIDED, DECIDED_IN_FUJIAN):
        with pytest.raises(NoPermission):
            compile.enter_products(batch, [product], by=by, under=mandate)
        with pytest.raises(NoPermission):
            current_draft("national", "adjustment", by=by, under=mandate)
    assert BatchEntry.objects.count() == 0


def test_an_officer_enters_what_the_region_decided_into_the_list_that_shows_it():
    product = make_product()
    publish_products(product)
    officer = make_user("pilot_officer:350000")
    batch = current_draft("national", "adjustment", by=officer, under=DECIDED_IN_FUJIAN)
    product.enterprise.name = "示例新名称有限公司"
    product.enterprise.save()
    compile.enter_enterprises(batch, [product.enterprise], by=officer, under=DECIDED_IN_FUJIAN)
    with pytest.raises(NoPermission):
        compile.enter_enterprises(batch, [product.enterprise], by=officer)
    assert Batch.objects.get(kind="adjustment").entries.get().action == "change"


def test_a_draft_is_opened_on_a_decision_and_found_again():
    make_campaign()
    make_division()
    reviewer = make_user("reviewer")
    batch = current_draft("350000", "batch", by=reviewer, under=DECIDED)
    assert current_draft("350000", "batch", by=reviewer, under=DECIDED) == batch
    with pytest.raises(NoPermission):
        current_draft("350000", "adjustment", by=reviewer)
