"""What the approval of a change does: former names, and the lists that show what changed."""

import datetime

import pytest

from catalog.enterprises.models import FormerName
from catalog.publication.compiling import compile as compiling
from catalog.publication.compiling.numbering import current_draft
from catalog.publication.models import Action, Batch, BatchEntry, EnterpriseLine, ProductLine
from catalog.publication.publishing import workflow
from portal.applications.cases.models import Application
from tests.make import make_campaign, make_enterprise, make_product, make_user, publish_products
from tests.portal.applications.cases.test_drafting import refused
from tests.portal.applications.making import (
    approve,
    draft_change,
    draft_product,
    hand_in,
    make_owner,
    publish_draft,
)

from .drafts import actions, entries, listed_owner, renamed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _campaign():
    make_campaign()


# -- change --------------------------------------------------------------------------------------------------------------


def test_a_change_of_an_unlisted_enterprise_enters_no_draft():
    enterprise = make_enterprise()
    approve(hand_in(draft_change(make_owner(enterprise), phone="0592-8888888")))
    enterprise.refresh_from_db()
    assert enterprise.phone == "0592-8888888"
    assert BatchEntry.objects.count() == 0


def test_a_rename_keeps_the_former_name_and_enters_where_it_is_listed():
    product, by = listed_owner()
    old = product.enterprise.name
    approve(hand_in(renamed(by)))
    former = FormerName.objects.get()
    assert (former.name, former.until_on, former.evidence) == (
        old,
        datetime.date(2026, 10, 1),
        "变更登记通知书",
    )
    assert actions("adjustment") == [(Action.CHANGE, "示例新名称有限公司")]
    assert EnterpriseLine.objects.current().get().name == old
    publish_draft("adjustment")
    assert ProductLine.objects.current().get().enterprise_name == "示例新名称有限公司"
    assert ProductLine.objects.current().get().action == Action.FOLLOW


def test_an_internal_change_of_a_listed_enterprise_enters_no_draft():
    _product, by = listed_owner()
    approve(hand_in(draft_change(by, address="新址 8 号")))
    assert entries("adjustment") == []


def test_a_telephone_goes_to_every_list_that_shows_it_and_a_name_to_one():
    enterprise = make_enterprise()
    publish_products(make_product(enterprise=enterprise))
    batch = current_draft("350000", "batch", by=make_user("editor"))
    compiling.enter_enterprises(batch, [enterprise], by=make_user("editor"))
    publish_draft("batch", "350000")
    by = make_owner(enterprise)
    approve(hand_in(renamed(by)))
    assert len(entries("adjustment")) == 1
    assert entries("adjustment", "350000") == []
    approve(hand_in(draft_change(by, phone="0592-8888888")))
    assert len(entries("adjustment", "350000")) == 1


def test_a_name_in_a_batch_that_is_frozen_waits_for_its_publication():
    product = make_product()
    by = make_owner(product.enterprise)
    batch = current_draft("national", "batch", by=make_user("editor"))
    compiling.enter_products(batch, [product], by=batch.created_by)
    compiling.enter_missing_enterprises(batch, by=batch.created_by)
    workflow.submit(batch, by=batch.created_by)
    case = hand_in(renamed(by))
    refusal = refused(lambda: approve(case))
    assert refusal.rule == "case.frozen"
    assert batch.slug in refusal.sentence


def test_a_listed_enterprise_with_products_in_a_frozen_batch_changes_its_telephone_but_not_its_name():
    _product, by = listed_owner()
    approve(hand_in(draft_product(by)))
    workflow.submit(Batch.objects.get(state="draft"), by=make_user("editor"))
    assert refused(lambda: approve(hand_in(renamed(by)))).rule == "case.frozen"
    Application.objects.filter(kind="change").update(state="withdrawn")
    assert approve(hand_in(draft_change(by, phone="0592-8888888"))).state == "approved"
