"""A redaction beside another one, beside a submission and beside a case: proved where rows are really locked."""

from threading import Event, Thread

import pytest
from django.db import connections

from catalog.publication.models import EnterpriseLine, ProductLine
from catalog.publication.publishing import freezing, workflow
from catalog.publication.publishing.redaction import redact
from catalog.publication.publishing.verify import all_faults
from portal.core.editions.models import Edition
from portal.core.workflow import NotAllowed
from tests.make import enter, make_batch, make_product, make_user, publish_products

from .test_redaction import tables_with
from .test_two_at_once import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres_only]

BRAND, MODELS = "张叁牌", "李肆型"


@pytest.fixture
def key():
    publish_products(make_product(brand=BRAND, models_text=MODELS))
    return ProductLine.objects.get().key


def test_two_fields_of_one_line_lose_no_entry_and_bring_no_salt_back(key):
    outcomes = at_once(
        lambda: redact(key, "brand", basis="甲申请"), lambda: redact(key, "models_text", basis="乙申请")
    )
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    line = ProductLine.objects.get()
    assert set(line.redacted) == {"brand", "models_text"}
    assert not {"brand", "models_text"} & set(line.proof()[0])
    assert list(all_faults()) == []
    assert tables_with(BRAND) + tables_with(MODELS) == []


def test_one_field_twice_is_one_edition_and_the_slower_is_told(key):
    outcomes = at_once(lambda: redact(key, "brand", basis="申请"), lambda: redact(key, "brand", basis="申请"))
    slower = [outcome for outcome in outcomes if isinstance(outcome, NotAllowed) or outcome.edition is None]
    assert len(slower) == 1, "it is told, or helps to take away what lies behind the door"
    assert Edition.objects.filter(cause="redaction").count() == 1


def test_what_is_composed_before_a_redaction_is_not_saved_after_it(key, monkeypatch):
    """The submission stops between composing and saving until the redaction is done, or waits for it."""
    product = make_product(brand="另牌")
    Edition.objects.current_number()
    listed = ProductLine.objects.get(key=key).product
    listed.models_text = "新型号"
    listed.save()
    batch = enter(make_batch(kind="adjustment"), listed, product)
    composed, redacting = Event(), Event()
    compose = freezing.compose

    def compose_and_wait(locked):
        composition = compose(locked)
        composed.set()
        redacting.wait(timeout=3)
        return composition

    monkeypatch.setattr(freezing, "compose", compose_and_wait)

    def take_away():
        composed.wait(timeout=20)
        try:
            redact(key, "brand", basis="当事人申请")
        finally:
            redacting.set()
            connections.close_all()

    beside = Thread(target=take_away)
    beside.start()
    submitted = workflow.submit(batch, by=batch.created_by)
    beside.join(timeout=60)
    approved = workflow.approve(submitted, by=make_user("reviewer"))
    workflow.publish(approved, by=make_user("publisher"))
    assert tables_with(BRAND) == []
    assert list(all_faults()) == []
    assert EnterpriseLine.objects.exists()
