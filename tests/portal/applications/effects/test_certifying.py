"""What the approval of products and of renewals does: certificates, products and the next batch."""

import pytest

from catalog.products.models import Certificate, Product
from catalog.publication.compiling import compile as compiling
from catalog.publication.compiling.numbering import current_draft
from catalog.publication.models import Action, Batch, ProductLine
from catalog.publication.publishing import workflow
from portal.applications.cases.reasons import Reason
from portal.applications.cases.workflow import drafting
from portal.applications.review.deciding import ItemDecision
from portal.core.audit.models import Change
from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.workflow import NoPermission
from tests.make import make_campaign, make_certificate, make_product, make_user
from tests.portal.applications.cases.test_drafting import refused
from tests.portal.applications.making import (
    approve,
    certificate_values,
    draft_product,
    draft_renewal,
    enterprise_of,
    hand_in,
    items_of,
    make_owner,
)

from .drafts import actions, entries, listed_owner

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _campaign():
    make_campaign()


# -- products ------------------------------------------------------------------------------------------------------------


def test_products_come_with_their_certificate_and_their_enterprise_into_the_next_batch():
    case = approve(hand_in(draft_product(count=2)))
    certificate = Certificate.objects.get()
    assert certificate.number == case.values["number"]
    assert certificate.valid_until.isoformat() == case.values["valid_until"]
    assert [product.name for product in Product.objects.order_by("pk")] == ["示例卷材1号", "示例卷材2号"]
    assert actions("batch") == [
        (Action.LIST, "示例卷材1号"),
        (Action.LIST, "示例卷材2号"),
        (Action.LIST, case.enterprise.name),
    ]
    assert {entry.source for entry in entries()} == {f"case {case.number}"}
    assert [item.product.name for item in items_of(case)] == ["示例卷材1号", "示例卷材2号"]
    assert Change.objects.filter(source=f"case {case.number}").count() == 3
    assert Edition.objects.count() == 0
    assert ProductLine.objects.count() == 0


def test_a_listed_enterprise_is_not_entered_again():
    _product, by = listed_owner()
    approve(hand_in(draft_product(by)))
    assert [action for action, _name in actions("batch") if action == Action.LIST].count(Action.LIST) >= 1
    fresh = [entry for entry in entries() if entry.source.startswith("case")]
    assert [bool(entry.product) for entry in fresh] == [True]


def test_a_case_for_a_regions_list_goes_into_that_regions_batch():
    officer = make_user("pilot_officer:350000")
    case = hand_in(draft_product(publisher="350000"))
    approve(case, officer)
    assert [action for action, _name in actions("batch", "350000")] == [Action.LIST, Action.LIST]
    assert entries("batch", "national") == []


def test_the_decision_opens_no_other_way_into_the_drafts():
    reviewer = make_user("reviewer")
    approve(hand_in(draft_product()), reviewer)
    batch = Batch.objects.get()
    with pytest.raises(NoPermission):
        compiling.enter_products(batch, [make_product()], by=reviewer)
    with pytest.raises(NoPermission):
        workflow.submit(batch, by=reviewer)
    with pytest.raises(NoPermission):
        current_draft("national", "adjustment", by=reviewer)


def test_a_known_certificate_gets_more_products_and_a_known_product_is_no_second_one():
    product, by = listed_owner()
    certificate = product.certificate
    values = {
        "number": certificate.number,
        "body": certificate.body.code,
        "applicant_name": product.enterprise.name,
    }
    draft = draft_product(by, **values)
    rows = [
        {
            "name": product.name,
            "models_text": product.models_text,
            "brand": "新牌",
            "category": product.category_id,
        },
        {"name": "另一种卷材", "models_text": "", "brand": "", "category": product.category_id},
    ]
    draft = drafting.set_items(draft, by=by, rows=rows, revision=draft.revision)
    approve(hand_in(draft))
    assert Certificate.objects.count() == 1
    product.refresh_from_db()
    assert (product.brand, certificate.products.count()) == ("新牌", 2)
    fresh = [entry for entry in entries() if entry.source.startswith("case")]
    assert [(entry.action, entry.product.name) for entry in fresh] == [
        (Action.CHANGE, product.name),
        (Action.LIST, "另一种卷材"),
    ]


def test_a_certificate_under_another_holder_is_refused():
    certificate = make_product().certificate
    by = make_owner()
    values = certificate_values(enterprise_of(by), number=certificate.number, body=certificate.body.code)
    case = hand_in(draft_product(by, **values))
    assert refused(lambda: approve(case)).rule == "case.certificate_of_another"
    assert Product.objects.count() == 1


