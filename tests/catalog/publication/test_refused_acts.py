"""Acts on batches that are refused, each by its rule, and what they leave: nothing."""

import pytest

from catalog.publication.compiling import compile
from catalog.publication.compiling.metadata import change_metadata
from catalog.publication.compiling.numbering import (
    BatchNumber,
    current_draft,
    draft_named,
    next_number,
    open_draft,
)
from catalog.publication.compiling.problems import BatchRefused
from catalog.publication.models import Action, Batch, BatchEntry, CertificateLine, ProductLine
from catalog.publication.publishing import workflow
from catalog.publication.publishing.holds import lift_hold, set_hold
from catalog.publication.publishing.redaction import redact
from catalog.publication.publishing.verify import by_itself
from portal.core.audit.models import AuditEvent
from portal.core.editions import clock, protection
from portal.core.editions.models import Edition
from portal.core.workflow import NotAllowed
from tests.make import (
    enter,
    make_batch,
    make_certificate,
    make_division,
    make_enterprise,
    make_product,
    make_user,
    publish,
    publish_products,
)

pytestmark = pytest.mark.django_db
WHY = compile.Reason("quality", "监督抽查不合格")


def rule_of(act, *arguments, **named) -> str:
    with pytest.raises(NotAllowed) as refused:
        act(*arguments, **named)
    return refused.value.rule


def approved(batch: Batch) -> Batch:
    return workflow.approve(workflow.submit(batch, by=batch.created_by), by=make_user("reviewer"))


def test_a_number_is_opened_once_by_who_may_for_a_publisher_and_a_year_that_there_are():
    batch, editor = make_batch(), make_user("editor")
    year, local = batch.year, make_user("pilot_officer:350000")
    make_division("350100", "福州市", "city")
    for publisher in ("999999", "350100"):
        assert rule_of(open_draft, BatchNumber(publisher, "batch", year, 1), by=editor) == "batch.publisher"
    assert rule_of(open_draft, BatchNumber("national", "batch", 2001, 1), by=editor) == "batch.campaign"
    assert rule_of(open_draft, BatchNumber("national", "batch", year, 2), by=editor) == "batch.draft_exists"
    assert rule_of(open_draft, BatchNumber("national", "erratum", year, 1), by=local) == "step.permission"
    workflow.cancel(batch, by=batch.created_by, reason="不办了")
    assert rule_of(open_draft, BatchNumber("national", "batch", year, 1), by=editor) == "batch.taken"
    assert next_number("national", "batch") == BatchNumber("national", "batch", clock.today().year, 2)
    assert next_number("national", "erratum", 2031).slug == "2031-k1"
    opened = current_draft("national", "batch", by=editor)
    assert opened == current_draft("national", "batch", by=editor) == draft_named(opened.slug, by=editor)
    assert (opened.ordinal, opened.campaign.slug, opened.created_by) == (2, str(year), editor)
    assert AuditEvent.objects.filter(step="batch.opened").count() == Batch.objects.count() == 2


def test_a_draft_is_named_by_its_number_while_it_is_one():
    batch, editor = enter(make_batch(), make_product()), make_user("editor")
    assert rule_of(draft_named, batch.slug, by=make_user("auditor")) == "step.permission"
    assert draft_named(f"{batch.year}-k1", by=editor).kind == "erratum"
    assert rule_of(draft_named, "9-9", by=editor) == "batch.slug"
    workflow.submit(batch, by=batch.created_by)
    assert rule_of(draft_named, batch.slug, by=editor) == "batch.state"
    assert rule_of(change_metadata, batch, by=editor, title="新") == "batch.state"
    assert rule_of(compile.enter_products, batch, [make_product()], by=editor) == "batch.state"


def test_the_head_of_a_draft_is_written_by_who_compiles_it_and_kept_with_what_it_was():
    batch = make_batch(notice_days=7)
    assert rule_of(change_metadata, batch, by=make_user("reviewer"), title="新") == "step.permission"
    changed = change_metadata(batch, by=batch.created_by, title="新的标题", notice_days=7)
    assert (changed.title, changed.notice_days) == ("新的标题", 7)
    assert AuditEvent.objects.get(step="batch.head_changed").details["before"] == {"title": batch.title}
    change_metadata(changed, by=batch.created_by, title="新的标题")
    assert AuditEvent.objects.filter(step="batch.head_changed").count() == 1


