"""What was redacted is not published again by mistake: not from a form, not from lines that were frozen before."""

import pytest

from catalog.enterprises.models import Enterprise
from catalog.products.models import Product
from catalog.publication.compiling.restating import permit_again, problems_of_batch
from catalog.publication.models import BatchEntry, EnterpriseLine, ProductLine, RedactedValue
from catalog.publication.publishing import workflow
from catalog.publication.publishing.contents import digest_of
from catalog.publication.publishing.redaction import redact
from portal.core.audit.models import AuditEvent
from portal.core.editions.models import Edition
from portal.core.workflow import NotAllowed
from tests.make import enter, make_batch, make_product, make_user, publish, publish_products
from tests.module_rows import laid_for_all

pytestmark = pytest.mark.django_db

BRAND = "张叁牌"


def _laid():
    """Listed, and then its brand was redacted."""
    product = make_product(brand=BRAND)
    publish_products(product)
    redact(ProductLine.objects.get().key, "brand", basis="当事人申请")
    product.refresh_from_db()
    return product


product, product_of_the_module = laid_for_all("product", _laid)


def rewritten(product: Product, **values):
    """A draft that changes the product, as somebody would have it whose form was open all the while."""
    Product.objects.filter(pk=product.pk).update(**values)
    product.refresh_from_db()
    return enter(make_batch(kind="adjustment"), product)


def submit(batch):
    return workflow.submit(batch, by=batch.created_by)


def frozen_before(batch, field_name: str, value: str):
    """The batch as an earlier release, or a slip, would have frozen it."""
    batch = submit(batch)
    line = ProductLine.objects.get(batch=batch)
    setattr(line, field_name, value)
    line.seal()
    line.save()
    type(batch).objects.filter(pk=batch.pk).update(digest=digest_of(batch))
    batch.refresh_from_db()
    return batch


@pytest.mark.parametrize("again", [BRAND, f" {BRAND}", "張叁牌"])
def test_a_draft_that_says_it_again_is_refused_by_its_line_with_what_to_do(product, again):
    batch = rewritten(product, brand=again)
    with pytest.raises(NotAllowed) as refused:
        submit(batch)
    assert refused.value.rule == "line.redacted"
    assert ProductLine.objects.get(product=product).key in refused.value.sentence
    assert "品牌" in refused.value.sentence
    assert "重新提交" in refused.value.sentence
    assert BRAND not in refused.value.sentence
    assert ProductLine.objects.filter(batch=batch).count() == 0


def test_another_value_is_nobodys_concern(product):
    batch = rewritten(product, brand="李肆牌")
    publish(batch)
    assert ProductLine.objects.current().get(product=product).brand == "李肆牌"


def test_the_same_words_of_another_enterprise_are_let_through(product):
    other = make_product(brand=BRAND)
    publish_products(other)
    assert ProductLine.objects.current().get(product=other).brand == BRAND


def test_it_is_known_in_another_field_and_another_line_of_the_enterprise(product):
    sister = make_product(enterprise=product.enterprise, name=BRAND)
    with pytest.raises(NotAllowed) as refused:
        submit(enter(make_batch(kind="adjustment"), sister))
    assert refused.value.rule == "line.redacted"


@pytest.mark.parametrize(
    ("step", "before", "days"),
    [("approve", (), 0), ("publish", ("approve",), 0), ("open_notice", ("approve",), 5)],
)
def test_lines_that_were_frozen_with_it_go_no_further(product, monkeypatch, step, before, days):
    Product.objects.filter(pk=product.pk).update(models_text="改过")
    batch = frozen_before(enter(make_batch(kind="adjustment", notice_days=days), product), "brand", BRAND)
    with monkeypatch.context() as patched:
        patched.setattr(workflow, "problems_of_batch", lambda batch: [])
        for name in before:
            batch = getattr(workflow, name)(batch, by=make_user("reviewer"))
    editions = Edition.objects.count()
    with pytest.raises(NotAllowed) as refused:
        getattr(workflow, step)(batch, by=make_user("reviewer", "publisher"))
    assert refused.value.rule == "line.redacted"
    assert "退回编制" in refused.value.sentence
    assert Edition.objects.count() == editions


def test_removing_what_was_redacted_is_never_in_the_way(product):
    from tests.catalog.publication.stories import act

    act(product)
    assert ProductLine.objects.current().get(product=product).listing_status == "removed"


def test_the_database_alone_does_not_tell_what_it_was(product, settings):
    marks = set(RedactedValue.objects.values_list("mark", flat=True))
    assert len(marks) == RedactedValue.objects.count()  # not even that two owners lost the same word
    settings.SECRET_KEY = "another one"
    batch = rewritten(product, brand=BRAND)
    with pytest.raises(NotAllowed) as refused:
        submit(batch)
    assert refused.value.rule == "line.redaction_unknown"
    assert "SECRET_KEY_FALLBACKS" in refused.value.sentence


def test_a_former_key_still_compares(product, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another one"
    with pytest.raises(NotAllowed) as refused:
        submit(rewritten(product, brand=BRAND))
    assert refused.value.rule == "line.redacted"
    Product.objects.filter(pk=product.pk).update(brand="李肆牌")
    assert submit(workflow.Batch.objects.get(state="draft")).state == "submitted"


def test_it_may_be_said_again_when_somebody_wrote_why(product):
    key = ProductLine.objects.get(product=product).key
    with pytest.raises(NotAllowed) as refused:
        permit_again(key, "brand", basis=" ")
    assert refused.value.rule == "redaction.basis"
    assert permit_again(key, "brand", basis="当事人要求恢复") > 0
    assert AuditEvent.objects.filter(step="line.permitted_again").count() == 1
    publish(rewritten(product, brand=BRAND))
    assert ProductLine.objects.current().get(product=product).brand == BRAND
    with pytest.raises(NotAllowed) as refused:
        permit_again(key, "brand", basis="再来一次")
    assert refused.value.rule == "redaction.none"


def test_the_look_costs_the_same_for_any_number_of_lines(product, django_assert_num_queries):
    for ordinal, count in ((1, 1), (2, 20)):
        batch = enter(
            make_batch(publisher="350000", kind="adjustment", ordinal=ordinal),
            *(make_product() for _ in range(count)),
        )
        submit(batch)
        with django_assert_num_queries(4):  # a table each, and what is remembered
            assert problems_of_batch(batch) == []


def test_reasons_in_drafts_and_frozen_lines_go_with_the_redaction():
    from tests.catalog.publication.stories import BAD, act

    product = make_product()
    publish_products(product)
    act(product)
    redact(ProductLine.objects.current().get(product=product).key, "reason", basis="当事人申请")
    assert not BatchEntry.objects.filter(reason=BAD.reason).exists()
    assert BatchEntry.objects.get(action="remove").reason == ""  # and nothing in its place
    assert not ProductLine.objects.filter(reason=BAD.reason).exists()


def test_a_name_written_with_other_brackets_is_the_same_name():
    product = make_product()
    Enterprise.objects.filter(pk=product.enterprise_id).update(name="张叁（个体）")
    publish_products(Product.objects.get(pk=product.pk))
    Enterprise.objects.filter(pk=product.enterprise_id).update(name="张叁(个体)")
    redact(EnterpriseLine.objects.get(enterprise=product.enterprise_id).key, "name", basis="当事人申请")
    assert Enterprise.objects.get(pk=product.enterprise_id).name == "（已依法隐去）"
