"""Whatever is published in whatever order: every edition stays as it was, and search sees exactly what is public."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.publication.compiling import compile
from catalog.publication.compiling.problems import BatchRefused
from catalog.publication.models import LINE_MODELS, Action, Batch, ProductLine
from catalog.publication.publishing import workflow
from catalog.publication.publishing.verify import all_faults
from catalog.publication.search import preparation
from catalog.publication.search.bitmaps import product_bitmaps
from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.workflow import NotAllowed
from tests.catalog.publication.stories import index_faults
from tests.make import make_batch, make_division, make_enterprise, make_product, make_user

pytestmark = pytest.mark.django_db

PUBLISHERS = ("national", "350000")
REASON = compile.Reason("quality", "抽查")
acts = st.lists(
    st.tuples(
        st.sampled_from(
            ["enter", "rename", "brand", Action.SUSPEND, Action.RESUME, Action.REMOVE, "remove all"]
        ),
        st.integers(0, 3),
        st.sampled_from(PUBLISHERS),
        st.booleans(),
    ),
    min_size=2,
    max_size=9,
)


def snapshot(edition):
    return {
        model: sorted(model.objects.public(edition).values_list("pk", "key", "digest"))
        for model in LINE_MODELS
    }


def act(batch, products, kind, target, new_value):
    product = products[target]
    if kind == "enter":
        compile.enter_products(batch, [product], by=batch.created_by)
        compile.enter_missing_enterprises(batch, by=batch.created_by)
    elif kind == "brand":
        product.brand = new_value
        product.save()
        compile.enter_products(batch, [product], by=batch.created_by)
        compile.enter_missing_enterprises(batch, by=batch.created_by)
    elif kind == "rename":
        product.enterprise.name = f"示例{new_value}有限公司"
        product.enterprise.save()
        compile.enter_enterprises(batch, [product.enterprise], by=batch.created_by)
    else:
        target = product.enterprise if kind == "remove all" else product
        action = Action.REMOVE if kind == "remove all" else kind
        compile.act_on(batch, target, action, by=batch.created_by, reason=REASON)


@pytest.mark.long
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=acts)
def test_every_edition_stays_as_it_was_and_search_sees_what_is_public(steps):
    make_division()
    enterprises = [make_enterprise(), make_enterprise()]
    products = [make_product(enterprise=enterprises[place % 2]) for place in range(4)]
    reviewer, publisher, editor = make_user("reviewer"), make_user("publisher"), make_user("editor")
    start = Edition.objects.current_number()
    seen = {}
    for number, (kind, target, owner, _again) in enumerate(steps):
        ordinal = Batch.objects.filter(publisher=owner, kind="adjustment").count() + 1
        batch = make_batch(by=editor, publisher=owner, kind="adjustment", ordinal=ordinal)
        try:
            act(batch, products, kind, target, f"{start}-{number}")
            batch = workflow.submit(batch, by=editor)
            preparation.ensure_prepared(batch)  # what the job does that a submission leaves behind
            batch = workflow.publish(workflow.approve(batch, by=reviewer), by=publisher)
            seen[batch.edition_id] = snapshot(batch.edition_id)
        except (NotAllowed, BatchRefused):
            batch.refresh_from_db()
            workflow.cancel(batch, by=editor, reason="此路不通")
    today = clock.today()
    for edition, rows in seen.items():
        assert snapshot(edition) == rows
        public = set(ProductLine.objects.public(edition).values_list("pk", flat=True))
        bitmaps = product_bitmaps(edition, today)
        assert set(bitmaps.everything) == public
        listed = {line.pk for line in ProductLine.objects.public(edition) if line.listing_status == "listed"}
        assert set(bitmaps.of("current")) == listed
    assert list(all_faults()) == []
    assert index_faults() == []
