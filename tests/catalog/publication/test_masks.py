"""Bitmaps are made from those of an edition before, stored with their edition, and worked out once for all who wait."""

import contextlib
import datetime
from threading import Event, Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.publication.compiling import compile
from catalog.publication.compiling.compile import Reason
from catalog.publication.compiling.problems import BatchRefused
from catalog.publication.models import Action, ReasonCode
from catalog.publication.publishing import workflow
from catalog.publication.publishing.holds import set_hold
from catalog.publication.search import bitmaps, moments
from catalog.publication.search.bitmaps import enterprise_bitmaps, product_bitmaps
from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.index import collections
from portal.core.index.models import IndexState, KeptMasks, Posting
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

from .stories import next_ordinal

TODAY = clock.today()
DAYS = [TODAY + datetime.timedelta(days=days) for days in (-1, 0, 1, 40, 4000)]
BOTH = ((product_bitmaps, bitmaps._product_bitmaps), (enterprise_bitmaps, bitmaps._enterprise_bitmaps))


def restart() -> None:
    """As another process that has just come up."""
    moments._kept.clear()


def agree(edition: int, day: datetime.date) -> None:
    """What is made from other bitmaps is what is made from nothing."""
    restart()
    for kept, compute in BOTH:
        assert kept(edition, day) == compute(edition, day, None), (edition, day, compute)


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["list", "list locally", "remove", "expire", "hold", "rebuild"]), st.integers(0, 3)
    ),
    min_size=1,
    max_size=5,
)


@pytest.mark.django_db
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS)
def test_whatever_was_published_the_bitmaps_are_those_made_from_nothing(acts):
    enterprise = make_enterprise()
    soon = make_certificate(valid_until=TODAY + datetime.timedelta(days=30))
    products = [
        make_product(enterprise=enterprise, certificate=soon if n % 2 else make_certificate())
        for n in range(4)
    ]
    publish_products(products[0])
    for kind, place in acts:
        do(kind, products[place])
        for day in DAYS:
            agree(Edition.objects.current_number(), day)
    for edition in range(1, Edition.objects.current_number() + 1, 3):
        agree(edition, TODAY)


def do(kind: str, product) -> None:
    if kind == "rebuild":
        for room in collections.kept():
            rebuild(room)
    elif kind == "hold":
        with contextlib.suppress(NotAllowed):
            set_hold(product, by=make_user("publisher"), reason="核实")
    elif kind == "list":
        issue(make_batch(ordinal=next_ordinal()), product)
    elif kind == "list locally":
        issue(make_batch(publisher="350000", ordinal=next_ordinal()), product)
    elif kind == "expire":
        product.certificate.valid_until -= datetime.timedelta(days=1)
        product.certificate.save()
        product.brand += "新"
        product.save()
        issue(make_batch(kind="adjustment", ordinal=next_ordinal()), product)
    else:
        issue(make_batch(kind="adjustment", ordinal=next_ordinal()), product, is_removed=True)


def issue(batch, product, *, is_removed: bool = False) -> None:
    """Publish what the act comes to; what is not possible now is given up."""
    reason = Reason(ReasonCode.values[0], "测试")
    try:
        if is_removed:
            compile.act_on(batch, product, Action.REMOVE, by=batch.created_by, reason=reason)
        else:
            compile.enter_products(batch, [product], by=batch.created_by)
            compile.enter_missing_enterprises(batch, by=batch.created_by)
        publish(batch)
    except (NotAllowed, BatchRefused):
        batch.refresh_from_db()
        workflow.cancel(batch, by=batch.created_by, reason="此路不通")


@pytest.mark.django_db
def test_another_process_reads_what_was_made_with_the_edition(monkeypatch, django_assert_num_queries):
    publish_products(make_product())
    number = Edition.objects.current_number()
    restart()
    for _kept, compute in BOTH:
        monkeypatch.setattr(bitmaps, compute.__name__, lambda *given: pytest.fail("made again"))
    with django_assert_num_queries(3):
        assert len(product_bitmaps(number, TODAY).everything) == 1
    with django_assert_num_queries(1):
        product_bitmaps(number, TODAY)