def test_an_act_is_one_of_three_has_a_reason_and_something_to_act_on():
    product, unlisted = make_product(), make_product()
    publish_products(product)
    batch = make_batch(kind="adjustment")
    told = {"by": batch.created_by, "reason": WHY}
    assert rule_of(compile.act_on, batch, product, Action.CHANGE, **told) == "entry.action"
    assert (
        rule_of(compile.act_on, batch, product, Action.REMOVE, by=make_user("auditor"), reason=WHY)
        == "step.permission"
    )
    for reason in (compile.Reason("", "说明"), compile.Reason("quality", " \n")):
        assert (
            rule_of(compile.act_on, batch, product, Action.REMOVE, by=batch.created_by, reason=reason)
            == "entry.reason"
        )
    for target, action in (
        (unlisted, Action.REMOVE),
        (product, Action.RESUME),
        (unlisted.certificate, Action.SUSPEND),
    ):
        assert rule_of(compile.act_on, batch, target, action, **told) == "entry.nothing"
    local = make_batch(publisher="350000", kind="adjustment")
    for target in (product, product.enterprise, product.certificate):
        assert compile.touched_by(batch, target, Action.REMOVE).count == (
            2 if target == product.enterprise else 1
        )
        assert compile.touched_by(local, target, Action.REMOVE).count == 0
    assert not BatchEntry.objects.filter(batch__in=[batch, local]).exists()
    assert compile.act_on(batch, product, Action.SUSPEND, source="检查", **told) == 1
    assert compile.act_on(batch, product, Action.REMOVE, source="检查", **told) == 1
    entry = batch.entries.get()
    assert (entry.action, entry.source, entry.reason_code, entry.publisher) == (
        "remove",
        "检查",
        "quality",
        "national",
    )
    assert compile.take_out(batch, BatchEntry.objects.all(), by=batch.created_by) == 1
    assert [
        event.details["count"] for event in AuditEvent.objects.filter(step="batch.entries_taken_out")
    ] == [1]


def test_what_is_entered_gets_the_action_that_fits_what_is_public():
    listed, new, removed = make_product(), make_product(), make_product()
    publish_products(listed, removed)
    taken_off = make_batch(kind="adjustment")
    compile.act_on(taken_off, removed, Action.REMOVE, by=taken_off.created_by, reason=WHY)
    publish(taken_off)
    batch, erratum = make_batch(kind="adjustment", ordinal=2), make_batch(kind="erratum")
    by = batch.created_by
    assert compile.enter_products(batch, [listed, new, removed], by=by, source="表") == 3
    assert compile.enter_products(batch, [listed, new], by=by) == 0
    found = {entry.product: entry for entry in batch.entries.all()}
    assert {product: entry.action for product, entry in found.items()} == {
        listed: "change",
        new: "list",
        removed: "relist",
    }
    assert {(entry.source, entry.reason_code) for entry in found.values()} == {("表", "")}
    assert (
        AuditEvent.objects.filter(step="batch.entries_added", target_id=str(batch.pk)).get().details["count"]
        == 3
    )
    compile.enter_products(erratum, [listed], by=erratum.created_by)
    compile.enter_products(erratum, [removed], by=erratum.created_by, reason=WHY)
    assert compile.enter_certificates(erratum, [listed.certificate], by=erratum.created_by) == 1
    assert compile.enter_certificates(erratum, [listed.certificate], by=erratum.created_by) == 0
    assert list(erratum.entries.values_list("action", "reason_code")) == [
        ("correct", "clerical"), ("correct", "quality"), ("correct", "clerical"),
    ]  # fmt: skip
    assert compile.enter_missing_enterprises(batch, by=by) == 1
    assert batch.entries.get(enterprise__isnull=False).enterprise == new.enterprise


def test_what_cannot_follow_from_what_is_public_is_told_by_name():
    product = make_product()
    publish_products(product)
    batch = make_batch(kind="adjustment")
    compile.enter_enterprises(batch, [product.enterprise], by=batch.created_by)
    assert rule_of(workflow.submit, batch, by=batch.created_by) == "batch.empty"  # nothing of it has changed
    batch.entries.update(action=Action.RELIST)
    batch.entries.create(publisher="national", product=product, action=Action.LIST)
    with pytest.raises(BatchRefused) as refused:
        workflow.submit(batch, by=batch.created_by)
    assert [problem.rule for problem in refused.value.problems] == ["line.action"] * 2
    assert "现在的状态是「在列」，不能「重新列入」" in refused.value.problems[0].sentence
    assert refused.value.problems[1].name == product.name


