"""What is done to a draft while its lines are made, or to the list while a batch is at its door."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, connections

from catalog.enterprises.models import FormerName
from catalog.publication.models import EnterpriseLine, ProductLine
from catalog.publication.publishing import freezing, workflow
from catalog.publication.publishing.verify import all_faults
from portal.core.audit.changes import remove_working, save_working
from portal.core.audit.models import AuditEvent
from portal.core.workflow import NotAllowed
from tests.make import enter, make_batch, make_product, make_user, publish, publish_products

from .drafts import approved, draft, lines_of, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_steps")]


@pytest.fixture
def while_composing(monkeypatch):
    """Something is done between the making of the lines and the step that adopts them: once, or every time."""

    def set_up(act, times=1):
        inner, calls = freezing.compose, []

        def compose(batch):
            composition = inner(batch)
            calls.append(1)
            if len(calls) <= times:
                act()
            return composition

        monkeypatch.setattr(freezing, "compose", compose)

    return set_up


def test_a_working_row_that_is_edited_meanwhile_is_frozen_as_it_is_now(while_composing):
    batch = draft(1)
    product = batch.entries.get(product__isnull=False).product

    def edit():
        product.brand = "改后牌"
        save_working(product, by=batch.created_by)

    while_composing(edit)
    submitted(batch)
    assert ProductLine.objects.get().brand == "改后牌"


def test_a_former_name_that_comes_or_goes_meanwhile_is_frozen_as_it_is_now(while_composing):
    batch = draft(1)
    maker = batch.entries.get(enterprise__isnull=False).enterprise
    gone = FormerName.objects.create(enterprise=maker, name="记错的旧名")

    def edit():
        remove_working(gone, by=batch.created_by)
        save_working(FormerName(enterprise=maker, name="真正的旧名"), by=batch.created_by)

    while_composing(edit)
    submitted(batch)
    assert [name["name"] for name in EnterpriseLine.objects.get().former_names] == ["真正的旧名"]


def test_a_former_name_that_goes_meanwhile_is_not_frozen(while_composing):
    batch = draft(1)
    maker = batch.entries.get(enterprise__isnull=False).enterprise
    gone = FormerName.objects.create(enterprise=maker, name="记错的旧名")
    while_composing(lambda: remove_working(gone, by=batch.created_by))
    submitted(batch)
    assert EnterpriseLine.objects.get().former_names == []


def test_an_entry_that_comes_meanwhile_is_frozen_too(while_composing):
    batch, another = draft(1), make_product()
    while_composing(lambda: enter(batch, another))
    submitted(batch)
    assert ProductLine.objects.filter(batch=batch).count() == 2


def test_what_is_published_meanwhile_is_what_the_lines_replace(while_composing):
    product = make_product()
    publish_products(product)
    product.brand = "再改牌"
    product.save()
    batch = enter(make_batch(kind="adjustment"), product)
    other = enter(make_batch(kind="erratum"), product)
    while_composing(lambda: publish(other))
    with pytest.raises(NotAllowed):
        submitted(batch)  # nothing is left to change
    assert lines_of(batch) == 0


def test_a_draft_that_does_not_stand_still_is_refused_and_told(while_composing):
    batch = draft(1)
    while_composing(lambda: enter(batch, make_product()), times=99)
    with pytest.raises(NotAllowed) as refused:
        submitted(batch)
    assert refused.value.rule == "batch.moved"
    batch.refresh_from_db()
    assert (batch.state, lines_of(batch)) == ("draft", 0)


@pytest.mark.django_db(transaction=True)
def test_nobody_freezes_what_is_being_frozen(while_composing):
    batch, outcomes = draft(1), []
    while_composing(lambda: outcomes.append(elsewhere(lambda: submitted(batch))))
    assert submitted(batch).state == "submitted"
    assert [outcome.rule for outcome in outcomes] == ["batch.freezing"]
    database = Path(connection.settings_dict["NAME"])
    assert list(database.parent.glob(f"{database.name}.freezing*")) == []


def elsewhere(act):
    """What another person's process raises."""

    def run():
        try:
            act()
        except NotAllowed as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result(timeout=60)


def test_whoever_may_not_submit_makes_no_lines_and_leaves_an_attempt(while_composing):
    while_composing(lambda: pytest.fail("composed for nothing"), times=99)
    with pytest.raises(NotAllowed):
        workflow.submit(draft(), by=make_user("visitor"))
    assert AuditEvent.objects.filter(step="batch.submitted", is_success=False).count() == 1


def test_what_is_published_between_the_look_and_the_door_is_looked_at_again(monkeypatch):
    product = make_product()
    publish_products(product)
    rivals = []
    for kind in ("adjustment", "erratum"):
        product.brand = kind
        product.save()
        rivals.append(approved(submitted(enter(make_batch(kind=kind), product))))
    look, looks = workflow.problems_on_publication, []

    def look_and_let_pass(batch):
        problems = look(batch)
        looks.append(batch.pk)
        if len(looks) == 1:
            workflow.publish(rivals[1], by=make_user("publisher"))
        return problems

    monkeypatch.setattr(workflow, "problems_on_publication", look_and_let_pass)
    with pytest.raises(NotAllowed) as refused:
        workflow.publish(rivals[0], by=make_user("publisher"))
    assert refused.value.rule == "line.stale"
    assert looks == [rivals[0].pk, rivals[1].pk, rivals[0].pk]
    assert ProductLine.objects.current().get().brand == "erratum"
    assert list(all_faults()) == []
