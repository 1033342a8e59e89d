"""The way of a batch from draft to the public, asked from outside."""

import datetime

import pytest
import time_machine

from catalog.publication.compiling import compile
from catalog.publication.compiling.problems import BatchRefused
from catalog.publication.models import Batch, CertificateLine, EnterpriseLine, ProductLine
from catalog.publication.publishing import workflow
from portal.core.audit.models import AuditEvent
from portal.core.editions import clock
from portal.core.editions.models import Edition, Installation
from portal.core.workflow import NoPermission, NotAllowed
from tests.catalog.publication.stories import public_products
from tests.make import (
    enter,
    make_batch,
    make_certificate,
    make_division,
    make_product,
    make_requirement,
    make_user,
    publish,
    publish_products,
)

pytestmark = pytest.mark.django_db


def test_publishing_gives_every_line_the_edition_and_a_number_with_a_check_digit():
    product = make_product()
    batch = publish_products(product)
    line = public_products().get()
    assert batch.state == Batch.State.PUBLISHED
    assert (line.name, line.from_edition_id, line.number) == (product.name, batch.edition_id, "0000001-3")
    assert EnterpriseLine.objects.public(batch.edition_id).get().uscc == product.enterprise.uscc
    assert CertificateLine.objects.public(batch.edition_id).get().number == product.certificate.number
    assert not public_products(batch.edition_id - 1).exists()
    assert Installation.current_kind() == Installation.Kind.REAL


def test_a_working_row_edited_after_approval_does_not_reach_the_public():
    product = make_product(name="批准时的名称")
    batch = enter(make_batch(), product)
    batch = workflow.submit(batch, by=batch.created_by)
    batch = workflow.approve(batch, by=make_user("reviewer"))
    product.name = "批准后改的名称"
    product.save()
    workflow.publish(batch, by=make_user("publisher"))
    assert public_products().get().name == "批准时的名称"


def test_nobody_approves_what_they_compiled_or_submitted_not_even_a_superuser():
    compiler = make_user("editor", "reviewer")
    submitter = make_user(is_superuser=True)
    batch = workflow.submit(enter(make_batch(by=compiler), make_product()), by=submitter)
    for person in (submitter, compiler):
        with pytest.raises(NoPermission) as refused:
            workflow.approve(batch, by=person)
        assert refused.value.rule == "step.same_person"
    batch.refresh_from_db()
    assert batch.state == Batch.State.SUBMITTED
    assert AuditEvent.objects.filter(step="batch.approved", is_success=False).count() == 2


def test_two_accounts_of_one_person_are_one_pair_of_eyes():
    submitter = make_user("editor", person="工号7")
    batch = workflow.submit(enter(make_batch(by=submitter), make_product()), by=submitter)
    with pytest.raises(NoPermission) as refused:
        workflow.approve(batch, by=make_user("reviewer", person="工号7"))
    assert refused.value.rule == "step.same_person"


def test_an_approver_with_an_old_digest_is_told_to_read_again():
    batch = workflow.submit(enter(make_batch(), make_product()), by=make_user("editor"))
    old = batch.digest
    batch = workflow.send_back(batch, by=make_user("reviewer"), reason="型号不全")
    batch = workflow.submit(enter(batch, make_product()), by=batch.created_by)
    with pytest.raises(NotAllowed) as refused:
        workflow.approve(batch, by=make_user("reviewer"), digest=old)
    assert refused.value.rule == "batch.digest"


def test_sending_back_needs_a_reason_drops_the_lines_and_keeps_the_entries():
    batch = workflow.submit(enter(make_batch(), make_product()), by=make_user("editor"))
    with pytest.raises(NotAllowed) as refused:
        workflow.send_back(batch, by=make_user("reviewer"), reason="  ")
    assert refused.value.rule == "step.reason"
    batch = workflow.send_back(batch, by=make_user("reviewer"), reason="型号不全")
    assert batch.state == Batch.State.DRAFT
    assert not ProductLine.objects.exists()
    assert batch.entries.filter(product__isnull=False).count() == 1


@pytest.mark.parametrize(
    "change", [{"valid_until": clock.today()}, {"status": "revoked", "status_on": clock.today()}]
)
def test_a_certificate_that_ends_between_approval_and_publication_stops_the_batch_and_names_the_line(change):
    today = clock.today()
    certificate = make_certificate(valid_until=today + datetime.timedelta(days=3))
    product = make_product(certificate=certificate, name="临期卷材")
    batch = workflow.submit(enter(make_batch(), product), by=make_user("editor"))
    batch = workflow.approve(batch, by=make_user("reviewer"))
    if "status" in change:
        # The withdrawal becomes public through another batch; the frozen line then replaces a line that is gone.
        other = make_batch(publisher="350000")
        for name, value in change.items():
            setattr(certificate, name, value)
        certificate.save()
        compile.enter_certificates(other, [certificate], by=other.created_by)
        publish(other)
        moment = datetime.datetime.now(datetime.UTC)
    else:
        moment = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=5)
    with time_machine.travel(moment, tick=False), pytest.raises(BatchRefused) as refused:
        workflow.publish(batch, by=make_user("publisher"))
    assert refused.value.rule in {"line.certificate", "line.stale"}
    assert any(name in str(refused.value) for name in ("临期卷材", certificate.number))
    assert not public_products().exists()


def test_a_line_replaced_by_another_batch_since_submission_stops_the_batch_and_nothing_is_published():
    product = make_product()
    publish_products(product)
    product.brand = "第一次改"
    product.save()
    first = workflow.submit(enter(make_batch(kind="adjustment"), product), by=make_user("editor"))
    first = workflow.approve(first, by=make_user("reviewer"))
    product.brand = "第二次改"
    product.save()
    publish(enter(make_batch(kind="adjustment", ordinal=2), product, make_product()))
    with pytest.raises(BatchRefused) as refused:
        workflow.publish(first, by=make_user("publisher"))
    assert refused.value.rule == "line.stale"
    assert product.name in str(refused.value)
    assert public_products().get(product=product).brand == "第二次改"
    assert Edition.objects.count() == 2