@pytest.mark.django_db
def test_a_publication_that_is_taken_back_leaves_no_bitmaps(monkeypatch):
    batch = enter(make_batch(ordinal=next_ordinal()), make_product())
    approved = workflow.approve(workflow.submit(batch, by=batch.created_by), by=make_user("reviewer"))

    def fail(*given):
        prepare(*given)
        raise RuntimeError

    prepare = bitmaps.prepare_bitmaps
    monkeypatch.setattr(workflow, "prepare_bitmaps", fail)
    with pytest.raises(RuntimeError):
        workflow.publish(approved, by=make_user("publisher"))
    assert not KeptMasks.objects.exists()


@pytest.mark.django_db
def test_those_of_a_very_large_batch_are_made_when_nobody_waits_for_the_lock_any_more(
    monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(workflow, "LINES_WITH_BITMAPS", 1)
    with django_capture_on_commit_callbacks(execute=True):
        publish_products(make_product())
        number = Edition.objects.current_number()
        assert not KeptMasks.objects.exists()
        assert len(product_bitmaps(number, TODAY).everything) == 1, "whoever reads in between makes them"
    assert {kept.edition for kept in KeptMasks.objects.all()} == {number}
    restart()
    for _kept, compute in BOTH:
        monkeypatch.setattr(bitmaps, compute.__name__, lambda *given: pytest.fail("made again"))
    assert len(product_bitmaps(number, TODAY).everything) == 1


@pytest.mark.django_db
def test_bitmaps_of_another_database_are_not_taken_for_ones_own():
    """As after a restore: the number is the same, its token is not."""
    publish_products(make_product())
    KeptMasks.objects.update(token="elsewhere")
    publish_products(make_product())
    agree(Edition.objects.current_number(), TODAY)


@pytest.mark.django_db
def test_bitmaps_of_old_editions_are_let_go_of():
    for _ in range(moments.STORED + 2):
        publish_products(make_product())
    assert KeptMasks.objects.filter(collection="products").count() == moments.STORED
    assert KeptMasks.objects.filter(edition=Edition.objects.current_number()).count() == 2


@pytest.mark.django_db
def test_lines_that_the_index_does_not_know_yet_stand_nowhere():
    """As after a restore of the tables alone: lists are empty until the index is built, and no page fails."""
    product = make_product()
    publish_products(product)
    publish_products(product, publisher="330000")
    Posting.objects.all().delete()
    KeptMasks.objects.all().delete()
    IndexState.objects.update(stamp="another", built="another")
    restart()
    assert not product_bitmaps(Edition.objects.current_number(), TODAY).everything


@pytest.mark.django_db
def test_a_moment_before_the_first_edition_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        for kept, _compute in BOTH:
            found = kept(0, TODAY)
            assert not found.everything
            assert not found.of("current")
            assert not found.of("removed")


def test_one_thread_works_out_what_the_others_wait_for(monkeypatch):
    monkeypatch.setattr(moments, "read_from", lambda edition: ("token",))
    restart()
    begun, may_end, computed, found = Event(), Event(), [], []

    def compute() -> str:
        computed.append(1)
        begun.set()
        assert may_end.wait(10)
        return "bitmaps"

    def ask() -> None:
        found.append(moments.remembered("one flight", 1, TODAY, compute))

    first, *others = [Thread(target=ask) for _ in range(4)]
    first.start()
    assert begun.wait(10)
    for thread in others:
        thread.start()
    may_end.set()
    for thread in (first, *others):
        thread.join(10)
    assert found == ["bitmaps"] * 4
    assert computed == [1]


def test_where_one_thread_fails_the_next_one_tries(monkeypatch):
    monkeypatch.setattr(moments, "read_from", lambda edition: ("token",))
    restart()
    with pytest.raises(ZeroDivisionError):
        moments.remembered("failing", 1, TODAY, lambda: 1 // 0)
    assert moments.remembered("failing", 1, TODAY, lambda: "bitmaps") == "bitmaps"
    assert not moments._flights
