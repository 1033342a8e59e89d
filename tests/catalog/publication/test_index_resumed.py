"""A job that was killed while it indexed a batch goes on where it was, and leaves nothing of its own behind."""

from dataclasses import replace

import pytest
from django.db import connection

from catalog.publication.models import Batch, ProductLine
from catalog.publication.publishing import workflow
from catalog.publication.publishing.redaction import redact
from catalog.publication.search import preparation
from portal.core.index.models import Posting
from tests.make import enter, make_batch, make_enterprise, make_product

from .stories import index_faults, next_ordinal
from .test_index_rebuild import Killed, kill_at

LINES = 7
SECRET = "张叁建材经营部"


@pytest.fixture
def unprepared(monkeypatch) -> Batch:
    """Frozen in steps of two lines; its job has not run."""
    monkeypatch.setattr(preparation, "LINES_A_STEP", 2)
    later = type("Later", (), {"enqueue": staticmethod(lambda pk: None)})
    enterprise = make_enterprise(name=SECRET)
    with monkeypatch.context() as patch:
        patch.setattr(workflow, "prepare_index", later)
        products = [make_product(enterprise=enterprise) for _ in range(LINES)]
        batch = enter(make_batch(ordinal=next_ordinal()), *products)
        return workflow.submit(batch, by=batch.created_by)


def counting(monkeypatch) -> list[int]:
    """How many lines are tokenised, step by step."""
    steps: list[int] = []

    def counted(register):
        def documents_of(lines):
            steps.append(len(lines))
            return register.documents_of(lines)

        return replace(register, documents_of=documents_of)

    monkeypatch.setattr(preparation, "REGISTERS", tuple(map(counted, preparation.REGISTERS)))
    return steps


@pytest.mark.django_db(transaction=True)
def test_killed_at_any_statement_it_goes_on_and_makes_no_line_twice(monkeypatch, unprepared):
    statement, steps = 0, counting(monkeypatch)
    while True:
        try:
            with connection.execute_wrapper(kill_at(statement)):
                preparation.prepare(unprepared)
        except Killed:
            assert not preparation.is_prepared(unprepared)
            statement += 4
        else:
            break
    assert index_faults() == []
    assert not Posting.objects.filter(term__startswith="written:").exists()
    written_steps = -(-LINES // 2) + 1  # of products, and the one enterprise
    assert len(steps) < statement / 4 + written_steps + 1  # a step that was written is not made again


@pytest.mark.django_db(transaction=True)
def test_what_was_redacted_while_the_job_lay_dead_is_not_written_again(unprepared):
    with pytest.raises(Killed), connection.execute_wrapper(kill_at(40)):
        preparation.prepare(unprepared)
    assert Posting.objects.filter(term__startswith="written:").exists()
    redact(ProductLine.objects.first().key, "enterprise_name", basis="示例〔2026〕1号")
    preparation.prepare(unprepared)
    assert index_faults() == []
    assert not Posting.objects.filter(term__startswith="written:").exists()
    assert not Posting.objects.filter(term__contains="张叁").exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_redacted_between_the_reading_and_the_writing_is_not_written(monkeypatch, unprepared):
    gather, steps = preparation.gather, []

    def overtaken(documents, said):
        gathered = gather(documents, said)
        if not steps:
            redact(ProductLine.objects.first().key, "enterprise_name", basis="示例〔2026〕1号")
        steps.append(said)
        return gathered

    monkeypatch.setattr(preparation, "gather", overtaken)
    preparation.prepare(unprepared)
    assert index_faults() == []
    assert not Posting.objects.filter(term__contains="张叁").exists()


@pytest.mark.django_db(transaction=True)
def test_a_batch_that_is_sent_back_leaves_no_mark_of_a_dead_job(unprepared):
    with pytest.raises(Killed), connection.execute_wrapper(kill_at(40)):
        preparation.prepare(unprepared)
    workflow.cancel(unprepared, by=unprepared.created_by, reason="放错了")
    assert index_faults() == []
    assert not Posting.objects.filter(term__startswith="written:").exists()
