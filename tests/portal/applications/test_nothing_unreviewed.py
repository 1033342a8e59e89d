"""The public never reads what nobody reviewed: whatever an enterprise types, the public pages keep every byte."""

import contextlib

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as tries
from hypothesis import strategies as st

from catalog.publication.models import LINE_MODELS
from portal.applications.cases.models import Application
from portal.applications.cases.reasons import Reason
from portal.applications.cases.workflow import drafting, handing_in
from portal.applications.review import deciding
from portal.core.editions.models import Edition
from portal.core.workflow import NotAllowed
from tests.make import make_campaign, make_product, make_user, publish_products
from tests.portal.applications.cases.test_drafting import save

from .making import (
    approve,
    certificate_values,
    draft_change,
    draft_product,
    draft_renewal,
    draft_withdraw,
    hand_in,
    make_owner,
)

SECRET = "未经审核的名称有限公司"


def public_pages(client, product) -> dict[str, bytes]:
    number = product.lines.get().number
    certificate = product.certificate.number
    addresses = [
        "/",
        "/products/",
        f"/products/?q={product.name}",
        f"/products/?q={SECRET}",
        f"/products/{number}/",
        "/enterprises/",
        f"/enterprises/{product.enterprise.uscc}/",
        f"/check/?number={certificate}",
        f"/check/?number={certificate}R",
        f"/search/?q={SECRET}",
        "/batches/",
        "/products/export.csv",
    ]
    return {address: client.get(address).getvalue() for address in addresses}


@pytest.mark.django_db
def test_no_public_page_moves_by_what_an_enterprise_writes_or_an_office_approves(client):
    make_campaign()
    product = make_product()
    publish_products(product)
    by = make_owner(product.enterprise)
    before = public_pages(client, product)
    assert before[f"/check/?number={product.certificate.number}"]

    change = draft_change(
        by, name=SECRET, phone="0592-9999999", renamed_on="2026-10-01", rename_evidence="变更登记"
    )
    listed = draft_product(by, count=2, number="UNREVIEWED-1", standard=SECRET)
    renewal = draft_renewal(by, product.certificate, standard=SECRET)
    leaving = draft_withdraw(by, product, reason=SECRET)
    assert public_pages(client, product) == before
    for draft in (change, listed, renewal, leaving):
        hand_in(draft)
    assert public_pages(client, product) == before
    for draft in (change, listed, renewal, leaving):
        approve(draft, make_user("publisher"))
    assert public_pages(client, product) == before, "approved is not published"

    again = draft_product(by, number="UNREVIEWED-2")
    again = hand_in(again)
    Application.objects.filter(pk=again.pk).update(state="returned")
    again.refresh_from_db()
    save(again, standard=f"{SECRET}再改")
    assert public_pages(client, product) == before
    assert Edition.objects.count() == 1


STEPS = ["save", "lines", "submit", "withdraw", "return", "approve"]


@pytest.mark.django_db
@tries(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(STEPS), min_size=2, max_size=8))
def test_no_order_of_steps_publishes_anything(steps):
    with transaction.atomic():
        make_campaign()
        product = make_product()
        publish_products(product)
        by, reviewer = make_owner(product.enterprise), make_user("reviewer")
        public = everything_public()
        case = draft_product(by)
        for place, step in enumerate(steps):
            case = attempt(step, case, by, reviewer, place)
        assert everything_public() == public
        transaction.set_rollback(True)


def everything_public() -> list:
    rows = [
        list(model.objects.current().order_by("pk").values_list("key", "digest")) for model in LINE_MODELS
    ]
    return [Edition.objects.count(), *rows]


def attempt(step, case, by, reviewer, place):
    """Take the step if it is allowed; refused or not, the case as it stands."""
    values = certificate_values(case.enterprise, standard=f"{SECRET}{place}")
    rows = [{"name": f"{SECRET}{place}", "models_text": "", "brand": "", "category": "13"}]
    newest = case.submissions.last()
    acts = {
        "save": lambda: drafting.save_draft(case, by=by, values=values, personal={}, revision=case.revision),
        "lines": lambda: drafting.set_items(case, by=by, rows=rows, revision=case.revision),
        "submit": lambda: handing_in.submit(case, by=by, revision=case.revision),
        "withdraw": lambda: handing_in.withdraw(case, by=by),
        "return": lambda: deciding.send_back(case, by=reviewer, reasons=[Reason("number", "differs")]),
        "approve": lambda: deciding.approve(case, by=reviewer, digest=newest.digest if newest else ""),
    }
    with contextlib.suppress(NotAllowed):
        acts[step]()
    return Application.objects.get(pk=case.pk)
