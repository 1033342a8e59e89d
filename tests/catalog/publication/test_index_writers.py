"""What is written beside a rebuild, a job or another writer: the index is whole afterwards, and keeps nothing redacted."""

import contextlib
import datetime
from dataclasses import replace

import pytest
from django.core.management import call_command

from catalog.publication.models import Batch, ProductLine
from catalog.publication.publishing import workflow
from catalog.publication.publishing.redaction import redact
from catalog.publication.search import preparation
from catalog.publication.tasks import prepare_index
from portal.core.index import collections
from portal.core.index.building import Building
from portal.core.index.models import Posting, SortKey
from portal.core.index.rebuilding import rebuild
from portal.core.workflow import NotAllowed
from tests.make import (
    enter,
    make_batch,
    make_certificate,
    make_enterprise,
    make_product,
    make_user,
    publish,
    publish_products,
)

from .stories import change_certificate, index_faults, next_ordinal, text_of
from .test_two_at_once import at_once

SECRET = "张叁建材经营部"


def frozen(*products) -> Batch:
    batch = enter(make_batch(ordinal=next_ordinal()), *(products or (make_product(),)))
    return workflow.submit(batch, by=batch.created_by)


def submit_another() -> None:
    frozen(make_product(name="丙瓦"))


def send_back_all() -> None:
    for batch in Batch.objects.filter(state="submitted"):
        workflow.send_back(batch, by=make_user("reviewer"), reason="重来")


def cancel_all() -> None:
    for batch in Batch.objects.filter(state="submitted"):
        workflow.cancel(batch, by=batch.created_by, reason="放错了")


def publish_all() -> None:
    for batch in Batch.objects.filter(state="submitted"):
        workflow.publish(workflow.approve(batch, by=make_user("reviewer")), by=make_user("publisher"))


def redact_name() -> None:
    redact(ProductLine.objects.get(enterprise_name=SECRET).key, "enterprise_name", basis="示例〔2026〕1号")


@pytest.mark.django_db
@pytest.mark.parametrize("act", [submit_another, send_back_all, cancel_all, publish_all, redact_name])
@pytest.mark.parametrize("moment", ["begun", "read", "written", "sorted"])
def test_whatever_happens_while_the_registers_are_rebuilt_the_index_is_whole(monkeypatch, act, moment):
    publish_products(make_product(name="甲瓦", enterprise=make_enterprise(name=SECRET)))
    frozen(make_product(name="乙瓦"))
    left = [act]

    def once() -> None:
        if left:
            left.pop()()

    hooks = {
        "begun": (Building, "write_keys"),
        "read": (Building, "write_postings"),
        "written": (Building, "swap"),
        "sorted": (Building, "_swap_in"),
    }
    owner, name = hooks[moment]
    own = getattr(owner, name)

    def after_the_act(self, *given):
        if moment != "sorted":
            once()
        return own(self, *given)

    monkeypatch.setattr(owner, name, after_the_act)
    if moment == "sorted":
        sort = Building._orders
        monkeypatch.setattr(Building, "_orders", lambda self: [sort(self), once()][0])
    for room in collections.kept():
        rebuild(room)
    assert not left
    assert index_faults() == []
    if act is redact_name:
        assert not Posting.objects.filter(term__contains="张叁").exists()
        assert not SortKey.objects.filter(keys__icontains="zhangsan").exists()


def between_reading_and_writing(monkeypatch, act) -> None:
    """The act happens when the job has read the lines and made their terms, and has not written them yet."""
    left = [act]

    def hooked(register):
        def documents_of(lines):
            documents = register.documents_of(lines)
            if left:
                left.pop()()
            return documents

        return replace(register, documents_of=documents_of)

    monkeypatch.setattr(preparation, "REGISTERS", tuple(map(hooked, preparation.REGISTERS)))


@pytest.fixture
def unprepared(monkeypatch) -> Batch:
    """Frozen; its job has not run."""
    with monkeypatch.context() as patch:
        patch.setattr(
            workflow, "prepare_index", type("Later", (), {"enqueue": staticmethod(lambda pk: None)})
        )
        return frozen(make_product(name="甲瓦", enterprise=make_enterprise(name=SECRET)))


