"""A draft is frozen, and a batch published, by one short step; whoever is killed before it leaves nothing to mend."""

import datetime
from unittest import mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.publication.compiling import compile
from catalog.publication.models import Action, Batch, ProductLine
from catalog.publication.publishing import freezing, workflow
from catalog.publication.publishing.redaction import redact
from catalog.publication.publishing.verify import all_faults
from catalog.publication.search.preparation import REGISTERS, faults
from portal.core import bulk
from portal.core.audit.models import AuditEvent
from portal.core.index.collections import kept
from portal.core.index.rebuilding import rebuild
from portal.core.workflow import NotAllowed
from tests.make import enter, make_batch, make_enterprise, make_product, make_user, publish_products

from .drafts import PRODUCTS, approved, draft, lines_of, submitted
from .test_redaction import tables_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_steps")]
WRITES = ("INSERT", "UPDATE", "DELETE")


class Killed(BaseException):
    """The process ended here: no code of ours gets to tidy up."""


def sent_back(batch: Batch, monkeypatch) -> Batch:
    """The worker died that would have swept its lines away."""
    with monkeypatch.context() as patch:
        patch.setattr(freezing, "sweep", lambda _batch: None)
        return workflow.send_back(batch, by=make_user("reviewer"), reason="改正")


def index_faults() -> list[str]:
    return [fault for register in REGISTERS for fault in faults(register)]


def killed_at(statement: int, counted: list[int]):
    """For `execute_wrapper`: the process ends before that write."""

    def execute(inner, sql, *rest):
        if sql.lstrip().upper().startswith(WRITES):
            counted.append(1)
            if len(counted) == statement:
                raise Killed
        return inner(sql, *rest)

    return execute


def kill(act, statement: int) -> bool:
    """Whether the act had not ended by then. PostgreSQL takes rows by the thousand past `execute_wrapper`."""
    execute = killed_at(statement, [])
    many = bulk.execute_values

    def values(cursor, sql, *rest, **options):
        return execute(lambda sql, *_: many(cursor, sql, *rest, **options), sql)

    try:
        with connection.execute_wrapper(execute), mock.patch.object(bulk, "execute_values", values):
            act()
    except Killed:
        return True
    return False


@pytest.mark.django_db(transaction=True)
def test_a_freezing_may_be_killed_before_any_write():
    batch = draft()
    statement, was_killed = 1, True
    while was_killed:
        was_killed = kill(lambda: submitted(batch), statement)
        batch.refresh_from_db()
        if was_killed and batch.state == "draft":
            assert (batch.digest, batch.submitted_by_id) == ("", None)
        else:
            break
        statement += 1
    assert statement > 10
    assert (batch.state, lines_of(batch)) == ("submitted", 3 * PRODUCTS)
    workflow.publish(approved(batch), by=make_user("publisher"))
    assert ProductLine.objects.current().count() == PRODUCTS
    assert list(all_faults()) == index_faults() == []


@pytest.mark.django_db(transaction=True)
def test_sweeping_may_be_killed_before_any_write(monkeypatch):
    batch = sent_back(submitted(draft()), monkeypatch)
    assert lines_of(batch) == 3 * PRODUCTS
    for statement in (1, 2, 5, 9, 14):
        assert kill(lambda: freezing.sweep(batch), statement)
    batch = submitted(batch)
    assert lines_of(batch) == 3 * PRODUCTS
    workflow.publish(approved(batch), by=make_user("publisher"))
    assert list(all_faults()) == index_faults() == []


def test_a_batch_that_is_sent_back_or_cancelled_keeps_no_lines():
    batch = workflow.send_back(submitted(draft()), by=make_user("reviewer"), reason="改正")
    assert lines_of(batch) == 0
    batch = workflow.cancel(submitted(batch), by=batch.created_by, reason="不办了")
    assert lines_of(batch) == 0
    assert index_faults() == []


def test_loose_lines_are_in_no_index_and_are_redacted_as_all_others(monkeypatch):
    product = make_product(brand="张叁牌")
    publish_products(product)
    product.models_text = "新型号"
    product.save()
    batch = submitted(enter(make_batch(kind="adjustment"), product))
    batch = sent_back(batch, monkeypatch)
    redact(ProductLine.objects.current().get().key, "brand", basis="当事人申请")
    assert tables_with("张叁牌") == []
    for collection in kept():
        rebuild(collection)
    assert index_faults() == []
    freezing.sweep(batch)
    assert lines_of(batch) == 0
    assert list(all_faults()) == index_faults() == []


def test_a_publication_that_is_refused_leaves_an_attempt():
    with pytest.raises(NotAllowed):
        workflow.publish(approved(submitted(draft(1))), by=make_user("visitor"))
    assert AuditEvent.objects.filter(step="batch.published", is_success=False).count() == 1


@pytest.mark.parametrize("act", ["submit", "publish"])
def test_the_number_of_statements_does_not_grow_with_the_lines(act, monkeypatch):
    monkeypatch.setattr(freezing, "LINES_A_STEP", 100)
    counts = []
    for ordinal, products in ((1, 2), (2, 12)):
        batch = draft(products, ordinal=ordinal)
        if act == "publish":
            batch = approved(submitted(batch))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            submitted(batch) if act == "submit" else workflow.publish(batch, by=make_user("publisher"))
        told = [query for query in queries if "index_" not in query["sql"]]
        counts.append(len(told))
        if act == "submit":
            workflow.cancel(Batch.objects.get(pk=batch.pk), by=batch.created_by, reason="不办了")
    assert counts[1] <= counts[0] + 2


def test_an_enterprise_is_taken_off_by_as_many_statements_whatever_it_makes():
    counts = []
    for ordinal, products in ((1, 2), (2, 12)):
        maker = make_enterprise()
        publish_products(*(make_product(enterprise=maker) for _ in range(products)), ordinal=ordinal)
        batch = make_batch(kind="adjustment", ordinal=ordinal)
        reason = compile.Reason("fraud", "弄虚作假", fact_on=datetime.date(2026, 1, 2))
        with CaptureQueriesContext(connection) as queries:
            made = compile.act_on(batch, maker, Action.REMOVE, by=batch.created_by, reason=reason)
        assert made == batch.entries.filter(action="remove", fact_on=reason.fact_on).count() == products + 1
        counts.append(len(queries))
        workflow.cancel(batch, by=batch.created_by, reason="不办了")
    assert counts[0] == counts[1]
