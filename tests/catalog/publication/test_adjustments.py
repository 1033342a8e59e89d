"""What an adjustment or a correction makes of lines that are public."""

import pytest

from catalog.publication.compiling import compile
from catalog.publication.compiling.problems import BatchRefused
from catalog.publication.models import Action
from portal.core.editions import clock
from portal.core.workflow import NotAllowed
from tests.catalog.publication.stories import public_products
from tests.make import enter, make_batch, make_enterprise, make_product, publish, publish_products

pytestmark = pytest.mark.django_db


def test_removing_an_enterprise_reaches_every_line_of_every_publisher_and_stays_readable():
    enterprise = make_enterprise()
    products = [make_product(enterprise=enterprise) for _ in range(3)]
    publish_products(*products)
    local = make_batch(publisher="350000")
    publish(enter(local, products[0]))
    adjustment = make_batch(kind="adjustment")
    assert compile.touched_by(adjustment, enterprise, Action.REMOVE).count == 5
    reason = compile.Reason("quality", "监督抽查不合格", clock.today(), "市场监管部门", "示例〔2026〕1号")
    assert compile.act_on(adjustment, enterprise, Action.REMOVE, by=adjustment.created_by, reason=reason) == 5
    publish(adjustment)
    lines = public_products()
    assert {line.listing_status for line in lines} == {"removed"}
    assert {line.reason for line in lines} == {"监督抽查不合格"}
    assert public_products(1).filter(listing_status="listed").count() == 3


def test_removing_without_a_reason_is_refused():
    product = make_product()
    publish_products(product)
    adjustment = make_batch(kind="adjustment")
    with pytest.raises(NotAllowed) as refused:
        compile.act_on(
            adjustment,
            product,
            Action.REMOVE,
            by=adjustment.created_by,
            reason=compile.Reason("quality", " "),
        )
    assert refused.value.rule == "entry.reason"


def test_an_enterprise_cannot_leave_while_products_of_it_stay_listed():
    enterprise = make_enterprise()
    publish_products(make_product(enterprise=enterprise))
    adjustment = make_batch(kind="adjustment")
    reason = compile.Reason("withdrawn", "企业申请")
    compile.act_on(adjustment, enterprise, Action.REMOVE, by=adjustment.created_by, reason=reason)
    compile.take_out(adjustment, adjustment.entries.filter(product__isnull=False), by=adjustment.created_by)
    with pytest.raises(BatchRefused) as refused:
        publish(adjustment)
    assert refused.value.rule == "line.products_left"


def test_a_removed_line_shows_what_was_public_not_what_is_being_edited():
    product = make_product(name="公开的名称")
    publish_products(product)
    product.name = "未审的名称"
    product.save()
    adjustment = make_batch(kind="adjustment")
    compile.act_on(
        adjustment,
        product,
        Action.REMOVE,
        by=adjustment.created_by,
        reason=compile.Reason("withdrawn", "企业申请"),
    )
    publish(adjustment)
    assert public_products().get().name == "公开的名称"


def test_a_product_relisted_after_removal_keeps_its_number():
    product = make_product()
    publish_products(product)
    number = public_products().get().number
    adjustment = make_batch(kind="adjustment")
    reason = compile.Reason("withdrawn", "企业申请")
    compile.act_on(adjustment, product, Action.REMOVE, by=adjustment.created_by, reason=reason)
    publish(adjustment)
    publish(enter(make_batch(kind="adjustment", ordinal=2), product))
    line = public_products().get()
    assert (line.number, line.action, line.listing_status) == (number, Action.RELIST, "listed")


def test_a_suspended_product_can_be_resumed():
    product = make_product()
    publish_products(product)
    for ordinal, action in enumerate((Action.SUSPEND, Action.RESUME), start=1):
        batch = make_batch(kind="adjustment", ordinal=ordinal)
        reason = compile.Reason("quality", "待复检")
        compile.act_on(batch, product, action, by=batch.created_by, reason=reason)
        publish(batch)
        assert public_products().get().listing_status == {"suspend": "suspended", "resume": "listed"}[action]


def test_a_renamed_enterprise_takes_its_product_lines_along_without_counting_as_their_change():
    enterprise = make_enterprise(name="示例旧名有限公司")
    products = [make_product(enterprise=enterprise) for _ in range(2)]
    publish_products(*products)
    enterprise.name = "示例新名有限公司"
    enterprise.save()
    batch = make_batch(kind="adjustment")
    compile.enter_enterprises(batch, [enterprise], by=batch.created_by)
    publish(batch)
    assert {line.enterprise_name for line in public_products()} == {"示例新名有限公司"}
    assert {line.action for line in public_products()} == {Action.FOLLOW}


def test_a_correction_replaces_the_line_and_the_old_one_stays_as_it_was():
    product = make_product(brand="示列牌")
    publish_products(product)
    product.brand = "示例牌"
    product.save()
    erratum = enter(make_batch(kind="erratum"), product)
    publish(erratum)
    assert public_products().get().brand == "示例牌"
    assert public_products().get().action == Action.CORRECT
    assert public_products(1).get().brand == "示列牌"