@pytest.mark.django_db
@pytest.mark.parametrize("act", [send_back_all, cancel_all])
def test_a_job_beside_a_returned_or_cancelled_batch_leaves_no_posting_of_dropped_lines(
    monkeypatch, unprepared, act
):
    between_reading_and_writing(monkeypatch, act)
    prepare_index.func(unprepared.pk)
    assert not ProductLine.objects.exists()
    assert index_faults() == []
    assert not SortKey.objects.exists()


@pytest.mark.django_db
def test_a_redaction_beside_the_job_is_not_undone_by_it(monkeypatch, unprepared):
    between_reading_and_writing(monkeypatch, redact_name)
    prepare_index.func(unprepared.pk)
    assert not Posting.objects.filter(term__contains="张叁").exists()
    assert index_faults() == []


@pytest.mark.django_db
def test_one_register_that_is_built_alone_does_not_speak_for_the_other(unprepared):
    (products,) = (room for room in collections.kept() if room.collection == "products")
    rebuild(products)
    assert not preparation.is_prepared(unprepared)
    preparation.ensure_prepared(unprepared)
    assert index_faults() == []


@pytest.mark.django_db
def test_a_batch_whose_lines_are_not_in_the_index_is_not_published(monkeypatch, unprepared):
    """As when it was sent back and submitted anew between the preparation and the lock."""
    batch = workflow.approve(unprepared, by=make_user("reviewer"))
    with monkeypatch.context() as patch:
        patch.setattr(workflow, "ensure_prepared", lambda batch: None)
        with pytest.raises(NotAllowed, match="再按一次「公布」"):
            workflow.publish(batch, by=make_user("publisher"))
    assert workflow.publish(batch, by=make_user("publisher")).state == "published"


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres_only
@pytest.mark.parametrize("end", [send_back_all, cancel_all])
def test_job_and_return_at_once_leave_the_index_whole(end):
    for _ in range(8):
        batch = frozen(*(make_product() for _ in range(3)))
        Posting.objects.all().delete()
        outcomes = at_once(lambda batch=batch: prepare_index.func(batch.pk), end)
        assert outcomes == [None, None]
        assert index_faults() == []
        with contextlib.suppress(NotAllowed):
            cancel_all()
            Batch.objects.filter(state="draft").update(state="cancelled")


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres_only
def test_a_rebuild_beside_every_writer_at_once_leaves_the_index_whole():
    publish_products(make_product(enterprise=make_enterprise(name=SECRET)))
    outcomes = at_once(
        lambda: [call_command("build_index", verbosity=0) for _ in range(3)] and None,
        lambda: publish(enter(make_batch(kind="adjustment", ordinal=8), make_product())) and None,
        lambda: submit_another(),
        redact_name,
    )
    assert outcomes == [None] * 4
    assert index_faults() == []
    assert not Posting.objects.filter(term__contains="张叁").exists()


@pytest.mark.django_db
def test_a_frozen_line_is_found_by_what_is_said_of_its_certificate_when_it_becomes_public(client, settings):
    """Prepared long before its publication; meanwhile another batch said the certificate anew."""
    settings.PAGE_TOKEN_SECONDS = 0
    certificate = make_certificate(star="2", standard="T/CECS 10038-2019")
    publish_products(make_product(certificate=certificate))
    later = enter(make_batch(ordinal=next_ordinal()), make_product(certificate=certificate, name="后列的门"))
    later = workflow.submit(later, by=later.created_by)
    until = certificate.valid_until + datetime.timedelta(days=900)
    change_certificate(certificate, star="3", standard="T/CECS 10047-2019", valid_until=until)
    workflow.publish(
        workflow.approve(later, by=make_user("reviewer"), digest=later.digest), by=make_user("publisher")
    )
    assert index_faults() == []
    assert "后列的门" in text_of(client.get("/products/?star=3"))
    assert "后列的门" not in text_of(client.get("/products/?star=2"))
