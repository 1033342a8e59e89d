"""However a reviewer decides line by line, and however often: each line is decided once, and nothing is lost or doubled."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.products.models import Product
from catalog.publication.models import BatchEntry
from portal.applications.cases.reasons import Reason
from portal.applications.review.deciding import ItemDecision
from tests.make import make_campaign, make_user
from tests.portal.applications.making import approve, draft_product, hand_in, items_of

pytestmark = pytest.mark.django_db

VERDICTS = {
    "approved": ItemDecision("approved"),
    "returned": ItemDecision("returned", [Reason("items", "models_differ")]),
    "rejected": ItemDecision("rejected", [Reason("items", "not_on_certificate")]),
}
rounds = st.lists(st.lists(st.sampled_from([*VERDICTS]), min_size=5, max_size=5), min_size=1, max_size=4)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rounds)
def test_lines_are_decided_once_and_the_case_ends_when_none_is_open(said):
    with transaction.atomic():
        make_campaign()
        reviewer = make_user("reviewer")
        case = hand_in(draft_product(count=5))
        final: dict[int, str] = {}
        for verdicts in said:
            pending = [item.pk for item in items_of(case) if item.state == "pending"]
            chosen = {key: VERDICTS[verdict] for key, verdict in zip(pending, verdicts, strict=False)}
            case = approve(case, reviewer, items=chosen)
            final |= {key: verdict.state for key, verdict in chosen.items()}
            check(case, final)
            if case.state != "returned":
                break
            case = hand_in(case)
            assert {item["id"] for item in case.submissions.last().items} == {
                key for key, state in final.items() if state == "returned"
            }
        transaction.set_rollback(True)


def check(case, final: dict[int, str]) -> None:
    items = {item.pk: item for item in items_of(case)}
    assert {key: item.state for key, item in items.items()} == final
    approved = [item for item in items.values() if item.state == "approved"]
    assert Product.objects.filter(enterprise=case.enterprise).count() == len(approved)
    assert len({item.product_id for item in approved}) == len(approved)
    assert BatchEntry.objects.filter(product__enterprise=case.enterprise).count() == len(approved)
    if "returned" in final.values():
        assert case.state == "returned"
    else:
        assert case.state == ("approved" if approved else "rejected")