def test_frozen_lines_that_were_altered_are_neither_shown_nor_published():
    noticed, plain = make_batch(notice_days=7), make_batch(publisher="350000")
    for batch in (noticed, plain):
        approved(enter(batch, make_product()))
    protection.remove()
    ProductLine.objects.all().stamp(digest="0" * 64)
    publisher, editions = make_user("publisher"), Edition.objects.count()
    assert rule_of(workflow.open_notice, noticed, by=publisher) == "batch.altered"
    assert rule_of(workflow.publish, plain, by=publisher) == "batch.altered"
    assert Edition.objects.count() == editions
    assert not ProductLine.objects.current().exists()


def test_steps_of_a_batch_that_do_not_fit_it_are_refused():
    plain, publisher = approved(enter(make_batch(), make_product())), make_user("publisher")
    assert rule_of(workflow.open_notice, plain, by=publisher) == "batch.notice_days"
    make_batch(ordinal=2)
    assert rule_of(workflow.send_back, plain, by=make_user("reviewer"), reason="改") == "batch.draft_exists"
    cancelled = workflow.cancel(plain, by=plain.created_by, reason="由" * 301)
    assert (cancelled.state, cancelled.cancelled_reason) == ("cancelled", "由" * 300)
    assert not ProductLine.objects.filter(batch=plain).exists()


def test_a_hold_is_lifted_by_a_publisher_with_a_reason_while_it_stands():
    product, publisher = make_product(), make_user("publisher")
    publish_products(product)
    product.refresh_from_db()
    assert rule_of(lift_hold, product, by=publisher, reason="查清") == "hold.none"
    assert rule_of(set_hold, product, by=publisher, reason=" \u3000") == "hold.reason"
    yesterday = clock.today().replace(year=2020)
    assert rule_of(set_hold, product, by=publisher, reason="核实", until_on=yesterday) == "hold.until"
    hold = set_hold(product, by=publisher, reason=f" {'因' * 201}", until_on=clock.today())
    assert (hold.reason, hold.until_on, hold.set_by) == ("因" * 200, clock.today(), publisher)
    assert (hold.target_key, hold.key) == ("0000001-3", f"hold/product/{product.pk}")
    assert rule_of(lift_hold, product, by=make_user("reviewer"), reason="查清") == "step.permission"
    assert rule_of(lift_hold, product, by=publisher, reason="") == "hold.reason"
    lifted = lift_hold(product, by=publisher, reason="查清")
    assert (lifted.is_lifted, lifted.until_on, lifted.replaces) == (True, hold.until_on, hold)
    assert rule_of(lift_hold, product, by=publisher, reason="查清") == "hold.none"
    assert AuditEvent.objects.filter(step__in=["hold.set", "hold.lifted"]).count() == 2


def test_what_stands_on_a_certificate_is_redacted_wherever_its_owners_say_it():
    certificate = make_certificate(applicant_name="示例张叁", maker_name="示例张叁")
    enterprise = make_enterprise()
    product = make_product(enterprise=enterprise, certificate=certificate, brand="示例张叁")
    publish_products(product)
    key = CertificateLine.objects.get().key
    done = redact(key, "applicant_name", basis=" 当事人 申请 ")
    assert {field for _key, field in done.lines} == {"applicant_name", "maker_name", "brand"}
    line = CertificateLine.objects.get()
    assert (line.applicant_name, line.redacted) == ("", ["applicant_name", "maker_name"])
    certificate.refresh_from_db()
    product.refresh_from_db()
    assert (certificate.maker_name, product.brand) == ("", "")
    assert done.edition is not None
    assert (done.edition.subject, done.edition.header["basis"]) == (key, "当事人 申请")
    assert rule_of(redact, key, "applicant_name", basis="再申请") == "redaction.nothing"


def test_the_night_looks_at_the_chain_and_says_what_it_found():
    publish_products()
    assert (by_itself().is_good, "完好" in by_itself().sentence) == (True, True)
    protection.remove()
    Batch.objects.update(title="改过的标题", basis="改过的依据")
    report = by_itself()
    assert not report.is_good
    assert report.sentence.startswith("发现不符：")
    assert "title" in report.sentence
    assert "；" in report.sentence
