"""Two people press at the same moment: proved where rows are really locked."""

from threading import Barrier, Thread

import pytest
from django.db import connections

from catalog.publication.models import Batch, ProductLine
from catalog.publication.publishing import workflow
from catalog.publication.publishing.verify import all_faults
from portal.core.editions.models import Edition
from portal.core.workflow import NotAllowed
from tests.make import enter, make_batch, make_product, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres_only]


def at_once(*acts):
    """Run the acts in threads that start together; the outcome of each, in order: its result or what it raised."""
    barrier, outcomes = Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        try:
            barrier.wait(timeout=20)
            outcomes[place] = act()
        except Exception as error:
            outcomes[place] = error
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return outcomes


def approved(**changes) -> Batch:
    batch = enter(make_batch(**changes), make_product())
    return workflow.approve(workflow.submit(batch, by=batch.created_by), by=make_user("reviewer"))


def test_two_publishes_of_one_batch_make_one_edition():
    batch, one, other = approved(), make_user("publisher"), make_user("publisher")
    outcomes = at_once(lambda: workflow.publish(batch, by=one), lambda: workflow.publish(batch, by=other))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Batch", "NotAllowed"]
    assert Edition.objects.count() == 1
    assert ProductLine.objects.current().count() == 1
    assert list(all_faults()) == []


def test_two_batches_at_once_get_two_editions_without_a_gap():
    first, second = approved(), approved(kind="adjustment")
    publisher = make_user("publisher")
    outcomes = at_once(
        lambda: workflow.publish(first, by=publisher), lambda: workflow.publish(second, by=publisher)
    )
    assert [type(outcome) for outcome in outcomes] == [Batch, Batch]
    assert sorted(Edition.objects.values_list("number", flat=True)) == [1, 2]
    assert list(all_faults()) == []


def test_two_batches_that_replace_one_line_at_once_end_with_one_winner():
    product = make_product()
    batch = enter(make_batch(), product)
    batch = workflow.approve(workflow.submit(batch, by=batch.created_by), by=make_user("reviewer"))
    workflow.publish(batch, by=make_user("publisher"))
    rivals = []
    for ordinal, brand in ((1, "甲牌"), (2, "乙牌")):
        product.brand = brand
        product.save()
        rival = enter(make_batch(kind="adjustment", ordinal=ordinal), product)
        rivals.append(workflow.approve(workflow.submit(rival, by=rival.created_by), by=make_user("reviewer")))
    publisher = make_user("publisher")
    outcomes = at_once(*(lambda rival=rival: workflow.publish(rival, by=publisher) for rival in rivals))
    refused = [outcome for outcome in outcomes if isinstance(outcome, NotAllowed)]
    assert [refusal.rule for refusal in refused] == ["line.stale"]
    assert ProductLine.objects.current().count() == 1
    assert list(all_faults()) == []


def test_of_an_approval_and_a_taking_back_at_once_one_wins():
    batch, reviewer = enter(make_batch(), make_product()), make_user("reviewer")
    batch = workflow.submit(batch, by=batch.created_by)
    outcomes = at_once(
        lambda: workflow.approve(batch, by=reviewer, digest=batch.digest),
        lambda: workflow.take_back(batch, by=batch.submitted_by),
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Batch", "NotAllowed"]
    batch.refresh_from_db()
    if isinstance(outcomes[0], Batch):
        assert (batch.state, batch.approved_by) == ("approved", reviewer)
        assert ProductLine.objects.filter(batch=batch).count() == 1
    else:
        assert (batch.state, batch.digest, batch.approved_by) == ("draft", "", None)


def test_two_submissions_of_one_draft_freeze_it_once():
    batch, one, other = enter(make_batch(), make_product()), make_user("editor"), make_user("editor")
    outcomes = at_once(lambda: workflow.submit(batch, by=one), lambda: workflow.submit(batch, by=other))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Batch", "NotAllowed"]
    assert ProductLine.objects.count() == 1


def test_an_entry_added_while_the_batch_is_submitted_is_frozen_or_refused():
    batch, product = enter(make_batch(), make_product()), make_product()
    editor = make_user("editor")
    submitted, added = at_once(
        lambda: workflow.submit(batch, by=editor), lambda: enter(batch, product, by=editor)
    )
    frozen = ProductLine.objects.filter(product=product).count()
    # Submitted between the product and its enterprise, the draft is refused for want of the latter: nothing froze.
    both_went_through = isinstance(submitted, Batch) and not isinstance(added, NotAllowed)
    assert frozen == (1 if both_went_through else 0)