def test_a_shared_certificate_is_not_rewritten_by_one_of_its_enterprises():
    by = make_owner()
    certificate = make_certificate(maker_name=enterprise_of(by).name, standard="原标准")
    make_product(certificate=certificate)
    values = certificate_values(enterprise_of(by), number=certificate.number, standard="改写的标准")
    approve(hand_in(draft_product(by, **values)))
    certificate.refresh_from_db()
    assert certificate.standard == "原标准"
    assert certificate.products.count() == 2


@pytest.mark.parametrize("status", ["suspended", "revoked", "cancelled"])
def test_a_certificate_that_is_not_valid_lists_nothing(status):
    by = make_owner()
    certificate = make_certificate(
        status=status, status_on=clock.today(), applicant_name=enterprise_of(by).name
    )
    case = hand_in(draft_product(by, number=certificate.number))
    assert refused(lambda: approve(case)).rule == "case.certificate_status"


def test_a_certificate_that_was_renewed_lists_nothing():
    by = make_owner()
    old = make_certificate(applicant_name=enterprise_of(by).name)
    make_certificate(renews=old)
    case = hand_in(draft_product(by, number=old.number))
    assert refused(lambda: approve(case)).rule == "case.certificate_replaced"


# -- renewal ------------------------------------------------------------------------------------------------------------


def test_a_renewal_moves_every_product_and_enters_the_listed_ones_as_changed():
    product, by = listed_owner()
    unlisted = make_product(enterprise=product.enterprise, certificate=product.certificate)
    case = approve(hand_in(draft_renewal(by, product.certificate)))
    new = Certificate.objects.get(renews=product.certificate)
    assert new.number == f"{product.certificate.number}R"
    assert set(new.products.all()) == {product, unlisted}
    assert actions("adjustment") == [(Action.CHANGE, product.name)]
    assert (Action.LIST, unlisted.name) in actions("batch")
    assert Change.objects.filter(source=f"case {case.number}", target="products.product").count() == 2
    assert Product.objects.get(pk=product.pk).serial is not None


def test_a_renewal_of_another_certificate_under_the_same_new_number_is_refused():
    product, by = listed_owner()
    other = make_certificate(number=f"{product.certificate.number}R", renews=make_certificate())
    make_product(enterprise=product.enterprise, certificate=other)
    case = hand_in(draft_renewal(by, product.certificate))
    assert refused(lambda: approve(case)).rule == "case.certificate_renews_another"


def test_a_certificate_is_renewed_once():
    product, by = listed_owner()
    case = hand_in(draft_renewal(by, product.certificate))
    make_certificate(number="ANOTHER-NEW", renews=product.certificate)
    assert refused(lambda: approve(case)).rule == "case.renewed_already"


def test_lines_of_a_renewal_that_were_returned_follow_later():
    product, by = listed_owner()
    other = make_product(enterprise=product.enterprise, certificate=product.certificate)
    case = hand_in(draft_renewal(by, product.certificate))
    second = items_of(case)[1]
    verdict = ItemDecision("returned", [Reason("items", "models_differ")])
    case = approve(case, items={second.pk: verdict})
    new = Certificate.objects.get(renews=product.certificate)
    assert list(new.products.all()) == [product]
    approve(hand_in(case))
    other.refresh_from_db()
    assert other.certificate == new


# -- cost ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [2, 60])
def test_an_approval_costs_the_same_for_few_lines_and_for_many(count, django_assert_max_num_queries):
    case = hand_in(draft_product(count=count))
    reviewer = make_user("reviewer")
    digest = case.submissions.get().digest
    with django_assert_max_num_queries(75):
        approve(case, reviewer, digest=digest)
    assert Product.objects.count() == count


@pytest.mark.parametrize("count", [2, 40])
def test_a_renewal_costs_the_same_for_few_products_and_for_many(count, django_assert_max_num_queries):
    product, by = listed_owner()
    for _number in range(count - 1):
        make_product(enterprise=product.enterprise, certificate=product.certificate)
    case = hand_in(draft_renewal(by, product.certificate))
    with django_assert_max_num_queries(90):
        approve(case, make_user("reviewer"), digest=case.submissions.get().digest)
    assert Certificate.objects.get(renews=product.certificate).products.count() == count