def test_a_product_without_a_listed_enterprise_is_refused_at_submission_and_named():
    batch = make_batch()
    product = make_product()
    compile.enter_products(batch, [product], by=batch.created_by)
    with pytest.raises(BatchRefused) as refused:
        workflow.submit(batch, by=batch.created_by)
    assert refused.value.rule == "line.enterprise"
    assert product.enterprise.name in str(refused.value)


def test_publishing_twice_is_refused_and_makes_one_edition():
    batch = publish_products()
    with pytest.raises(NotAllowed) as refused:
        workflow.publish(batch, by=make_user("publisher"))
    assert refused.value.rule == "step.state"
    assert Edition.objects.count() == 1


def test_an_empty_batch_is_not_submitted():
    batch = make_batch()
    with pytest.raises(BatchRefused) as refused:
        workflow.submit(batch, by=batch.created_by)
    assert refused.value.rule == "batch.empty"


def test_a_batch_without_notice_needs_a_written_basis():
    batch = enter(make_batch(notice_waiver=" "), make_product())
    with pytest.raises(NotAllowed) as refused:
        workflow.submit(batch, by=batch.created_by)
    assert refused.value.rule == "batch.notice_waiver"


def test_a_batch_in_notice_is_published_only_after_its_last_day():
    batch = workflow.submit(enter(make_batch(notice_days=7), make_product()), by=make_user("editor"))
    batch = workflow.approve(batch, by=make_user("reviewer"))
    publisher = make_user("publisher")
    with pytest.raises(NotAllowed) as refused:
        workflow.publish(batch, by=publisher)
    assert refused.value.rule == "batch.notice_not_opened"
    batch = workflow.open_notice(batch, by=publisher)
    assert batch.state == Batch.State.IN_NOTICE
    assert not public_products().exists()
    with pytest.raises(NotAllowed) as refused:
        workflow.publish(batch, by=publisher)
    assert refused.value.rule == "batch.notice_open"
    last_evening = datetime.datetime.combine(batch.notice_until, datetime.time(23, 59, 59), clock.SHANGHAI)
    with time_machine.travel(last_evening, tick=False), pytest.raises(NotAllowed):
        workflow.publish(batch, by=publisher)
    with time_machine.travel(last_evening + datetime.timedelta(seconds=1), tick=False):
        workflow.publish(batch, by=publisher)
    assert public_products().count() == 1


def test_a_stopped_notice_keeps_its_lines_and_its_reason():
    batch = workflow.submit(enter(make_batch(notice_days=7), make_product()), by=make_user("editor"))
    batch = workflow.open_notice(workflow.approve(batch, by=make_user("reviewer")), by=make_user("publisher"))
    batch = workflow.stop_notice(batch, by=make_user("publisher"), reason="收到异议，属实")
    assert (batch.state, batch.cancelled_reason) == (Batch.State.CANCELLED, "收到异议，属实")
    assert batch.product_lines.count() == 1
    assert Batch.objects.public(Edition.objects.current_number()).get() == batch
    assert Edition.objects.count() == 2


def test_a_second_draft_of_one_publisher_and_kind_is_refused_but_another_publisher_has_its_own():
    first = make_batch()
    with pytest.raises(NotAllowed) as refused:
        make_batch(ordinal=2)
    assert refused.value.rule == "batch.draft_exists"
    local = make_batch(publisher="350000")
    assert {first.slug, local.slug} == {f"{first.year}-1", f"350000-{first.year}-1"}


def test_an_uncertified_product_is_only_on_the_list_of_the_region_that_set_the_requirement():
    make_division()
    requirement = make_requirement()
    product = make_product(requirement=requirement)
    national = enter(make_batch(), product)
    with pytest.raises(BatchRefused) as refused:
        workflow.submit(national, by=national.created_by)
    assert refused.value.rule == "line.requirement"
    publish(enter(make_batch(publisher="350000"), product))
    line = public_products().get()
    assert (line.basis, line.requirement_title, line.publisher) == ("local", requirement.title, "350000")


def test_an_officer_compiles_for_the_own_region_only():
    officer = make_user("pilot_officer:350000")
    assert make_batch(by=officer, publisher="350000").slug.startswith("350000-")
    for publisher in ("national", "370000"):
        with pytest.raises(NoPermission):
            make_batch(by=officer, publisher=publisher)


def test_a_batch_that_was_submitted_takes_no_more_entries():
    batch = workflow.submit(enter(make_batch(), make_product()), by=make_user("editor"))
    with pytest.raises(NotAllowed) as refused:
        enter(batch, make_product(), by=make_user("editor"))
    assert refused.value.rule == "batch.state"


def test_two_batches_of_one_day_are_both_readable_by_their_edition():
    first, second = publish_products(), publish_products()
    assert public_products(first.edition_id).count() == 1
    assert public_products(second.edition_id).count() == 2


def test_the_audit_says_who_took_each_step():
    batch = publish_products()
    steps = list(
        AuditEvent.objects.filter(target_id=str(batch.pk), is_success=True)
        .order_by("id")
        .values_list("step", flat=True)
    )
    assert [step for step in steps if not step.startswith("batch.entries")] == [
        "batch.opened",
        "batch.submitted",
        "batch.approved",
        "batch.published",
    ]
    published = AuditEvent.objects.get(target_id=str(batch.pk), step="batch.published")
    assert published.details == {"digest": batch.digest, "edition": batch.edition_id}
